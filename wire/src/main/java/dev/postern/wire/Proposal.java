package dev.postern.wire;

import java.util.List;

/// One proposal of an SA payload, RFC 7296 section 3.3.1.
///
/// @param number 1 for the first, then one more each
/// @param protocol [Protocol#IKE], [Protocol#AH] or [Protocol#ESP]
/// @param spi empty in IKE_SA_INIT, 8 octets for an IKE SA rekey, 4 octets for ESP
public record Proposal(int number, int protocol, Octets spi, List<Transform> transforms) {
    public Proposal {
        transforms = List.copyOf(transforms);
    }

    public Proposal withSpi(Octets newSpi) {
        return new Proposal(number, protocol, newSpi, transforms);
    }
}
