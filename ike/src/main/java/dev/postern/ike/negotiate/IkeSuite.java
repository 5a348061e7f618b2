package dev.postern.ike.negotiate;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;
import dev.postern.wire.Octets;
import dev.postern.wire.Proposal;
import dev.postern.wire.Protocol;
import dev.postern.wire.Transform;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// One complete set of algorithms for an IKE SA.
///
/// @param integrity [IntegrityAlgorithm#NONE] with an AEAD
public record IkeSuite(
        EncryptionAlgorithm encryption,
        IntegrityAlgorithm integrity,
        Prf prf,
        KeyExchangeMethod keyExchange) {
    public IkeSuite {
        if (encryption.isAead() != (integrity == IntegrityAlgorithm.NONE)) {
            throw new IllegalArgumentException(
                    encryption
                            + " with integrity "
                            + integrity
                            + ": an AEAD takes none, AES-CBC needs one");
        }
    }

    /// The proposal that offers exactly this suite.
    public Proposal toProposal(int number) {
        List<Transform> transforms = new ArrayList<>(4);
        transforms.add(
                new Transform(
                        Transform.ENCR, encryption.transformId(), encryption.keyLengthAttribute()));
        if (integrity != IntegrityAlgorithm.NONE) {
            transforms.add(new Transform(Transform.INTEG, integrity.transformId()));
        }
        transforms.add(new Transform(Transform.PRF, prf.transformId()));
        transforms.add(new Transform(Transform.KE, keyExchange.transformId()));
        return new Proposal(number, Protocol.IKE, Octets.EMPTY, transforms);
    }

    /// The suite of a proposal with exactly one transform of each type, or null where it is not one
    /// of ours.
    public static @Nullable IkeSuite ofChosen(Proposal proposal) {
        EncryptionAlgorithm encryption = null;
        IntegrityAlgorithm integrity = IntegrityAlgorithm.NONE;
        Prf prf = null;
        KeyExchangeMethod keyExchange = null;
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
                case Transform.INTEG ->
                        integrity =
                                IntegrityAlgorithm.of(transform.id())
                                        .orElse(IntegrityAlgorithm.NONE);
                case Transform.PRF -> prf = Prf.of(transform.id()).orElse(null);
                case Transform.KE ->
                        keyExchange = KeyExchangeMethod.of(transform.id()).orElse(null);
                default -> {
                    return null;
                }
            }
        }
        if (encryption == null
                || prf == null
                || keyExchange == null
                || encryption.isAead() != (integrity == IntegrityAlgorithm.NONE)) {
            return null;
        }
        return new IkeSuite(encryption, integrity, prf, keyExchange);
    }

    /// Whether this suite can be picked from an offered proposal (RFC 7296 section 3.3).
    public boolean isOfferedBy(Proposal offer) {
        return offer.protocol() == Protocol.IKE
                && Offers.contains(
                        offer,
                        Transform.ENCR,
                        encryption.transformId(),
                        encryption.keyLengthAttribute())
                && Offers.containsOrNeedsNone(offer, Transform.INTEG, integrity.transformId())
                && Offers.contains(offer, Transform.PRF, prf.transformId(), 0)
                && Offers.contains(offer, Transform.KE, keyExchange.transformId(), 0)
                && Offers.hasOnly(
                        offer, Transform.ENCR, Transform.INTEG, Transform.PRF, Transform.KE);
    }

    @Override
    public String toString() {
        return SuiteNames.name(this);
    }
}
