/// Names of gateways against name servers: dnsmasq, and one that lies.
@NullMarked
package dev.postern.gateway.discovery;

import org.jspecify.annotations.NullMarked;
