package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.negotiate.AddressRequest;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.NatDetection;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.ResumptionSecret;
import dev.postern.ike.sa.SessionHash;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// The one place where a resume changes state at the gateway: keys, the provisional IKE SA, its
/// Child SA, a new ticket, and the response, which is the only thing sent until the client has
/// confirmed.
final class ResumePerform {
    private ResumePerform() {}

    static void perform(
            Turn turn,
            IkeSa sa,
            AuthenticRequest request,
            List<InetAddress> addresses,
            List<ConfigurationAttribute> attributes) {
        ResumeAttempt attempt = request.attempt();
        ChildSa child =
                request.offer()
                        .withInitiatorAddresses(addresses)
                        .narrow(
                                turn.newEspSpi(),
                                request.esp(),
                                request.profile(),
                                attempt.path(),
                                addresses);
        if (child == null) {
            attempt.refuse(NotifyType.TS_UNACCEPTABLE, Counter.REFUSED_TS_UNACCEPTABLE);
            sa.close(turn, CloseReason.TS_UNACCEPTABLE, "", true);
            return;
        }
        Payload.KeyExchange ke = request.keyExchange();
        if (ke == null) {
            install(turn, sa, request, attempt, child, addresses, attributes, null, null);
            return;
        }
        byte[] theirs = ke.data().array();
        try (KeyAgreement own = attempt.suite().keyExchange().respond(theirs, turn.entropy());
                SecretBytes shared = own.agree(theirs)) {
            install(
                    turn,
                    sa,
                    request,
                    attempt,
                    child,
                    addresses,
                    attributes,
                    new Payload.KeyExchange(
                            attempt.suite().keyExchange().transformId(),
                            Octets.of(own.publicData())),
                    shared);
        } catch (InvalidKeyExchangeException e) {
            attempt.refuse(NotifyType.INVALID_SYNTAX, Counter.DROPPED_KEY_EXCHANGE);
            sa.close(turn, CloseReason.INVALID_KE_PAYLOAD, "", true);
        }
    }

    private static void install(
            Turn turn,
            IkeSa sa,
            AuthenticRequest request,
            ResumeAttempt attempt,
            ChildSa child,
            List<InetAddress> addresses,
            List<ConfigurationAttribute> attributes,
            Payload.@Nullable KeyExchange own,
            @Nullable SecretBytes shared) {
        Session old = attempt.session();
        ProvisionalCopies.makeRoom(turn, sa, old, attempt.gatewaySwitchCount());
        IkeSuite suite = attempt.suite();
        byte[] nr = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        byte[] skeyseed =
                ResumptionSecret.skeyseed(suite.prf(), old.secret(), shared, request.ni(), nr);
        sa.setKeys(
                turn,
                IkeKeys.derive(suite, skeyseed, ResponderKeys.context(turn, sa, request.ni(), nr)));
        List<ConfigurationAttribute> configuration =
                addresses.isEmpty()
                        ? old.configuration()
                        : AddressRequest.reply(addresses, attributes);
        EstablishedSession session = session(turn, sa, request, nr, own, configuration);
        int count = attempt.gatewaySwitchCount();
        sa.setWindows(
                new RequestWindow(MessageId.of(count, 0)),
                new ResponseWindow(MessageId.of(count, 1)));
        sa.authenticated(turn, session, request.profile());
        ChildSaKeys.install(turn, sa, child, suite, request.ni(), nr, addresses);
        List<Payload> answer = new ArrayList<>();
        answer.add(new Payload.IdResponder(session.responder()));
        List<Payload> childAnswer = ChildOffer.answer(child, request.esp());
        answer.add(childAnswer.getFirst());
        answer.add(new Payload.Nonce(Octets.of(nr)));
        if (own != null) {
            answer.add(own);
        }
        answer.addAll(childAnswer.subList(1, childAnswer.size()));
        if (!addresses.isEmpty()) {
            answer.add(new Payload.Configuration(Payload.Configuration.REPLY, configuration));
        }
        answer.addAll(CrashToken.given(turn, sa));
        answer.addAll(
                NatDetection.notifications(
                        sa.spiI(), sa.spiR(), sa.path().local(), sa.path().remote()));
        PayloadCipher cipher = attempt.responseCipher(sa.spiR());
        attempt.logResponseKeys(sa.spiR());
        ticket(
                turn,
                sa,
                request,
                cipher,
                (later, ticket) -> {
                    if (ticket != null) {
                        answer.add(ticket);
                    }
                    Payload list = GatewayLists.listFor(later, sa);
                    if (list != null) {
                        answer.add(list);
                    }
                    answer.addAll(ProbingFloor.told(sa));
                    answer.addAll(Vouching.shown(later));
                    try (cipher) {
                        respond(later, sa, attempt, cipher, session, answer);
                    }
                });
    }

    /// The next ticket goes with the answer; a reference follows later.
    private static void ticket(
            Turn turn,
            IkeSa sa,
            AuthenticRequest request,
            PayloadCipher cipher,
            SealingElsewhere.Sealed then) {
        ResumptionPolicy policy = request.attempt().policy(request.profile());
        TicketSealer sealer = turn.configuration().tickets();
        if (StoredTickets.followByReference(sa, policy)) {
            // The client keeps its old reference until it has confirmed; the new one follows then.
            then.resume(turn, StoredTickets.announcement());
        } else if (sealer == null) {
            then.resume(turn, null);
        } else if (sealer.sealsElsewhere()) {
            SealingElsewhere.await(turn, sa, Session.Kind.ONE_ROUND_TRIP, policy, cipher, then);
        } else {
            then.resume(turn, Tickets.issue(turn, sa, sealer, Session.Kind.ONE_ROUND_TRIP, policy));
        }
    }

    private static void respond(
            Turn turn,
            IkeSa sa,
            ResumeAttempt attempt,
            PayloadCipher cipher,
            EstablishedSession session,
            List<Payload> answer) {
        byte[] response = attempt.seal(cipher, sa.spiR(), answer, turn.entropy());
        long expiresAt =
                turn.now().nanos() + turn.configuration().limits().provisionalLifetimeNanos();
        sa.enter(turn, new Provisional(response, expiresAt));
        turn.count(Counter.ESTABLISHED_RESUMED_1RTT);
        turn.emit(Continuation.of(sa, attempt.session()));
        turn.emit(
                new Event.IkeSaEstablished(
                        sa.handle(),
                        Event.Origin.RESUMED_1RTT,
                        true,
                        session.responder(),
                        session.authenticatedIdentity(),
                        sa.path(),
                        sa.spiI(),
                        sa.spiR(),
                        attempt.gatewaySwitchCount(),
                        session.sessionId(),
                        session.innerAddresses(),
                        session.profile()));
        turn.send(sa.path(), response);
        turn.table().timers().schedule(sa);
    }

    private static EstablishedSession session(
            Turn turn,
            IkeSa sa,
            AuthenticRequest request,
            byte[] nr,
            Payload.@Nullable KeyExchange own,
            List<ConfigurationAttribute> configuration) {
        ResumeAttempt attempt = request.attempt();
        Session old = attempt.session();
        Identity local = turn.configuration().localIdentity();
        SessionHash.Resume resume =
                new SessionHash.Resume(
                        sa.spiI(),
                        sa.spiR(),
                        attempt.gatewaySwitchCount(),
                        request.ni(),
                        nr,
                        request.keyExchange(),
                        own,
                        old.initiator().body(),
                        local.body());
        return EstablishedSession.of(old, attempt.suite())
                .resumed(resume, local, old.authenticatedIdentity(), old.profile(), configuration);
    }
}
