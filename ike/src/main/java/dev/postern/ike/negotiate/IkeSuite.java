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
/// @param additional key exchanges after the one of IKE_SA_INIT, in their order, each another one
///   (RFC 9370)
public record IkeSuite(
        EncryptionAlgorithm encryption,
        IntegrityAlgorithm integrity,
        Prf prf,
        KeyExchangeMethod keyExchange,
        List<KeyExchangeMethod> additional) {
    public static final int MAXIMUM_ADDITIONAL = 7;

    public IkeSuite {
        additional = List.copyOf(additional);
        if (additional.size() > MAXIMUM_ADDITIONAL
                || additional.stream().distinct().count() != additional.size()
                || additional.contains(keyExchange)) {
            throw new IllegalArgumentException(
                    keyExchange
                            + " with additional key exchanges "
                            + additional
                            + ": at most "
                            + MAXIMUM_ADDITIONAL
                            + ", and none twice");
        }
        if (encryption.isAead() != (integrity == IntegrityAlgorithm.NONE)) {
            throw new IllegalArgumentException(
                    encryption
                            + " with integrity "
                            + integrity
                            + ": an AEAD takes none, AES-CBC needs one");
        }
    }

    /// This suite, where it has no additional key exchanges with those of the IKE SA that it
    /// rekeys: they went into the SK_d that its keys are made of.
    public IkeSuite succeeding(IkeSuite old) {
        if (!additional.isEmpty()) {
            return this;
        }
        return new IkeSuite(
                encryption,
                integrity,
                prf,
                keyExchange,
                old.additional().stream().filter(method -> method != keyExchange).toList());
    }

    /// A suite without additional key exchanges.
    public IkeSuite(
            EncryptionAlgorithm encryption,
            IntegrityAlgorithm integrity,
            Prf prf,
            KeyExchangeMethod keyExchange) {
        this(encryption, integrity, prf, keyExchange, List.of());
    }

    public IkeSuite withoutAdditional() {
        return additional.isEmpty()
                ? this
                : new IkeSuite(encryption, integrity, prf, keyExchange, List.of());
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
        transforms.addAll(AdditionalKeyExchanges.offer(additional));
        return new Proposal(number, Protocol.IKE, Octets.EMPTY, transforms);
    }

    /// The suite of a proposal with exactly one transform of each type, or null where it is not one
    /// of ours.
    public static @Nullable IkeSuite ofChosen(Proposal proposal) {
        Transform encr = Offers.find(proposal, Transform.ENCR);
        Transform integ = Offers.find(proposal, Transform.INTEG);
        Transform prf = Offers.find(proposal, Transform.PRF);
        Transform ke = Offers.find(proposal, Transform.KE);
        if (encr == null
                || prf == null
                || ke == null
                || !Offers.isUnambiguous(proposal)
                || !Offers.hasOnlyIkeTypes(proposal)) {
            return null;
        }
        EncryptionAlgorithm encryption =
                EncryptionAlgorithm.of(encr.id(), encr.keyLength()).orElse(null);
        IntegrityAlgorithm integrity =
                integ == null
                        ? IntegrityAlgorithm.NONE
                        : IntegrityAlgorithm.of(integ.id()).orElse(null);
        Prf chosenPrf = Prf.of(prf.id()).orElse(null);
        KeyExchangeMethod method = KeyExchangeMethod.of(ke.id()).orElse(null);
        List<KeyExchangeMethod> additional = AdditionalKeyExchanges.ofChosen(proposal);
        if (encryption == null
                || additional == null
                || additional.contains(method)
                || integrity == null
                || chosenPrf == null
                || method == null
                || encryption.isAead() != (integrity == IntegrityAlgorithm.NONE)) {
            return null;
        }
        return new IkeSuite(encryption, integrity, chosenPrf, method, additional);
    }

    /// The answer that picks this suite from a proposal that offers it.
    public Proposal answer(Proposal offer) {
        Proposal own = toProposal(offer.number());
        List<Transform> transforms = new ArrayList<>(own.transforms());
        transforms.removeIf(AdditionalKeyExchanges::isOne);
        List<Transform> chosen = AdditionalKeyExchanges.choose(additional, offer);
        if (chosen == null) {
            throw new IllegalArgumentException(this + " is not offered");
        }
        transforms.addAll(chosen);
        return new Proposal(own.number(), own.protocol(), own.spi(), transforms);
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
                && Offers.hasOnlyIkeTypes(offer)
                && AdditionalKeyExchanges.choose(additional, offer) != null;
    }

    @Override
    public String toString() {
        return SuiteNames.name(this);
    }
}
