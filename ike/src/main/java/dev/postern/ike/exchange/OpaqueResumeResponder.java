package dev.postern.ike.exchange;

import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Path;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.NatDetection;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// RFC 5723's IKE_SESSION_RESUME at the gateway, section 4.3.2. The sender proves that it holds
/// SK_d only in the IKE_AUTH that follows, so what is kept here is half-open and bounded as after
/// IKE_SA_INIT.
final class OpaqueResumeResponder {
    private OpaqueResumeResponder() {}

    static void onRequest(Turn turn, Path path, Message message) {
        Payload.Nonce nonce = Message.find(message.payloads(), Payload.Nonce.class);
        Payload.Notify opaque = Message.findNotify(message.payloads(), NotifyType.TICKET_OPAQUE);
        if (nonce == null || opaque == null || message.encrypted() != null) {
            turn.count(Counter.REFUSED_INVALID_SYNTAX);
            return;
        }
        if (!Admission.ofResume(turn, path, message, opaque.data())) {
            return;
        }
        TicketSealer sealer = turn.configuration().tickets();
        if (sealer == null) {
            nack(turn, path, message, Counter.REFUSED_TICKET_NOT_OPENED);
            return;
        }
        SessionReference reference = sealer.openReference(opaque.data());
        if (reference != null && ReferenceResumeResponder.keepsSessions(turn)) {
            if (SessionFetch.isAdmitted(turn, path, message, opaque.data())) {
                byte[] ni = nonce.data().array();
                SessionFetch.begin(
                        turn,
                        path,
                        message,
                        reference,
                        (later, sa, stored) -> onRecord(later, sa, message, ni, reference, stored));
            }
            return;
        }
        switch (sealer.open(opaque.data(), Session.Kind.RFC_5723)) {
            case OpenResult.Elsewhere _ ->
                    OpeningElsewhere.begin(
                            turn,
                            path,
                            message,
                            opaque.data(),
                            opaque.data(),
                            Session.Kind.RFC_5723,
                            (later, sa, ticket) -> {
                                OpeningElsewhere.forget(later, sa);
                                resume(later, sa.path(), message, nonce, ticket);
                            });
            case OpenResult.Refused _ ->
                    nack(turn, path, message, Counter.REFUSED_TICKET_NOT_OPENED);
            case OpenedTicket ticket -> resume(turn, path, message, nonce, ticket);
        }
    }

    private static void resume(
            Turn turn, Path path, Message message, Payload.Nonce nonce, OpenedTicket ticket) {
        try (SecretBytes _ = ticket.session().secret()) {
            onTicket(turn, path, message, nonce.data().array(), ticket.session());
        }
    }

    /// The record of a ticket by reference has come; it is a ticket by value.
    private static void onRecord(
            Turn turn,
            IkeSa waiting,
            Message message,
            byte[] ni,
            SessionReference reference,
            StoredSession stored) {
        TicketSealer sealer = turn.configuration().tickets();
        if (sealer == null
                || !(sealer.open(stored.sealed(), Session.Kind.RFC_5723)
                        instanceof OpenedTicket ticket)) {
            SessionFetch.nackInVain(turn, waiting, message);
            return;
        }
        SessionFetch.forget(turn, waiting);
        try (SecretBytes _ = ticket.session().secret()) {
            IkeSa sa = onTicket(turn, waiting.path(), message, ni, ticket.session());
            if (sa != null) {
                sa.setRecord(SessionRecord.resumedFrom(reference));
            }
        }
    }

    private static void nack(Turn turn, Path path, Message message, Counter counter) {
        turn.count(counter);
        SaInitResponder.refuseTicket(turn, path, message.header());
    }

    private static @Nullable IkeSa onTicket(
            Turn turn, Path path, Message message, byte[] ni, Session session) {
        IkeSuite suite = IkeSuite.ofChosen(session.ikeProposal());
        if (suite == null) {
            nack(turn, path, message, Counter.REFUSED_TICKET_POLICY);
            return null;
        }
        return switch (SessionJudgement.of(turn, session, suite)) {
            case SessionJudgement.Refused refused -> {
                nack(turn, path, message, refused.counter());
                yield null;
            }
            case SessionJudgement.Permitted _ -> accept(turn, path, message, ni, session, suite);
        };
    }

    private static IkeSa accept(
            Turn turn, Path path, Message message, byte[] ni, Session session, IkeSuite suite) {
        long spiI = message.header().spiI();
        long spiR = turn.newIkeSpi();
        byte[] nr = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        boolean vendor = Vendor.isNamedIn(message.payloads());
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.Nonce(Octets.of(nr)));
        if (Message.findNotify(message.payloads(), NotifyType.NAT_DETECTION_SOURCE_IP) != null) {
            payloads.addAll(NatDetection.notifications(spiI, spiR, path.local(), path.remote()));
        }
        payloads.addAll(Extensions.answered(turn.configuration(), message.payloads()));
        if (vendor) {
            payloads.add(Vendor.FAILOVER);
        }
        byte[] response =
                MessageCodec.encode(message.header().toResponse().withSpiR(spiR), payloads);
        HalfOpen state =
                new HalfOpen(
                        suite,
                        message.octets().array(),
                        response,
                        ni,
                        nr,
                        null,
                        new byte[0],
                        session,
                        vendor,
                        null,
                        turn.now().nanos() + turn.configuration().limits().halfOpenLifetimeNanos());
        IkeSa sa = SaInitResponder.open(turn, path, message, spiR, state);
        sa.agreeOn(
                Extensions.agreed(turn.configuration(), message.payloads())
                        | RedirectResponder.extensionOf(message.payloads()));
        byte[] skeyseed =
                KeyDerivation.resumedSkeyseed(suite.prf(), session.secret().expose(), ni, nr);
        sa.setKeys(turn, IkeKeys.derive(suite, skeyseed, ResponderKeys.context(turn, sa, ni, nr)));
        turn.send(path, response);
        return sa;
    }
}
