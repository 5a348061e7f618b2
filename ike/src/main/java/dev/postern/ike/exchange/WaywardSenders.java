package dev.postern.ike.exchange;

import dev.postern.ike.Input.Wayward;
import dev.postern.ike.Now;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/// Who has sent packets for which there is no SA, until it is looked whose peer that is. One look
/// goes over all IKE SAs and one packet of anybody's calls for it: where there are many they wait
/// for each other.
final class WaywardSenders {
    private static final int MANY = 1_000;
    private static final long REST_NANOS = 10 * Now.NANOS_PER_SECOND;
    private static final int ROOM = 256;

    private final Map<InetSocketAddress, Integer> spis = new HashMap<>();
    private long mayLookAt = Long.MIN_VALUE;

    void note(Wayward packet) {
        if (spis.size() < ROOM || spis.containsKey(packet.from())) {
            spis.put(packet.from(), packet.spi());
        }
    }

    /// The SPI of each sender's last packet, for one look; empty where it is not time for one.
    ///
    /// @param ikeSas how many there are
    Map<InetSocketAddress, Integer> take(Now now, int ikeSas) {
        if (spis.isEmpty() || now.nanos() < mayLookAt) {
            return Map.of();
        }
        if (ikeSas > MANY) {
            mayLookAt = now.nanos() + REST_NANOS;
        }
        Map<InetSocketAddress, Integer> taken = Map.copyOf(spis);
        spis.clear();
        return taken;
    }
}
