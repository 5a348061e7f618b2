package dev.postern.ike;

import dev.postern.crypto.Hash;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The other gateways of the domain, of which each client is told its own order
/// (draft-dondeti-ipsec-failover-sol-00 section 5.2: the list is ordered by preference). When this
/// gateway dies, all of its clients go to the first of their lists at once; so the lists differ.
///
/// The order is weighted rendezvous hashing by session: of many sessions each gateway is first for
/// its share by weight and free capacity, a session's order stays as long as nothing changes, and a
/// gateway that joins or leaves changes only the places that it takes or gives up.
///
/// @param backups at most [GatewayList#MAXIMUM_ENTRIES]
public record AlternativeGateways(List<Backup> backups) {
    public static final AlternativeGateways NONE = new AlternativeGateways(List.of());

    /// Of a gateway that says it is full, this share of its weight still counts: somebody must come
    /// last.
    private static final double LEAST_FREE = 0.001;

    /// One gateway.
    ///
    /// @param weight its share of clients beside the others', above 0
    /// @param load 0 for idle to 1 for full
    public record Backup(GatewayList.Entry gateway, double weight, double load) {
        public Backup {
            if (!(weight > 0) || Double.isInfinite(weight) || !(load >= 0 && load <= 1)) {
                throw new IllegalArgumentException(
                        gateway + " cannot have weight " + weight + " and load " + load);
            }
        }

        double capacity() {
            return weight * Math.max(LEAST_FREE, 1 - load);
        }
    }

    private record Ranked(GatewayList.Entry gateway, double rank) {}

    public AlternativeGateways {
        backups = List.copyOf(backups);
        if (backups.size() > GatewayList.MAXIMUM_ENTRIES) {
            throw new IllegalArgumentException(backups.size() + " gateways do not fit a list");
        }
    }

    /// All of them, the best for this session first.
    public List<GatewayList.Entry> orderedFor(Octets sessionId) {
        List<Ranked> ranked = new ArrayList<>(backups.size());
        for (Backup backup : backups) {
            // An exponential race: who arrives first with rate `capacity` wins with a chance in
            // proportion to it.
            double rank = -Math.log(uniform(sessionId, backup.gateway())) / backup.capacity();
            ranked.add(new Ranked(backup.gateway(), rank));
        }
        ranked.sort(Comparator.comparingDouble(Ranked::rank));
        return ranked.stream().map(Ranked::gateway).toList();
    }

    /// Above 0 and below 1, the same for the same two.
    private static double uniform(Octets sessionId, GatewayList.Entry gateway) {
        byte[] digest =
                Hash.SHA_256.digest(
                        sessionId.array(), GatewayList.encode(List.of(gateway)).array());
        long bits = Octets.of(digest).toLong(0) >>> 11;
        return (bits + 0.5) * 0x1p-53;
    }
}
