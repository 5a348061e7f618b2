package dev.postern.ike.negotiate;

import dev.postern.wire.Proposal;
import dev.postern.wire.Transform;

/// Questions about an offered proposal.
final class Offers {
    private Offers() {}

    static boolean contains(Proposal offer, int type, int id, int keyLength) {
        for (Transform t : offer.transforms()) {
            if (t.type() == type && t.id() == id && t.keyLength() == keyLength && t.understood()) {
                return true;
            }
        }
        return false;
    }

    /// With id 0 (none) the type may also be absent altogether.
    static boolean containsOrNeedsNone(Proposal offer, int type, int id) {
        return contains(offer, type, id, 0) || (id == 0 && !hasType(offer, type));
    }

    static boolean hasType(Proposal offer, int type) {
        for (Transform t : offer.transforms()) {
            if (t.type() == type) {
                return true;
            }
        }
        return false;
    }

    /// A proposal with a transform type that is not understood must not be chosen (RFC 7296 section
    /// 3.3.6).
    static boolean hasOnly(Proposal offer, int... types) {
        for (Transform t : offer.transforms()) {
            boolean known = false;
            for (int type : types) {
                known |= t.type() == type;
            }
            if (!known) {
                return false;
            }
        }
        return true;
    }
}
