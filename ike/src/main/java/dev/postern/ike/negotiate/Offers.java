package dev.postern.ike.negotiate;

import dev.postern.wire.Proposal;
import dev.postern.wire.Transform;

import org.jspecify.annotations.Nullable;

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

    /// The first transform of a type, or null.
    static @Nullable Transform find(Proposal proposal, int type) {
        for (Transform t : proposal.transforms()) {
            if (t.type() == type) {
                return t;
            }
        }
        return null;
    }

    /// Whether a chosen proposal has at most one transform of each type, all of them understood
    /// (RFC 7296 section 3.3.6).
    static boolean isUnambiguous(Proposal chosen) {
        return chosen.transforms().stream().allMatch(Transform::understood)
                && chosen.transforms().stream().map(Transform::type).distinct().count()
                        == chosen.transforms().size();
    }

    static boolean hasType(Proposal offer, int type) {
        return find(offer, type) != null;
    }

    /// Whether there are no transform types but those of an IKE SA, additional key exchanges
    /// included.
    static boolean hasOnlyIkeTypes(Proposal offer) {
        return offer.transforms().stream()
                .allMatch(t ->
                        (t.type() >= Transform.ENCR && t.type() <= Transform.KE)
                                || AdditionalKeyExchanges.isOne(t));
    }

    /// Whether there are no transform types but those of a Child SA, key exchanges included.
    static boolean hasOnlyChildTypes(Proposal offer) {
        return offer.transforms().stream()
                .allMatch(t ->
                        t.type() == Transform.ENCR
                                || t.type() == Transform.INTEG
                                || t.type() == Transform.ESN
                                || t.type() == Transform.KE
                                || AdditionalKeyExchanges.isOne(t));
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
