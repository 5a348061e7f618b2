package dev.postern.ike.exchange;

import dev.postern.ike.sa.RequestWindow;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/// The series of key exchanges that the peer of one IKE SA has begun and not finished.
final class FollowUps {
    /// A peer with a window of one has no use for more; the oldest gives way.
    private static final int MAXIMUM = 4;

    private final List<AwaitedSeries> awaited = new ArrayList<>(0);
    private int lost;

    /// Names a series in a message; null where none is named.
    static @Nullable Octets linkIn(List<Payload> payloads) {
        Payload.Notify link = Message.findNotify(payloads, NotifyType.ADDITIONAL_KEY_EXCHANGE);
        return link == null ? null : link.data();
    }

    /// Awaits a series, in place of another one for the same SA.
    void await(AwaitedSeries series) {
        AwaitedSeries.Outcome made = series.outcome();
        if (made.replacesIkeSa()) {
            forget(other -> other.outcome().replacesIkeSa());
        } else if (made.replacesChild() != HeldChildSa.NONE) {
            forget(other -> other.outcome().replacesChild() == made.replacesChild());
        }
        if (awaited.size() == MAXIMUM) {
            awaited.removeFirst().close();
        }
        awaited.add(series);
    }

    /// The series of this name, which is not awaited any more then; null for none.
    @Nullable AwaitedSeries take(@Nullable Octets link) {
        if (link == null) {
            return null;
        }
        for (Iterator<AwaitedSeries> each = awaited.iterator(); each.hasNext(); ) {
            AwaitedSeries series = each.next();
            if (series.link().equals(link)) {
                each.remove();
                return series;
            }
        }
        return null;
    }

    /// The series that rekeys the IKE SA, or null.
    @Nullable AwaitedSeries ofIkeSa() {
        return find(series -> series.outcome().replacesIkeSa());
    }

    /// The series that rekeys this Child SA, or null.
    @Nullable AwaitedSeries ofChild(int inboundSpi) {
        return inboundSpi == HeldChildSa.NONE
                ? null
                : find(series -> series.outcome().replacesChild() == inboundSpi);
    }

    private @Nullable AwaitedSeries find(Predicate<AwaitedSeries> wanted) {
        return awaited.stream().filter(wanted).findFirst().orElse(null);
    }

    void forget(AwaitedSeries series) {
        forget(other -> other == series);
    }

    private void forget(Predicate<AwaitedSeries> unwanted) {
        awaited.removeIf(series -> {
            boolean gone = unwanted.test(series);
            if (gone) {
                series.close();
            }
            return gone;
        });
    }

    void forgetAll() {
        forget(_ -> true);
    }

    long deadline() {
        return awaited.stream()
                .mapToLong(AwaitedSeries::expiresAt)
                .min()
                .orElse(RequestWindow.NEVER);
    }

    /// Whoever has not gone on in time has lost the series.
    void pass(Turn turn) {
        forget(series -> series.expiresAt() <= turn.now().nanos());
    }

    /// The peer does not know a series of ours.
    ///
    /// @return how often that was so, one after the other
    int noteLost() {
        return ++lost;
    }

    void noteFound() {
        lost = 0;
    }
}
