package dev.postern.sim;

import java.util.Arrays;

/// Folds everything that happens into 64 bits, and counts.
final class Fingerprint implements Observer {
    private long value = 0xcbf2_9ce4_8422_2325L;
    private long steps;
    private long datagrams;
    private int packets;

    @Override
    public void see(Happening happening, World world) {
        switch (happening) {
            case Happening.Sent sent -> {
                datagrams++;
                fold(world.now());
                fold(Arrays.hashCode(sent.datagram().octets()));
                fold(sent.datagram().to().getPort());
                fold(Arrays.hashCode(sent.datagram().to().getAddress().getAddress()));
                fold(sent.copies());
            }
            case Happening.Handled handled -> {
                steps++;
                fold(world.now());
                fold(handled.effects().size());
            }
            case Happening.InnerDelivered delivered -> {
                packets++;
                fold(Arrays.hashCode(delivered.packet()));
            }
            case Happening.Started started -> fold(started.party().name().hashCode());
            case Happening.Stopped stopped -> fold(stopped.party().name().hashCode() + 1L);
            case Happening.Seated seated ->
                    fold(seated.view().number() + (seated.primary() ? 1L : 0));
            case Happening.Owned owned -> fold(owned.thing().hashCode() + owned.epoch());
            case Happening.Served served -> fold(served.epoch());
            case Happening.SiteFenced told ->
                    fold(told.site().hashCode() + (told.fenced() ? 1L : 0));
            case Happening.AddressTaken taken -> fold(taken.address().hashCode());
            case Happening.StoodIn in -> fold(in.node().hashCode() + (long) in.epoch());
            case Happening.SwitchCountRaised _,
                    Happening.SessionSealed _,
                    Happening.SessionOpened _,
                    Happening.StoreForgot _,
                    Happening.InnerSent _,
                    Happening.Admitted _,
                    Happening.Faulted _,
                    Happening.Healed _,
                    Happening.Ended _,
                    Happening.Violated _ -> {}
        }
    }

    private void fold(long word) {
        value = (value ^ word) * 0x0100_0000_01b3L;
        value ^= value >>> 31;
    }

    long value() {
        return value;
    }

    long steps() {
        return steps;
    }

    long datagrams() {
        return datagrams;
    }

    int packets() {
        return packets;
    }
}
