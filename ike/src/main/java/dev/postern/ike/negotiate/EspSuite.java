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
        Transform encr = Offers.find(proposal, Transform.ENCR);
        Transform integ = Offers.find(proposal, Transform.INTEG);
        Transform esn = Offers.find(proposal, Transform.ESN);
        if (encr == null
                || (integ != null && integ.id() != IntegrityAlgorithm.NONE.transformId())
                || (esn != null && esn.id() > 1)
                || !Offers.isUnambiguous(proposal)
                || !Offers.hasOnly(proposal, Transform.ENCR, Transform.INTEG, Transform.ESN)) {
            return null;
        }
        EncryptionAlgorithm encryption =
                EncryptionAlgorithm.of(encr.id(), encr.keyLength()).orElse(null);
        return encryption == null || !encryption.isAead()
                ? null
                : new EspSuite(encryption, esn != null && esn.id() == 1);
    }

    /// Whether this suite can be picked from an offered proposal. Key exchange transforms do not
    /// matter in IKE_AUTH and in a resume (RFC 7296 section 1.2).
    public boolean isOfferedBy(Proposal offer) {
        return offer.protocol() == Protocol.ESP
                && isUsableSpi(offer.spi())
                && Offers.contains(
                        offer,
                        Transform.ENCR,
                        encryption.transformId(),
                        encryption.keyLengthAttribute())
                && Offers.containsOrNeedsNone(offer, Transform.INTEG, 0)
                && (Offers.contains(offer, Transform.ESN, extendedSequenceNumbers ? 1 : 0, 0)
                        || (!extendedSequenceNumbers && !Offers.hasType(offer, Transform.ESN)))
                && Offers.hasOnlyChildTypes(offer);
    }

    /// SPIs up to 255 are reserved, and 0 in front of a packet means IKE (RFC 4303 section 2.1, RFC
    /// 3948 section 2.2).
    static boolean isUsableSpi(Octets spi) {
        return spi.length() == 4 && spi.toInt() >>> 8 != 0;
    }

    @Override
    public String toString() {
        return SuiteNames.name(this);
    }
}
