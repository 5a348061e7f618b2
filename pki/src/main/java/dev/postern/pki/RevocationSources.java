package dev.postern.pki;

import java.util.List;

/// Where news of revocation may be looked for beyond what is at hand.
///
/// @param responders of OCSP, named by the operator, for every certificate in place of those that
///   stand in it
/// @param certificates whether the addresses in certificates of a trusted path are believed
/// @param nonce whether a responder must repeat a nonce (RFC 9654)
public record RevocationSources(List<String> responders, boolean certificates, boolean nonce) {
    /// What trusted certificates say.
    public static final RevocationSources OF_CERTIFICATES =
            new RevocationSources(List.of(), true, false);

    public RevocationSources {
        responders = List.copyOf(responders);
    }

    /// Whether there is anybody to ask at all.
    public boolean isEmpty() {
        return responders.isEmpty() && !certificates;
    }
}
