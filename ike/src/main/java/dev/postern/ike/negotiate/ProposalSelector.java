package dev.postern.ike.negotiate;

import dev.postern.wire.Proposal;
import dev.postern.wire.Protocol;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Picks from what a peer offers, RFC 7296 sections 2.7 and 3.3.6.
public final class ProposalSelector {
    private ProposalSelector() {}

    /// @param offer the offered proposal that was picked from
    public record ChosenIke(IkeSuite suite, Proposal offer) {
        /// The proposal to send back, with the number of the offer.
        public Proposal answer() {
            return suite.answer(offer);
        }
    }

    public record ChosenEsp(EspSuite suite, Proposal offer) {
        public Proposal answer(dev.postern.wire.Octets ownSpi) {
            return suite.toProposal(offer.number(), ownSpi);
        }
    }

    /// The first of the allowed suites that is offered. Suites with the key exchange method that
    /// the initiator has sent data for come first: another one costs a round trip and gains nothing
    /// that the policy asks for.
    ///
    /// @param guessedMethod the method of the KE payload
    /// @param intermediate whether the initiator speaks IKE_INTERMEDIATE; where it does not,
    ///   additional key exchanges are unknown transform types (RFC 9370 section 2.2.1)
    public static @Nullable ChosenIke chooseIke(
            List<IkeSuite> allowed,
            List<Proposal> offers,
            int guessedMethod,
            boolean intermediate) {
        ChosenIke other = null;
        for (IkeSuite suite : allowed) {
            for (Proposal offer : offers) {
                boolean known = intermediate || !AdditionalKeyExchanges.areIn(offer);
                if (known && suite.isOfferedBy(offer)) {
                    if (suite.keyExchange().transformId() == guessedMethod) {
                        return new ChosenIke(suite, offer);
                    }
                    other = other == null ? new ChosenIke(suite, offer) : other;
                }
            }
        }
        return other;
    }

    /// The first of the allowed suites that is offered.
    public static @Nullable ChosenEsp chooseEsp(List<EspSuite> allowed, List<Proposal> offers) {
        for (EspSuite suite : allowed) {
            for (Proposal offer : offers) {
                if (suite.isOfferedBy(offer)) {
                    return new ChosenEsp(suite, offer);
                }
            }
        }
        return null;
    }

    /// Judges a responder's choice: exactly one proposal, with exactly one of the suites that were
    /// offered.
    public static @Nullable IkeSuite verifyIke(List<IkeSuite> offered, List<Proposal> answer) {
        if (answer.size() != 1
                || answer.getFirst().protocol() != Protocol.IKE
                || !answer.getFirst().spi().isEmpty()) {
            return null;
        }
        IkeSuite suite = IkeSuite.ofChosen(answer.getFirst());
        return suite != null && offered.contains(suite) ? suite : null;
    }

    /// Judges a responder's choice for a Child SA; its SPI stands in the proposal.
    public static @Nullable EspSuite verifyEsp(List<EspSuite> offered, List<Proposal> answer) {
        if (answer.size() != 1
                || answer.getFirst().protocol() != Protocol.ESP
                || !EspSuite.isUsableSpi(answer.getFirst().spi())) {
            return null;
        }
        EspSuite suite = EspSuite.ofChosen(answer.getFirst());
        return suite != null && offered.contains(suite) ? suite : null;
    }
}
