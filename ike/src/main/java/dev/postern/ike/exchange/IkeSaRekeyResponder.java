package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ticket.Session;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.Protocol;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// CREATE_CHILD_SA for a new IKE SA at its responder, RFC 7296 sections 1.3.2, 2.18 and 2.25.2.
final class IkeSaRekeyResponder {
    private IkeSaRekeyResponder() {}

    static void onRequest(Turn turn, IkeSa sa, Message message, List<Payload> payloads) {
        Payload.SecurityAssociation offers =
                Message.find(payloads, Payload.SecurityAssociation.class);
        Payload.Nonce nonce = Message.find(payloads, Payload.Nonce.class);
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        if (offers == null || nonce == null || ke == null) {
            refuse(turn, sa, message, Counter.REFUSED_INVALID_SYNTAX, NotifyType.INVALID_SYNTAX);
            return;
        }
        if (isBusy(sa)) {
            refuse(
                    turn,
                    sa,
                    message,
                    Counter.REFUSED_CREATE_CHILD_SA,
                    NotifyType.TEMPORARY_FAILURE);
            CounterSyncInitiator.begin(turn, sa);
            return;
        }
        List<Proposal> usable = offers.proposals().stream().filter(p -> isUsable(p.spi())).toList();
        ProposalSelector.ChosenIke chosen =
                ProposalSelector.chooseIke(IkeSaSuccession.suites(sa), usable, ke.method(), true);
        if (chosen == null) {
            refuse(
                    turn,
                    sa,
                    message,
                    Counter.REFUSED_NO_PROPOSAL_CHOSEN,
                    NotifyType.NO_PROPOSAL_CHOSEN);
            return;
        }
        if (chosen.suite().keyExchange().transformId() != ke.method()) {
            turn.count(Counter.REFUSED_INVALID_KE_PAYLOAD);
            respond(
                    turn,
                    sa,
                    message,
                    List.of(
                            Payload.Notify.of(
                                    NotifyType.INVALID_KE_PAYLOAD,
                                    RekeyKeyExchange.wanted(chosen.suite().keyExchange()))));
            return;
        }
        RekeyKeyExchange.Answered keyExchange =
                RekeyKeyExchange.answer(chosen.suite().keyExchange(), ke, turn.entropy());
        if (keyExchange == null) {
            refuse(turn, sa, message, Counter.DROPPED_KEY_EXCHANGE, NotifyType.INVALID_SYNTAX);
            return;
        }
        Agreed agreed = new Agreed(turn, chosen, nonce.data().array(), payloads);
        List<Payload> answer = new ArrayList<>(agreed.payloads());
        answer.add(keyExchange.payload());
        SharedSecrets secrets = SharedSecrets.of(keyExchange.shared());
        if (!chosen.suite().additional().isEmpty()) {
            AwaitedSeries series =
                    new AwaitedSeries(turn, agreed, chosen.suite().additional(), secrets);
            sa.relation().followUps().await(series);
            answer.add(FollowUpResponder.link(series));
            respond(turn, sa, message, answer);
            return;
        }
        try (secrets) {
            answer.addAll(agreed.complete(turn, sa, secrets));
        }
        respond(turn, sa, message, answer);
        agreed.answered(turn, sa);
    }

    private static boolean isUsable(Octets spi) {
        return spi.length() == 8 && spi.toLong(0) != 0;
    }

    /// While a Child SA is being made or deleted by us, or two new IKE SAs stand already (section
    /// 2.25.2). And before Message IDs are synchronized (RFC 6311 section 8.1): the peer may have
    /// given the request up and not know of our answer, and would stay behind without a Child SA.
    private static boolean isBusy(IkeSa sa) {
        if (sa.has(Session.Extension.MESSAGE_ID_SYNC)
                && sa.relation().standby().isSynchronizing()) {
            return true;
        }
        return switch (sa.pending()) {
            case ChildSaInitiator _, ChildSaDeletion _, InvalidSpi _ -> true;
            case IkeSaRekeyInitiator own -> own.rival() != null;
            // RFC 9370 section 2.2.4.
            case FollowUpInitiator _ -> true;
            case LivenessCheck _,
                    TicketDelivery _,
                    AuthenticationLifetime _,
                    CrashToken _,
                    AddressAnnouncement _,
                    AddressUpdate _,
                    PathCheck _,
                    RedirectNotice _,
                    SwitchInitiator _,
                    ReplayCounterSync _ ->
                    false;
            case null -> false;
        };
    }

    /// What a new IKE SA will be, and then is.
    static final class Agreed implements AwaitedSeries.Outcome {
        private final ProposalSelector.ChosenIke chosen;
        private final long newSpi;
        private final byte[] ni;
        private final byte[] nr;
        private final List<Payload> asked;
        private @Nullable IkeSa fresh;

        private Agreed(
                Turn turn, ProposalSelector.ChosenIke chosen, byte[] ni, List<Payload> asked) {
            this.chosen = chosen;
            this.asked = asked;
            this.newSpi = turn.newIkeSpi();
            this.ni = ni;
            this.nr = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        }

        private List<Payload> payloads() {
            return List.of(
                    new Payload.SecurityAssociation(
                            List.of(chosen.answer().withSpi(Octets.ofLong(newSpi)))),
                    new Payload.Nonce(Octets.of(nr)));
        }

        @Override
        public List<Payload> complete(Turn turn, IkeSa sa, SharedSecrets secrets) {
            if (isBusy(sa)) {
                turn.count(Counter.REFUSED_CREATE_CHILD_SA);
                return List.of(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE));
            }
            long peerSpi = chosen.offer().spi().toLong(0);
            IkeSa made =
                    IkeSaSuccession.create(
                            turn,
                            sa,
                            new IkeSaSuccession.Exchange(
                                    chosen.suite(), newSpi, peerSpi, false, ni, nr, secrets));
            fresh = made;
            List<Payload> more = new ArrayList<>(CrashToken.given(turn, made));
            boolean alone = !(sa.pending() instanceof IkeSaRekeyInitiator);
            more.addAll(TicketWhileRekeying.answer(turn, sa, made, asked, alone));
            return more;
        }

        @Override
        public void answered(Turn turn, IkeSa sa) {
            IkeSa made = fresh;
            if (made == null) {
                throw new IllegalStateException("the IKE SA was not made");
            }
            if (sa.pending() instanceof IkeSaRekeyInitiator own) {
                own.noteRival(Rival.of(made, ni, nr));
            } else {
                IkeSaSuccession.adopt(turn, sa, made);
            }
        }

        @Override
        public int replacesChild() {
            return HeldChildSa.NONE;
        }

        @Override
        public boolean replacesIkeSa() {
            return true;
        }

        @Override
        public byte[] ni() {
            return ni;
        }

        @Override
        public byte[] nr() {
            return nr;
        }
    }

    private static void refuse(
            Turn turn, IkeSa sa, Message message, Counter counter, NotifyType type) {
        turn.count(counter);
        respond(turn, sa, message, List.of(Payload.Notify.of(type)));
    }

    private static void respond(Turn turn, IkeSa sa, Message message, List<Payload> payloads) {
        sa.respond(turn, message.header(), message.octets().array(), payloads);
    }

    /// Whether a CREATE_CHILD_SA request is about the IKE SA: its proposals say so.
    static boolean isMeant(Payload.@Nullable SecurityAssociation offers) {
        return offers != null
                && !offers.proposals().isEmpty()
                && offers.proposals().getFirst().protocol() == Protocol.IKE;
    }
}
