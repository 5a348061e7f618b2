package dev.postern.ike.negotiate;

import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Narrowing, RFC 7296 section 2.9: what both the peer asked for and the policy allows.
public final class TrafficSelectorNarrowing {
    /// More selectors than this are not worth a policy lookup each.
    private static final int MAXIMUM_SELECTORS = 32;

    private TrafficSelectorNarrowing() {}

    /// The intersection of two lists, in the order of the policy; empty where nothing is acceptable
    /// (TS_UNACCEPTABLE).
    public static List<TrafficSelector> narrow(
            List<TrafficSelector> asked, List<TrafficSelector> allowed) {
        List<TrafficSelector> narrowed = new ArrayList<>();
        for (TrafficSelector policy : allowed) {
            for (TrafficSelector wish : asked) {
                TrafficSelector common = intersect(policy, wish);
                if (common != null
                        && !isCovered(common, narrowed)
                        && narrowed.size() < MAXIMUM_SELECTORS) {
                    narrowed.add(common);
                }
            }
        }
        return narrowed;
    }

    /// Whether each of `inner` lies within one of `outer`: what an initiator demands of the
    /// responder's choice.
    public static boolean isSubset(List<TrafficSelector> inner, List<TrafficSelector> outer) {
        for (TrafficSelector selector : inner) {
            if (!isCovered(selector, outer)) {
                return false;
            }
        }
        return !inner.isEmpty();
    }

    private static boolean isCovered(TrafficSelector selector, List<TrafficSelector> by) {
        for (TrafficSelector candidate : by) {
            if (selector.equals(intersect(selector, candidate))) {
                return true;
            }
        }
        return false;
    }

    /// What two selectors have in common, or null.
    static @Nullable TrafficSelector intersect(TrafficSelector a, TrafficSelector b) {
        if (a.type() != b.type()
                || (a.protocol() != b.protocol() && a.protocol() != 0 && b.protocol() != 0)) {
            return null;
        }
        Octets start = compare(a.start(), b.start()) >= 0 ? a.start() : b.start();
        Octets end = compare(a.end(), b.end()) <= 0 ? a.end() : b.end();
        if (compare(start, end) > 0) {
            return null;
        }
        int protocol = a.protocol() == 0 ? b.protocol() : a.protocol();
        if (isOpaque(a) || isOpaque(b)) {
            return (isOpaque(a) && isOpaque(b)) || isAnyPort(a) || isAnyPort(b)
                    ? new TrafficSelector(
                            a.type(),
                            protocol,
                            opaqueOf(a, b).startPort(),
                            opaqueOf(a, b).endPort(),
                            start,
                            end)
                    : null;
        }
        int startPort = Math.max(a.startPort(), b.startPort());
        int endPort = Math.min(a.endPort(), b.endPort());
        return startPort > endPort
                ? null
                : new TrafficSelector(a.type(), protocol, startPort, endPort, start, end);
    }

    /// OPAQUE ports are written 65535 to 0 (RFC 7296 section 3.13.1).
    private static boolean isOpaque(TrafficSelector selector) {
        return selector.startPort() == 65535 && selector.endPort() == 0;
    }

    private static boolean isAnyPort(TrafficSelector selector) {
        return selector.startPort() == 0 && selector.endPort() == 65535;
    }

    private static TrafficSelector opaqueOf(TrafficSelector a, TrafficSelector b) {
        return isOpaque(a) ? a : b;
    }

    private static int compare(Octets a, Octets b) {
        return Arrays.compareUnsigned(a.array(), b.array());
    }
}
