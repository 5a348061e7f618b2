package dev.postern.ike.failover;

import java.util.Locale;

/// How a client has come to know a gateway.
public enum GatewaySource {
    /// By its address in the client's own list.
    CONFIGURED,
    /// By A and AAAA records of a name in the client's own list.
    DNS_ADDRESS,
    /// By SRV records of a domain in the client's own list.
    DNS_SERVICE,
    /// By its application.
    APPLICATION,
    /// By the list of a gateway that serves or served it (ALT_GW_LIST).
    ANNOUNCED,
    /// By a redirection (RFC 5685).
    REDIRECT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
