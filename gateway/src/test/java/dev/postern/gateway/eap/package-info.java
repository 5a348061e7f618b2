/// EAP-TLS with the platform's TLS. The certificates among the resources were made with openssl for
/// these tests alone.
@NullMarked
package dev.postern.gateway.eap;

import org.jspecify.annotations.NullMarked;
