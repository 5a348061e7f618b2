package dev.postern.sim;

import dev.postern.esp.InnerPackets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/// What a client does with its tunnel: it sends echo requests to the host behind the gateway.
final class EchoApplication {
    private static final long ECHO_NANOS = 200_000_000;
    private static final long SPREAD_NANOS = 20_000_000;
    private static final int PAYLOAD_LENGTH = 16;

    private final Simulation simulation;
    private final SimulatedClient client;
    private final Dice dice;
    private int echoes;
    private boolean resting;

    EchoApplication(Simulation simulation, SimulatedClient client) {
        this.simulation = simulation;
        this.client = client;
        this.dice = Dice.of(simulation.plan().seed(), client.name() + " application");
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
        send(Addresses.pool(dice.below(200)), packets);
    }

    void send(@Nullable InetAddress source, PacketSide packets) {
        if (source == null || resting) {
            return;
        }
        echoes++;
        byte[] packet =
                InnerPackets.echoRequest(
                        source,
                        Addresses.INSIDE,
                        client.index() + 1,
                        echoes & 0xffff,
                        dice.octets(PAYLOAD_LENGTH));
        simulation.tell(new Happening.InnerSent(client, packet));
        packets.send(packet);
    }
}
