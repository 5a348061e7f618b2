package dev.postern.ike.negotiate;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.wire.Octets;
import dev.postern.wire.Proposal;
import dev.postern.wire.Protocol;
import dev.postern.wire.Transform;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One set of algorithms for a Child SA: an AEAD, with or without extended sequence numbers.
public record EspSuite(EncryptionAlgorithm encryption, boolean extendedSequenceNumbers) {
    public EspSuite {
        if (!encryption.isAead()) {
            throw new IllegalArgumentException(
                    "ESP is spoken with AEADs only, not with " + encryption);
        }
    }

    public Proposal toProposal(int number, Octets spi) {
        return new Proposal(
                number,
                Protocol.ESP,
                spi,
                List.of(
                        new Transform(
                                Transform.ENCR,
                                encryption.transformId(),
                                encryption.keyLengthAttribute()),
                        new Transform(Transform.ESN, extendedSequenceNumbers ? 1 : 0)));
    }

    /// The suite of a proposal with one transform of each type, or null where it is not one of
    /// ours. A missing ESN transform means no extended sequence numbers (RFC 7296 section 3.3.3
    /// lets it be left out only by mistake, which peers do make).
    public static @Nullable EspSuite ofChosen(Proposal proposal) {
        EncryptionAlgorithm encryption = null;
        int esn = 0;
        for (Transform transform : proposal.transforms()) {
            if (!transform.understood()) {
                return null;
            }
            switch (transform.type()) {
                case Transform.ENCR ->
                        encryption =
                                encryption == null
                                        ? EncryptionAlgorithm.of(
                                                        transform.id(), transform.keyLength())
                                                .orElse(null)
                                        : null;
                case Transform.ESN -> esn = transform.id();
                case Transform.INTEG -> {
                    if (transform.id() != IntegrityAlgorithm.NONE.transformId()) {
                        return null;
                    }
                }
                default -> {
                    return null;
                }
            }
        }
        return encryption == null || !encryption.isAead() || esn > 1
                ? null
                : new EspSuite(encryption, esn == 1);
    }

    /// Whether this suite can be picked from an offered proposal. Key exchange transforms do not
    /// matter in IKE_AUTH and in a resume (RFC 7296 section 1.2).
    public boolean isOfferedBy(Proposal offer) {
        return offer.protocol() == Protocol.ESP
                && offer.spi().length() == 4
                && Offers.contains(
                        offer,
                        Transform.ENCR,
                        encryption.transformId(),
                        encryption.keyLengthAttribute())
                && Offers.containsOrNeedsNone(offer, Transform.INTEG, 0)
                && (Offers.contains(offer, Transform.ESN, extendedSequenceNumbers ? 1 : 0, 0)
                        || (!extendedSequenceNumbers && !Offers.hasType(offer, Transform.ESN)))
                && Offers.hasOnly(
                        offer, Transform.ENCR, Transform.INTEG, Transform.ESN, Transform.KE);
    }

    @Override
    public String toString() {
        return SuiteNames.name(this);
    }
}
