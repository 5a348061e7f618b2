package dev.postern.ike.exchange;

import dev.postern.ike.Counter;

import org.jspecify.annotations.Nullable;

/// What the peer does about the Child SA that we rekey, RFC 7296 section 2.8.1: it has made another
/// one, or has key exchanges to go before it does (RFC 9370 section 2.2.4).
final class ChildSaCollision {
    private final int replaced;
    private final byte[] ni;
    private @Nullable Rival<Integer> rival;

    /// @param replaced inbound SPI of what is rekeyed, or [HeldChildSa#NONE]
    /// @param ni of our request
    ChildSaCollision(int replaced, byte[] ni) {
        this.replaced = replaced;
        this.ni = ni;
    }

    /// The peer has rekeyed the same Child SA, and was answered.
    void note(Rival<Integer> made) {
        rival = made;
    }

    boolean isNoted() {
        return rival != null;
    }

    /// The Child SA that the peer has made and that is still there, or null.
    @Nullable HeldChildSa rivalAt(IkeSa sa) {
        HeldChildSa made = rival == null ? null : sa.children().byInboundSpi(rival.sa());
        return made != null && made.isLive() ? made : null;
    }

    private @Nullable AwaitedSeries seriesAt(IkeSa sa) {
        return sa.relation().followUps().ofChild(replaced);
    }

    /// Whether the peer's rekeying goes on, and ours is redundant.
    boolean isLostAt(IkeSa sa, byte[] nr) {
        AwaitedSeries series = seriesAt(sa);
        return (rival != null && rivalAt(sa) != null && rival.survives(ni, nr))
                || (series != null && series.asRival().survives(ni, nr));
    }

    /// Ours goes on; the peer stops its key exchanges, if it has any.
    void wonAt(Turn turn, IkeSa sa) {
        AwaitedSeries series = seriesAt(sa);
        if (series != null) {
            turn.count(Counter.REKEY_COLLISION);
            sa.relation().followUps().forget(series);
        }
    }
}
