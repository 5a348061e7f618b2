package dev.postern.gateway.daemon;

import dev.postern.cluster.Fields;
import dev.postern.wire.GatewayList;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// How much a gateway has taken of what it takes, as it tells the others of its domain.
///
/// @param site where it stands
/// @param gateways where clients reach it
/// @param tenths 0 for idle to [#FULL] for one that wants nobody: it is full, or being emptied
record Occupancy(String site, List<GatewayList.Entry> gateways, int tenths) {
    static final int FULL = 10;

    private static final int SITE = 1;
    private static final int GATEWAYS = 2;
    private static final int TENTHS = 3;

    Occupancy {
        if (tenths < 0 || tenths > FULL) {
            throw new IllegalArgumentException(
                    tenths + " tenths are taken, legal are 0 to " + FULL);
        }
        gateways = List.copyOf(gateways);
    }

    /// @param fullAt sessions from which on it sends new clients elsewhere
    static int tenths(int sessions, int fullAt) {
        return sessions >= fullAt ? FULL : (int) ((long) FULL * sessions / fullAt);
    }

    /// As a backup's load: 1 gets nobody.
    double load() {
        return (double) tenths / FULL;
    }

    byte[] encode() {
        return Fields.empty()
                .with(SITE, site)
                .with(GATEWAYS, GatewayList.encode(gateways))
                .with(TENTHS, tenths)
                .encode();
    }

    /// Null where it is none that we understand.
    static @Nullable Occupancy decode(byte[] octets) {
        Fields fields = Fields.decode(octets);
        Octets gateways = fields == null ? null : fields.octets(GATEWAYS);
        if (fields == null || gateways == null) {
            return null;
        }
        try {
            long tenths = fields.number(TENTHS, -1);
            return new Occupancy(
                    fields.text(SITE), GatewayList.decode(gateways), Math.toIntExact(tenths));
        } catch (MalformedException | IllegalArgumentException | ArithmeticException malformed) {
            return null;
        }
    }
}
