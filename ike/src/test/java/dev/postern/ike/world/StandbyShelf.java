package dev.postern.ike.world;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.standby.StandbyCounters;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What another member keeps of a gateway's IKE SAs, as octets.
public final class StandbyShelf {
    private final Map<Octets, SecretBytes> records = new LinkedHashMap<>();
    private boolean cutOff;
    private boolean withoutCounters;

    public void follow(Effect.OfStandby told) {
        if (cutOff) {
            return;
        }
        switch (told) {
            case Effect.KeepRecord(StandbyRecord record) -> {
                records.put(record.key(), StandbyFormat.encode(record));
                record.close();
            }
            case Effect.KeepCounters keep when withoutCounters -> {}
            case Effect.KeepCounters keep -> {
                SecretBytes known = records.get(keep.counters().key());
                if (known == null) {
                    throw new AssertionError("counters of a record that nobody keeps");
                }
                StandbyRecord later = decode(known).with(again(keep.counters()));
                records.put(later.key(), StandbyFormat.encode(later));
            }
            case Effect.ForgetRecord forget -> {
                if (records.remove(forget.key()) == null) {
                    throw new AssertionError("a record that nobody keeps is forgotten");
                }
            }
        }
    }

    /// Hears nothing from now on.
    public void cutOff() {
        cutOff = true;
    }

    /// Hears of whole records alone from now on: the counters are on their way yet.
    public void missCounters() {
        withoutCounters = true;
    }

    public int size() {
        return records.size();
    }

    /// Octets of all records.
    public int octets() {
        return records.values().stream().mapToInt(SecretBytes::length).sum();
    }

    /// The records, each time anew.
    public List<StandbyRecord> records() {
        List<StandbyRecord> all = new ArrayList<>();
        records.values().forEach(octets -> all.add(decode(octets)));
        return all;
    }

    private static StandbyCounters again(StandbyCounters counters) {
        try {
            return StandbyFormat.decodeCounters(StandbyFormat.encode(counters));
        } catch (MalformedException e) {
            throw new AssertionError("counters that were written cannot be read", e);
        }
    }

    private static StandbyRecord decode(SecretBytes octets) {
        try {
            return StandbyFormat.decode(octets);
        } catch (MalformedException e) {
            throw new AssertionError("a record that was written cannot be read", e);
        }
    }
}
