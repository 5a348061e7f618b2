/// What a client asks the DNS for: the gateways behind a name. When it asks, and what it makes of
/// an answer, is `dev.postern.ike.failover`'s.
///
///     FailoverClient -- Ask.LookUpGateways --> GatewayNames --> dnsjava --> name servers
///                    <-- GatewaysFound, GatewaysNotFound --'
///
/// The gateways of a domain are its SRV records `_isakmp._udp` (RFC 2782), the service name that is
/// registered for IKE and that is found in the field.
@NullMarked
package dev.postern.gateway.discovery;

import org.jspecify.annotations.NullMarked;
