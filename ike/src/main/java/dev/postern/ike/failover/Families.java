package dev.postern.ike.failover;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/// Among gateways that are as good as each other, IP versions take turns (RFC 8305 section 4): a
/// host on which one of them leads nowhere loses one attempt by that, not all of them.
final class Families {
    private Families() {}

    /// @param ipv6First whether the first turn is IPv6's
    static <T> List<T> inTurns(List<T> level, Predicate<T> isIpv6, boolean ipv6First) {
        Deque<T> first = new ArrayDeque<>();
        Deque<T> other = new ArrayDeque<>();
        for (T each : level) {
            (isIpv6.test(each) == ipv6First ? first : other).add(each);
        }
        List<T> order = new ArrayList<>();
        while (!first.isEmpty() || !other.isEmpty()) {
            if (!first.isEmpty()) {
                order.add(first.remove());
            }
            if (!other.isEmpty()) {
                order.add(other.remove());
            }
        }
        return order;
    }
}
