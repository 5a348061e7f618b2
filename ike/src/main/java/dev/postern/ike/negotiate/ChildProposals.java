package dev.postern.ike.negotiate;

import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.wire.Octets;
import dev.postern.wire.Proposal;
import dev.postern.wire.Transform;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// ESP proposals of a CREATE_CHILD_SA exchange, with and without a key exchange of their own (RFC
/// 7296 sections 1.3.1 and 2.7).
///
/// @param suites allowed, the preferred one first
/// @param methods allowed for a key exchange
public record ChildProposals(
        List<EspSuite> suites, List<KeyExchangeMethod> methods, ChildKeyExchange policy) {
    private static final int NO_KEY_EXCHANGE = 0;

    /// What was agreed on.
    ///
    /// @param method null where the keys come from SK_d alone
    /// @param answer the proposal to send back, but for its SPI
    /// @param spi the peer's
    public record Chosen(
            EspSuite suite, @Nullable KeyExchangeMethod method, Proposal answer, int spi) {}

    public static ChildProposals of(
            List<EspSuite> suites, List<IkeSuite> ikeSuites, ChildKeyExchange policy) {
        return new ChildProposals(
                suites, ikeSuites.stream().map(IkeSuite::keyExchange).distinct().toList(), policy);
    }

    /// The offer. Where a key exchange is optional, each suite is offered with it first and without
    /// it after.
    ///
    /// @param method the one whose KE payload goes along, named first
    public List<Proposal> offer(int spi, @Nullable KeyExchangeMethod method) {
        List<Proposal> offers = new ArrayList<>();
        Octets octets = Octets.ofInt(spi);
        if (method != null) {
            for (EspSuite suite : suites) {
                offers.add(withMethods(suite.toProposal(offers.size() + 1, octets), method));
            }
        }
        if (method == null || policy != ChildKeyExchange.REQUIRED) {
            for (EspSuite suite : suites) {
                offers.add(suite.toProposal(offers.size() + 1, octets));
            }
        }
        return offers;
    }

    private Proposal withMethods(Proposal proposal, KeyExchangeMethod first) {
        List<Transform> transforms = new ArrayList<>(proposal.transforms());
        transforms.add(new Transform(Transform.KE, first.transformId()));
        for (KeyExchangeMethod other : methods) {
            if (other != first) {
                transforms.add(new Transform(Transform.KE, other.transformId()));
            }
        }
        return new Proposal(proposal.number(), proposal.protocol(), proposal.spi(), transforms);
    }

    /// Picks from an offer, or null where nothing fits: the method that the peer has sent data for
    /// first, then another one, then none.
    ///
    /// @param guessedMethod of the KE payload; 0 where there is none
    public @Nullable Chosen choose(List<Proposal> offers, int guessedMethod) {
        if (policy != ChildKeyExchange.NEVER) {
            KeyExchangeMethod guessed = KeyExchangeMethod.of(guessedMethod).orElse(null);
            if (guessed != null && methods.contains(guessed)) {
                Chosen chosen = pick(offers, guessed);
                if (chosen != null) {
                    return chosen;
                }
            }
            for (KeyExchangeMethod method : methods) {
                Chosen chosen = pick(offers, method);
                if (chosen != null) {
                    return chosen;
                }
            }
        }
        return policy == ChildKeyExchange.REQUIRED ? null : pick(offers, null);
    }

    private @Nullable Chosen pick(List<Proposal> offers, @Nullable KeyExchangeMethod method) {
        int wanted = method == null ? NO_KEY_EXCHANGE : method.transformId();
        for (EspSuite suite : suites) {
            for (Proposal offer : offers) {
                if (suite.isOfferedBy(offer)
                        && (Offers.contains(offer, Transform.KE, wanted, 0)
                                || (method == null && !Offers.hasType(offer, Transform.KE)))) {
                    Proposal plain = suite.toProposal(offer.number(), Octets.EMPTY);
                    return new Chosen(
                            suite,
                            method,
                            method == null ? plain : with(plain, method),
                            offer.spi().toInt());
                }
            }
        }
        return null;
    }

    private static Proposal with(Proposal plain, KeyExchangeMethod method) {
        List<Transform> transforms = new ArrayList<>(plain.transforms());
        transforms.add(new Transform(Transform.KE, method.transformId()));
        return new Proposal(plain.number(), plain.protocol(), plain.spi(), transforms);
    }

    /// Judges a responder's choice: exactly one proposal, of what was offered.
    ///
    /// @param offered the method that was offered, or null
    public @Nullable Chosen verify(List<Proposal> answer, @Nullable KeyExchangeMethod offered) {
        if (answer.size() != 1) {
            return null;
        }
        Proposal chosen = answer.getFirst();
        Transform ke = Offers.find(chosen, Transform.KE);
        boolean without = ke == null || ke.id() == NO_KEY_EXCHANGE;
        if (!Offers.isUnambiguous(chosen)
                || (without && offered != null && policy == ChildKeyExchange.REQUIRED)
                || (ke != null
                        && !without
                        && (offered == null || ke.id() != offered.transformId()))) {
            return null;
        }
        List<Transform> rest =
                chosen.transforms().stream().filter(t -> t.type() != Transform.KE).toList();
        EspSuite suite =
                ProposalSelector.verifyEsp(
                        suites,
                        List.of(
                                new Proposal(
                                        chosen.number(), chosen.protocol(), chosen.spi(), rest)));
        return suite == null
                ? null
                : new Chosen(suite, without ? null : offered, chosen, chosen.spi().toInt());
    }
}
