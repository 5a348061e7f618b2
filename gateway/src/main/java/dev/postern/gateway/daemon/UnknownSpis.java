package dev.postern.gateway.daemon;

import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.ike.Input;
import dev.postern.ike.Input.Wayward;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// SPIs of packets for which the data plane has no SA, on their way to the endpoint: every second
/// those since the last time (RFC 7296 section 1.5).
final class UnknownSpis {
    private UnknownSpis() {}

    static void report(DataPlane dataPlane, Consumer<Input> endpoint) {
        List<Wayward> packets = new ArrayList<>();
        dataPlane.reportWayward(
                (spi, source) -> packets.add(new Wayward(spi, source.toSocketAddress())));
        if (!packets.isEmpty()) {
            endpoint.accept(new Input.WaywardPackets(packets));
        }
    }
}
