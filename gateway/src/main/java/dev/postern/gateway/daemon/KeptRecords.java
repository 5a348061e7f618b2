package dev.postern.gateway.daemon;

import dev.postern.cluster.StandbyRecords;
import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/// The endpoint's records of its IKE SAs as the cluster keeps them.
record KeptRecords(StandbyRecords records) {
    private static final Logger LOG = LoggerFactory.getLogger(KeptRecords.class);

    /// Tells the other members what they need of an IKE SA. On the endpoint's thread.
    void keep(Effect.OfStandby told) {
        switch (told) {
            case Effect.KeepRecord(StandbyRecord record) -> {
                try (record;
                        SecretBytes octets = StandbyFormat.encode(record)) {
                    records.put(record.key(), Octets.of(octets.expose().clone()));
                } catch (IllegalArgumentException tooLong) {
                    LOG.error("{} has no standby: {}", record, tooLong.getMessage());
                }
            }
            case Effect.KeepCounters keep ->
                    records.putCounters(
                            keep.counters().key(), StandbyFormat.encode(keep.counters()));
            case Effect.ForgetRecord forget -> records.remove(forget.key());
        }
    }

    /// What a member has left, as far as it is of a version that we know.
    static List<StandbyRecord> readable(List<Snapshot> snapshots) {
        List<StandbyRecord> readable = new ArrayList<>(snapshots.size());
        for (Snapshot snapshot : snapshots) {
            try {
                readable.add(read(snapshot));
            } catch (MalformedException e) {
                LOG.warn(
                        "a record of another version is not carried on with, its client comes by"
                                + " itself: {}",
                        e.getMessage());
            }
        }
        return readable;
    }

    /// What a member has left of one IKE SA, with the newest counters.
    private static StandbyRecord read(Snapshot snapshot) throws MalformedException {
        try (SecretBytes octets = SecretBytes.copyOf(snapshot.record().array())) {
            StandbyRecord record = StandbyFormat.decode(octets);
            return snapshot.counters().isEmpty()
                    ? record
                    : record.with(StandbyFormat.decodeCounters(snapshot.counters()));
        }
    }
}
