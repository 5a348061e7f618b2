package dev.postern.sim;

import dev.postern.esp.Dialogue;
import dev.postern.ike.Input;
import dev.postern.ike.failover.TrafficWatch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// What a client daemon's timer looks at: whether traffic goes without answers, and which Child SAs
/// live.
final class ClientTraffic {
    private static final int REPORT_EVERY = 10;
    private static final long SILENCE_NANOS = 600_000_000;

    private final PacketSide packets;
    private final TrafficWatch watch = new TrafficWatch(SILENCE_NANOS);
    private int activeSpi;
    private long answers;
    private int turns;

    ClientTraffic(PacketSide packets) {
        this.packets = packets;
    }

    /// Sends by this Child SA from now on, and looks at what comes back through it.
    ///
    /// @param answered takes the SPI of the one before, if it has been answered since the last look
    void activate(int inboundSpi, IntConsumer answered) {
        reportAnswers(answered);
        packets.activate(inboundSpi);
        activeSpi = inboundSpi;
        answers = 0;
    }

    boolean isSuspicious(long nanos) {
        Dialogue said = packets.dialogue(activeSpi);
        return watch.isSuspicious(nanos, said.questions(), said.answers());
    }

    /// Tells, each tenth time, which Child SAs have received something, what came for none, and
    /// whether the active one was answered.
    ///
    /// @param inputs for the failover client
    /// @param answered takes the SPI of the active Child SA
    void report(Consumer<Input> inputs, IntConsumer answered) {
        if (++turns % REPORT_EVERY != 0) {
            return;
        }
        List<Integer> living = new ArrayList<>();
        packets.reportLiving(living::add);
        living.forEach(spi -> inputs.accept(new Input.PacketVerified(spi)));
        packets.wayward().forEach(inputs);
        reportAnswers(answered);
    }

    private void reportAnswers(IntConsumer answered) {
        Dialogue said = packets.dialogue(activeSpi);
        if (said.answers() != answers) {
            answers = said.answers();
            answered.accept(activeSpi);
        }
    }
}
