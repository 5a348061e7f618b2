package dev.postern.ticket;

import dev.postern.wire.Octets;
import dev.postern.wire.WireWriter;

import java.util.ArrayList;
import java.util.List;

/// When what a session may do was last changed by an order of its server (RFC 5176): an attribute
/// that is kept with those of the server, so it stands in every ticket and no resume loses it.
///
///     26 | 16 | Vendor-Id 0 (4) | 2 | 10 | seconds since 1970 UTC (8)
///
/// It rises with every order, whatever the clocks of the gateways say, so of two tickets of a
/// session it tells which one was granted less recently. Vendor-Specific of no vendor (RFC 2865
/// section 5.26) is never taken from a server.
public final class GrantMark {
    private static final int LENGTH = 16;
    private static final int HEAD = 8;
    private static final Octets PREFIX = Octets.ofHex("1a1000000000020a");

    private GrantMark() {}

    /// The instant in a session's attributes; 0 where no order has changed anything.
    public static long in(List<Octets> attributes) {
        long latest = 0;
        for (Octets attribute : attributes) {
            if (isMark(attribute)) {
                latest = Math.max(latest, attribute.slice(HEAD, LENGTH).toLong(0));
            }
        }
        return latest;
    }

    /// The instant of an order that comes now: later than that of any before.
    public static long next(List<Octets> attributes, long epochSeconds) {
        return Math.max(epochSeconds, in(attributes) + 1);
    }

    /// The attributes with this mark and no other.
    public static List<Octets> placed(List<Octets> attributes, long instant) {
        List<Octets> marked = new ArrayList<>(attributes.size() + 1);
        for (Octets attribute : attributes) {
            if (!isMark(attribute)) {
                marked.add(attribute);
            }
        }
        marked.add(Octets.of(new WireWriter(LENGTH).octets(PREFIX).i64(instant).finish()));
        return marked;
    }

    private static boolean isMark(Octets attribute) {
        return attribute.length() == LENGTH && attribute.slice(0, HEAD).equals(PREFIX);
    }
}
