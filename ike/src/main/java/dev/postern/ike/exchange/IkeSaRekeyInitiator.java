package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyExchangeMethod;
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
///                             <--   HDR, SK{ SA(SPIr), Nr, KEr, [N(ADDITIONAL_KEY_EXCHANGE)] }
///
/// With additional key exchanges [FollowUpInitiator] goes on, and the new IKE SA comes after the
/// last one (RFC 9370 section 2.2.4).
final class IkeSaRekeyInitiator implements OwnRequest, FollowedUp {
    private static final int MAXIMUM_RESTARTS = 2;

    private final long newSpi;
    private final byte[] ni;
    private final RekeyKeyExchange keyExchange;
    private final int restarts;
    private @Nullable Rival<IkeSa> rival;
    private @Nullable Agreed agreed;

    /// What the peer has answered.
    private record Agreed(IkeSuite suite, long peerSpi, byte[] nr) {}

    private IkeSaRekeyInitiator(Turn turn, KeyExchangeMethod method, int restarts) {
        this.newSpi = turn.newIkeSpi();
        this.ni = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        this.keyExchange = RekeyKeyExchange.begin(method, turn.entropy());
        this.restarts = restarts;
    }

    static void begin(Turn turn, IkeSa sa) {
        if (sa.relation().followUps().ofIkeSa() != null) {
            // The peer is at it (RFC 9370 section 2.2.4).
            sa.duties().addLater(turn, new Duty.RekeyIkeSa());
            return;
        }
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
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.SecurityAssociation(proposals));
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        payloads.add(keyExchange.payload());
        payloads.addAll(TicketWhileRekeying.question(sa));
        return payloads;
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
        agreed = new Agreed(suite, spi.toLong(0), nonce.data().array());
        SharedSecrets secrets;
        try (keyExchange) {
            secrets = SharedSecrets.of(keyExchange.agree(ke));
        } catch (InvalidKeyExchangeException e) {
            turn.count(Counter.DROPPED_KEY_EXCHANGE);
            failed(turn, sa);
            return;
        }
        goOn(turn, sa, agreed, secrets, payloads);
    }

    /// The answer is judged. Without a collision the rekeying goes on; with one, the nonces decide
    /// which of the two does (section 2.8.2): ours stops, where it is to have further key
    /// exchanges, or else makes an IKE SA and deletes it (RFC 9370 section 2.2.4).
    private void goOn(
            Turn turn, IkeSa sa, Agreed made, SharedSecrets secrets, List<Payload> answer) {
        AwaitedSeries theirs = sa.relation().followUps().ofIkeSa();
        Rival<IkeSa> other = rival != null && rival.sa().isUnadopted() ? rival : null;
        boolean redundant = other != null && other.survives(ni, made.nr());
        if (theirs != null) {
            redundant |= theirs.asRival().survives(ni, made.nr());
        }
        if (other != null || theirs != null) {
            turn.count(Counter.REKEY_COLLISION);
        }
        if (theirs != null && !redundant) {
            sa.relation().followUps().forget(theirs);
        }
        if (!made.suite().additional().isEmpty() && !redundant) {
            FollowUpInitiator.begin(turn, sa, this, made.suite().additional(), secrets, answer);
            return;
        }
        try (secrets) {
            IkeSa fresh =
                    made.suite().additional().isEmpty() ? create(turn, sa, made, secrets) : null;
            if (fresh != null) {
                CrashToken.take(fresh, answer);
            }
            settle(turn, sa, fresh, redundant ? other : null, redundant, answer);
        }
        if (redundant && other == null) {
            // Should the peer never end its series; a successor drops this.
            sa.duties().addLater(turn, new Duty.RekeyIkeSa());
        }
    }

    private IkeSa create(Turn turn, IkeSa sa, Agreed made, SharedSecrets secrets) {
        return IkeSaSuccession.create(
                turn,
                sa,
                new IkeSaSuccession.Exchange(
                        made.suite(), newSpi, made.peerSpi(), true, ni, made.nr(), secrets));
    }

    private static @Nullable Octets spiOf(Payload.@Nullable SecurityAssociation chosen) {
        if (chosen == null || chosen.proposals().size() != 1) {
            return null;
        }
        Octets spi = chosen.proposals().getFirst().spi();
        return spi.length() == 8 && spi.toLong(0) != 0 ? spi : null;
    }

    /// @param fresh ours; null where it was not made
    /// @param surviving the peer's; null where ours takes over, or where the peer's is still to
    ///   come
    private static void settle(
            Turn turn,
            IkeSa sa,
            @Nullable IkeSa fresh,
            @Nullable Rival<IkeSa> surviving,
            boolean redundant,
            List<Payload> answer) {
        if (surviving != null) {
            IkeSaSuccession.adopt(turn, sa, surviving.sa());
        }
        if (fresh != null && redundant) {
            IkeSaSuccession.deleteRedundant(turn, fresh);
        } else if (fresh != null) {
            takeOver(turn, sa, fresh, answer);
        }
    }

    private static void takeOver(Turn turn, IkeSa sa, IkeSa fresh, List<Payload> answer) {
        IkeSaSuccession.adopt(turn, sa, fresh);
        if (fresh.isClient()) {
            TicketDelivery.receive(turn, fresh, answer);
        }
        CrashToken.intend(turn, fresh);
        IkeSaSuccession.deleteReplaced(turn, sa);
    }

    @Override
    public void completed(Turn turn, IkeSa sa, SharedSecrets secrets, List<Payload> answer) {
        Agreed made = agreed;
        if (made == null) {
            throw new IllegalStateException("nothing was agreed on");
        }
        IkeSa fresh = create(turn, sa, made, secrets);
        CrashToken.take(fresh, answer);
        takeOver(turn, sa, fresh, answer);
    }

    @Override
    public void failed(Turn turn, IkeSa sa, String detail) {
        adoptRivalOrRetry(turn, sa);
    }

    /// The rekeying that is under way, in whichever of its exchanges; null for none.
    static @Nullable IkeSaRekeyInitiator pendingAt(IkeSa sa) {
        return sa.pending() instanceof IkeSaRekeyInitiator own
                ? own
                : FollowUpInitiator.pendingAt(sa) instanceof IkeSaRekeyInitiator own ? own : null;
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
