package dev.postern.sim;

import dev.postern.esp.InnerPackets;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// What a client does with its tunnel: it sends echo requests to the host behind the gateway.
final class EchoApplication {
    private static final long ECHO_NANOS = 200_000_000;
    private static final long SPREAD_NANOS = 20_000_000;
    private static final int PAYLOAD_LENGTH = 16;

    private final Simulation simulation;
    private final SimulatedClient client;
    private final Dice dice;
    private final Interior interior;
    private int echoes;
    private boolean resting;

    EchoApplication(Simulation simulation, SimulatedClient client) {
        this.simulation = simulation;
        this.client = client;
        this.interior = new Interior(simulation.plan().terms());
        this.dice = Dice.of(simulation.plan().seed(), client.name() + " application");
    }

    /// From which address it sends; null as long as it has none.
    ///
    /// @param assigned by the gateway
    @Nullable InetAddress source(List<InetAddress> assigned) {
        return interior.source(client.index(), assigned);
    }

    /// What a client would have for its own side that sends from whatever address.
    List<TrafficSelector> everything() {
        return List.of(interior.everything());
    }

    private @Nullable InetAddress gateway() {
        Addresses addresses = simulation.plan().terms().addresses();
        return simulation.gateways().stream()
                .filter(gateway -> gateway.name().equals(client.gateway()))
                .map(gateway -> addresses.gateway(gateway.index()).getAddress())
                .findFirst()
                .orElse(null);
    }

    void rest() {
        resting = true;
    }

    void wake() {
        resting = false;
    }

    /// How long it waits before it sends the next, in nanoseconds.
    long pause() {
        return ECHO_NANOS + dice.below(SPREAD_NANOS);
    }

    /// From an inner address of somebody else, or of nobody.
    void spoof(PacketSide packets) {
        send(interior.stranger(dice.below(200)), packets);
    }

    void send(@Nullable InetAddress source, PacketSide packets) {
        InetAddress gateway = gateway();
        if (source == null || gateway == null || resting) {
            return;
        }
        echoes++;
        byte[] packet =
                InnerPackets.echoRequest(
                        source,
                        interior.destination(gateway),
                        client.index() + 1,
                        echoes & 0xffff,
                        dice.octets(PAYLOAD_LENGTH));
        simulation.tell(new Happening.InnerSent(client, packet));
        packets.send(packet);
    }
}
