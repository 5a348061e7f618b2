package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// CREATE_CHILD_SA for a new IKE SA at its initiator, RFC 7296 section 1.3.2:
///
///     HDR, SK{ SA(SPIi), Ni, KEi }   -->
///                             <--   HDR, SK{ SA(SPIr), Nr, KEr }
final class IkeSaRekeyInitiator implements OwnRequest {
    private static final int MAXIMUM_RESTARTS = 2;

    private final long newSpi;
    private final byte[] ni;
    private final RekeyKeyExchange keyExchange;
    private final int restarts;
    private @Nullable Rival<IkeSa> rival;

    private IkeSaRekeyInitiator(Turn turn, KeyExchangeMethod method, int restarts) {
        this.newSpi = turn.newIkeSpi();
        this.ni = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        this.keyExchange = RekeyKeyExchange.begin(method, turn.entropy());
        this.restarts = restarts;
    }

    static void begin(Turn turn, IkeSa sa) {
        KeyExchangeMethod present = sa.relation().established().suite().keyExchange();
        transmit(turn, sa, new IkeSaRekeyInitiator(turn, present, 0));
    }

    private static void transmit(Turn turn, IkeSa sa, IkeSaRekeyInitiator request) {
        sa.request(
                turn,
                ExchangeType.CREATE_CHILD_SA,
                request.payloads(sa),
                sa.relation().schedule(),
                request);
    }

    private List<Payload> payloads(IkeSa sa) {
        List<Proposal> proposals = new ArrayList<>();
        for (IkeSuite suite : IkeSaSuccession.suites(sa)) {
            proposals.add(suite.toProposal(proposals.size() + 1).withSpi(Octets.ofLong(newSpi)));
        }
        return List.of(
                new Payload.SecurityAssociation(proposals),
                new Payload.Nonce(Octets.of(ni)),
                keyExchange.payload());
    }

    /// The peer rekeys the same IKE SA, and was answered.
    void noteRival(Rival<IkeSa> made) {
        rival = made;
    }

    @Nullable IkeSa rival() {
        return rival == null ? null : rival.sa();
    }

    @Override
    public Duty again(IkeSa sa) {
        return new Duty.RekeyIkeSa();
    }

    @Override
    public void abandon(Turn turn) {
        keyExchange.close();
        if (rival != null) {
            IkeSaSuccession.endUnadopted(turn, rival.sa());
        }
    }

    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        Payload.Notify error = Message.findError(payloads);
        if (error != null) {
            refused(turn, sa, error);
            return;
        }
        Payload.SecurityAssociation chosen =
                Message.find(payloads, Payload.SecurityAssociation.class);
        Payload.Nonce nonce = Message.find(payloads, Payload.Nonce.class);
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        Octets spi = spiOf(chosen);
        IkeSuite suite =
                chosen == null || spi == null
                        ? null
                        : ProposalSelector.verifyIke(
                                IkeSaSuccession.suites(sa),
                                List.of(chosen.proposals().getFirst().withSpi(Octets.EMPTY)));
        if (suite == null
                || spi == null
                || nonce == null
                || ke == null
                || suite.keyExchange() != keyExchange.method()
                || ke.method() != suite.keyExchange().transformId()) {
            failed(turn, sa);
            return;
        }
        try (SecretBytes shared = keyExchange.agree(ke)) {
            byte[] nr = nonce.data().array();
            IkeSaSuccession.Exchange exchange =
                    new IkeSaSuccession.Exchange(
                            suite, newSpi, spi.toLong(0), true, ni, nr, shared);
            IkeSa fresh = IkeSaSuccession.create(turn, sa, exchange);
            CrashToken.take(fresh, payloads);
            settle(turn, sa, fresh, nr);
        } catch (InvalidKeyExchangeException e) {
            turn.count(Counter.DROPPED_KEY_EXCHANGE);
            failed(turn, sa);
        } finally {
            keyExchange.close();
        }
    }

    private static @Nullable Octets spiOf(Payload.@Nullable SecurityAssociation chosen) {
        if (chosen == null || chosen.proposals().size() != 1) {
            return null;
        }
        Octets spi = chosen.proposals().getFirst().spi();
        return spi.length() == 8 && spi.toLong(0) != 0 ? spi : null;
    }

    /// The new IKE SA stands. Without a collision it takes over and we delete the old one; with
    /// one, the nonces decide (section 2.8.2).
    private void settle(Turn turn, IkeSa sa, IkeSa fresh, byte[] nr) {
        Rival<IkeSa> other = rival;
        boolean collided = other != null && other.sa().isUnadopted();
        if (collided) {
            turn.count(Counter.REKEY_COLLISION);
        }
        if (collided && other != null && other.survives(ni, nr)) {
            IkeSaSuccession.adopt(turn, sa, other.sa());
            IkeSaSuccession.deleteRedundant(turn, fresh);
        } else {
            IkeSaSuccession.adopt(turn, sa, fresh);
            CrashToken.intend(turn, fresh);
            IkeSaSuccession.deleteReplaced(turn, sa);
        }
    }

    private void failed(Turn turn, IkeSa sa) {
        keyExchange.close();
        adoptRivalOrRetry(turn, sa);
    }

    private void refused(Turn turn, IkeSa sa, Payload.Notify error) {
        KeyExchangeMethod wanted =
                error.is(NotifyType.INVALID_KE_PAYLOAD) ? RekeyKeyExchange.wantedBy(error) : null;
        boolean allowed =
                wanted != null
                        && IkeSaSuccession.suites(sa).stream()
                                .anyMatch(suite -> suite.keyExchange() == wanted);
        keyExchange.close();
        if (allowed && wanted != null && rival == null && restarts < MAXIMUM_RESTARTS) {
            transmit(turn, sa, new IkeSaRekeyInitiator(turn, wanted, restarts + 1));
        } else {
            adoptRivalOrRetry(turn, sa);
        }
    }

    /// A peer that has rekeyed the IKE SA itself refuses us, because it is about to close the old
    /// one (section 2.8.2): its new one carries on.
    private void adoptRivalOrRetry(Turn turn, IkeSa sa) {
        if (rival != null && rival.sa().isUnadopted()) {
            IkeSaSuccession.adopt(turn, sa, rival.sa());
        } else {
            sa.duties().addLater(turn, new Duty.RekeyIkeSa());
        }
    }
}
