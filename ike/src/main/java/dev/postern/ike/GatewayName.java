package dev.postern.ike;

import java.util.Locale;

/// A name in the DNS behind which there are gateways.
///
/// @param owner the name that is asked for; for a service the whole one, with its labels
/// @param port UDP port of NAT traversal where the answer names none
public record GatewayName(Kind kind, String owner, int port) {
    /// What is asked for.
    public enum Kind {
        /// A and AAAA.
        ADDRESSES,
        /// SRV (RFC 2782), and the addresses of its targets.
        SERVICE
    }

    /// The service under which the field publishes IKEv2 gateways, as it is registered for UDP port
    /// 500.
    public static final String SERVICE = "isakmp";

    /// IKE's own port. A record that names it means the gateway's pair of ports, of which we use
    /// the other one (RFC 7296 section 2.23).
    public static final int IKE_PORT = 500;

    public static final int NAT_TRAVERSAL_PORT = 4500;

    public GatewayName {
        owner = owner.toLowerCase(Locale.ROOT);
    }

    public static GatewayName addresses(String host, int port) {
        return new GatewayName(Kind.ADDRESSES, host, port);
    }

    /// The gateways of a domain.
    public static GatewayName service(String service, String domain) {
        return new GatewayName(Kind.SERVICE, "_" + service + "._udp." + domain, NAT_TRAVERSAL_PORT);
    }

    /// The port of NAT traversal that a SRV record means.
    public static int portOf(int recorded) {
        return recorded == IKE_PORT ? NAT_TRAVERSAL_PORT : recorded;
    }

    @Override
    public String toString() {
        return owner;
    }
}
