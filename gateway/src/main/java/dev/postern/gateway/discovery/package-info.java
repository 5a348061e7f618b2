/// What a client asks the DNS for: the gateways behind a name. When it asks, and what it makes of
/// an answer, is `dev.postern.ike.failover`'s.
///
///     FailoverClient -- Ask.LookUpGateways --> GatewayNames --> HostNames --> name servers
///                    <-- GatewaysFound, GatewaysNotFound --'
///
/// Those questions, and the ones to servers of revocation lists and OCSP ([Reach]), leave past the
/// client's own tunnel ([WayOut]): it leads nowhere for as long as no gateway is found.
///
/// The gateways of a domain are its SRV records `_isakmp._udp` (RFC 2782), the service name that is
/// registered for IKE and that is found in the field.
@NullMarked
package dev.postern.gateway.discovery;

import org.jspecify.annotations.NullMarked;
