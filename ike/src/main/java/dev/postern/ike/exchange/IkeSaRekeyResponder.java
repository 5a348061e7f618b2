package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.wire.Header;
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
            return;
        }
        List<Proposal> usable = offers.proposals().stream().filter(p -> isUsable(p.spi())).toList();
        ProposalSelector.ChosenIke chosen =
                ProposalSelector.chooseIke(IkeSaSuccession.suites(sa), usable, ke.method(), false);
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
        try (var _ = keyExchange.shared()) {
            perform(turn, sa, message, chosen, nonce.data().array(), keyExchange);
        }
    }

    private static boolean isUsable(Octets spi) {
        return spi.length() == 8 && spi.toLong(0) != 0;
    }

    /// While a Child SA is being made or deleted by us, or two new IKE SAs stand already (section
    /// 2.25.2).
    private static boolean isBusy(IkeSa sa) {
        return switch (sa.pending()) {
            case ChildSaInitiator _, ChildSaDeletion _ -> true;
            case IkeSaRekeyInitiator own -> own.rival() != null;
            case LivenessCheck _,
                    TicketDelivery _,
                    AuthenticationLifetime _,
                    CrashToken _,
                    AddressUpdate _,
                    PathCheck _,
                    RedirectNotice _,
                    SwitchInitiator _,
                    ReplayCounterSync _ ->
                    false;
            case null -> false;
        };
    }

    private static void perform(
            Turn turn,
            IkeSa sa,
            Message message,
            ProposalSelector.ChosenIke chosen,
            byte[] ni,
            RekeyKeyExchange.Answered keyExchange) {
        IkeSuite suite = chosen.suite();
        long newSpi = turn.newIkeSpi();
        byte[] nr = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        IkeSaSuccession.Exchange exchange =
                new IkeSaSuccession.Exchange(
                        suite,
                        newSpi,
                        chosen.offer().spi().toLong(0),
                        false,
                        ni,
                        nr,
                        keyExchange.shared());
        IkeSa fresh = IkeSaSuccession.create(turn, sa, exchange);
        List<Payload> answer = new ArrayList<>();
        answer.add(
                new Payload.SecurityAssociation(
                        List.of(chosen.answer().withSpi(Octets.ofLong(newSpi)))));
        answer.add(new Payload.Nonce(Octets.of(nr)));
        answer.add(keyExchange.payload());
        answer.addAll(CrashToken.given(turn, fresh));
        respond(turn, sa, message, answer);
        if (sa.pending() instanceof IkeSaRekeyInitiator own) {
            own.noteRival(Rival.of(fresh, ni, nr));
        } else {
            IkeSaSuccession.adopt(turn, sa, fresh);
        }
    }

    private static void refuse(
            Turn turn, IkeSa sa, Message message, Counter counter, NotifyType type) {
        turn.count(counter);
        respond(turn, sa, message, List.of(Payload.Notify.of(type)));
    }

    private static void respond(Turn turn, IkeSa sa, Message message, List<Payload> payloads) {
        Header header = message.header();
        sa.respond(turn, header, message.octets().array(), payloads);
    }

    /// Whether a CREATE_CHILD_SA request is about the IKE SA: its proposals say so.
    static boolean isMeant(Payload.@Nullable SecurityAssociation offers) {
        return offers != null
                && !offers.proposals().isEmpty()
                && offers.proposals().getFirst().protocol() == Protocol.IKE;
    }
}
