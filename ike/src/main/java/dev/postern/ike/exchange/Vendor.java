package dev.postern.ike.exchange;

import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.List;

/// The Vendor ID under which the failover profile's private numbers have their meaning.
final class Vendor {
    static final Payload.VendorId FAILOVER =
            new Payload.VendorId(Octets.ofAscii("postern-failover-1"));

    private Vendor() {}

    static boolean isNamedIn(List<Payload> payloads) {
        return payloads.contains(FAILOVER);
    }
}
