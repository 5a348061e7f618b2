package dev.postern.ike.negotiate;

import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.wire.Octets;
import dev.postern.wire.Proposal;
import dev.postern.wire.Transform;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// ESP proposals of a CREATE_CHILD_SA exchange, with and without key exchanges of their own (RFC
/// 7296 sections 1.3.1 and 2.7, RFC 9370 section 2.2.4).
///
/// @param suites allowed, the preferred one first
/// @param series allowed for key exchanges, the preferred one first
public record ChildProposals(
        List<EspSuite> suites, List<KeyExchangeSeries> series, ChildKeyExchange policy) {
    private static final int NO_KEY_EXCHANGE = 0;

    /// What was agreed on.
    ///
    /// @param series null where the keys come from SK_d alone
    /// @param answer the proposal to send back, but for its SPI
    /// @param spi the peer's
    public record Chosen(
            EspSuite suite, @Nullable KeyExchangeSeries series, Proposal answer, int spi) {
        /// The key exchange of CREATE_CHILD_SA itself, or null.
        public @Nullable KeyExchangeMethod method() {
            return series == null ? null : series.first();
        }
    }

    /// The key exchanges of an IKE SA's suites, for its Child SAs.
    public static ChildProposals of(
            List<EspSuite> suites, List<IkeSuite> ikeSuites, ChildKeyExchange policy) {
        return new ChildProposals(
                suites, ikeSuites.stream().map(KeyExchangeSeries::of).distinct().toList(), policy);
    }

    /// The methods that CREATE_CHILD_SA itself may exchange.
    public List<KeyExchangeMethod> methods() {
        return series.stream().map(KeyExchangeSeries::first).distinct().toList();
    }

    /// The offer. Where a key exchange is optional, each suite is offered with it first and without
    /// it after.
    ///
    /// @param method the one whose KE payload goes along, named first
    public List<Proposal> offer(int spi, @Nullable KeyExchangeMethod method) {
        List<Proposal> offers = new ArrayList<>();
        Octets octets = Octets.ofInt(spi);
        if (method != null) {
            for (List<KeyExchangeMethod> additional :
                    series.stream().map(KeyExchangeSeries::additional).distinct().toList()) {
                for (EspSuite suite : suites) {
                    Proposal plain = suite.toProposal(offers.size() + 1, octets);
                    offers.add(withMethods(plain, method, additional));
                }
            }
        }
        if (method == null || policy != ChildKeyExchange.REQUIRED) {
            for (EspSuite suite : suites) {
                offers.add(suite.toProposal(offers.size() + 1, octets));
            }
        }
        return offers;
    }

    /// The proposal with every method that goes with these additional key exchanges.
    private Proposal withMethods(
            Proposal proposal, KeyExchangeMethod named, List<KeyExchangeMethod> additional) {
        List<Transform> transforms = new ArrayList<>(proposal.transforms());
        List<KeyExchangeMethod> methods =
                series.stream()
                        .filter(one -> one.additional().equals(additional))
                        .map(KeyExchangeSeries::first)
                        .toList();
        if (methods.contains(named)) {
            transforms.add(new Transform(Transform.KE, named.transformId()));
        }
        for (KeyExchangeMethod other : methods) {
            if (other != named) {
                transforms.add(new Transform(Transform.KE, other.transformId()));
            }
        }
        transforms.addAll(AdditionalKeyExchanges.offer(additional));
        return new Proposal(proposal.number(), proposal.protocol(), proposal.spi(), transforms);
    }

    /// Picks from an offer, or null where nothing fits: what begins with the method that the peer
    /// has sent data for first, then what begins with another one, then none.
    ///
    /// @param guessedMethod of the KE payload; 0 where there is none
    public @Nullable Chosen choose(List<Proposal> offers, int guessedMethod) {
        if (policy != ChildKeyExchange.NEVER) {
            KeyExchangeMethod guessed = KeyExchangeMethod.of(guessedMethod).orElse(null);
            for (KeyExchangeSeries one : series) {
                Chosen chosen = one.first() == guessed ? pick(offers, one) : null;
                if (chosen != null) {
                    return chosen;
                }
            }
            for (KeyExchangeSeries one : series) {
                Chosen chosen = pick(offers, one);
                if (chosen != null) {
                    return chosen;
                }
            }
        }
        return policy == ChildKeyExchange.REQUIRED ? null : pick(offers, null);
    }

    private @Nullable Chosen pick(List<Proposal> offers, @Nullable KeyExchangeSeries wanted) {
        for (EspSuite suite : suites) {
            for (Proposal offer : offers) {
                List<Transform> exchanges =
                        suite.isOfferedBy(offer) ? exchanges(offer, wanted) : null;
                if (exchanges != null) {
                    Proposal plain = suite.toProposal(offer.number(), Octets.EMPTY);
                    List<Transform> transforms = new ArrayList<>(plain.transforms());
                    transforms.addAll(exchanges);
                    return new Chosen(
                            suite,
                            wanted,
                            new Proposal(plain.number(), plain.protocol(), plain.spi(), transforms),
                            offer.spi().toInt());
                }
            }
        }
        return null;
    }

    /// The transforms that pick these key exchanges from an offer; null where it lacks them.
    private static @Nullable List<Transform> exchanges(
            Proposal offer, @Nullable KeyExchangeSeries wanted) {
        int id = wanted == null ? NO_KEY_EXCHANGE : wanted.first().transformId();
        boolean offered =
                Offers.contains(offer, Transform.KE, id, 0)
                        || (wanted == null && !Offers.hasType(offer, Transform.KE));
        List<Transform> additional =
                AdditionalKeyExchanges.choose(
                        wanted == null ? List.of() : wanted.additional(), offer);
        if (!offered || additional == null) {
            return null;
        }
        List<Transform> transforms = new ArrayList<>();
        if (wanted != null) {
            transforms.add(new Transform(Transform.KE, id));
        }
        transforms.addAll(additional);
        return transforms;
    }

    /// Judges a responder's choice: exactly one proposal, of what was offered.
    ///
    /// @param offered the method that was offered, or null
    public @Nullable Chosen verify(List<Proposal> answer, @Nullable KeyExchangeMethod offered) {
        if (answer.size() != 1 || !Offers.isUnambiguous(answer.getFirst())) {
            return null;
        }
        Proposal chosen = answer.getFirst();
        Transform ke = Offers.find(chosen, Transform.KE);
        List<KeyExchangeMethod> additional = AdditionalKeyExchanges.ofChosen(chosen);
        boolean without = ke == null || ke.id() == NO_KEY_EXCHANGE;
        KeyExchangeSeries agreed =
                ke == null
                                || without
                                || offered == null
                                || ke.id() != offered.transformId()
                                || additional == null
                        ? null
                        : new KeyExchangeSeries(offered, additional);
        boolean allowed =
                without
                        ? additional != null
                                && additional.isEmpty()
                                && (offered == null || policy != ChildKeyExchange.REQUIRED)
                        : series.contains(agreed);
        if (!allowed) {
            return null;
        }
        List<Transform> rest =
                chosen.transforms().stream()
                        .filter(t -> t.type() != Transform.KE && !AdditionalKeyExchanges.isOne(t))
                        .toList();
        EspSuite suite =
                ProposalSelector.verifyEsp(
                        suites,
                        List.of(
                                new Proposal(
                                        chosen.number(), chosen.protocol(), chosen.spi(), rest)));
        return suite == null ? null : new Chosen(suite, agreed, chosen, chosen.spi().toInt());
    }
}
