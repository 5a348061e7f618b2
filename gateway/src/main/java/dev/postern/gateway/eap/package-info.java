/// EAP as the daemons run it: TLS by the platform's engine, conversations with their threads and
/// bounds. The methods themselves are in [dev.postern.eap].
@NullMarked
package dev.postern.gateway.eap;

import org.jspecify.annotations.NullMarked;
