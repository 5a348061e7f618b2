package dev.postern.sim;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.Now;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What the cluster keeps of one gateway's IKE SAs. What was told an instant before a crash is lost
/// with it.
final class StandbyShelf {
    private static final long LAG_NANOS = 5 * Now.NANOS_PER_MILLI;

    private final Agenda agenda;
    private final Map<Octets, SecretBytes> records = new LinkedHashMap<>();

    StandbyShelf(Agenda agenda) {
        this.agenda = agenda;
    }

    /// @param lives whether whoever tells it lives yet
    void follow(Effect.OfStandby told, BooleanSupplier lives) {
        SecretBytes encoded = SecretBytes.owning(new byte[0]);
        if (told instanceof Effect.KeepRecord(StandbyRecord record)) {
            encoded = StandbyFormat.encode(record);
            record.close();
        }
        SecretBytes octets = encoded;
        agenda.in(
                LAG_NANOS,
                () -> {
                    if (lives.getAsBoolean()) {
                        keep(told, octets);
                    }
                });
    }

    private void keep(Effect.OfStandby told, SecretBytes octets) {
        switch (told) {
            case Effect.KeepRecord keep -> records.put(keep.record().key(), octets);
            case Effect.KeepCounters keep -> {
                SecretBytes known = records.get(keep.counters().key());
                if (known != null) {
                    StandbyRecord later = decode(known).with(keep.counters());
                    records.put(later.key(), StandbyFormat.encode(later));
                }
            }
            case Effect.ForgetRecord forget -> records.remove(forget.key());
        }
    }

    void clear() {
        records.clear();
    }

    /// All of them; they stay, as the next member's.
    List<StandbyRecord> records() {
        List<StandbyRecord> all = new ArrayList<>();
        records.values().forEach(octets -> all.add(decode(octets)));
        return all;
    }

    private static StandbyRecord decode(SecretBytes octets) {
        try {
            return StandbyFormat.decode(octets);
        } catch (MalformedException e) {
            throw new IllegalStateException("a record that was written cannot be read", e);
        }
    }
}
