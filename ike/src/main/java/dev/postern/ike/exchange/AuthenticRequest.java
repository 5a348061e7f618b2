package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.negotiate.AddressRequest;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// The witness that a resume request may be performed: its sender holds the session's secret and
/// means us, it is fresh as far as this gateway can know, and policy still allows the session. Only
/// [#judge] makes one.
final class AuthenticRequest {
    private static final int NONCE_LENGTH = 32;

    private final ResumeAttempt attempt;
    private final ResponderProfile profile;
    private final ProposalSelector.ChosenEsp esp;
    private final ChildOffer offer;
    private final byte[] ni;
    private final Payload.@Nullable KeyExchange keyExchange;
    private final @Nullable AddressRequest addressRequest;

    private AuthenticRequest(
            ResumeAttempt attempt,
            ResponderProfile profile,
            ProposalSelector.ChosenEsp esp,
            ChildOffer offer,
            byte[] ni,
            Payload.@Nullable KeyExchange keyExchange,
            @Nullable AddressRequest addressRequest) {
        this.attempt = attempt;
        this.profile = profile;
        this.esp = esp;
        this.offer = offer;
        this.ni = ni;
        this.keyExchange = keyExchange;
        this.addressRequest = addressRequest;
    }

    ResumeAttempt attempt() {
        return attempt;
    }

    ResponderProfile profile() {
        return profile;
    }

    ProposalSelector.ChosenEsp esp() {
        return esp;
    }

    ChildOffer offer() {
        return offer;
    }

    byte[] ni() {
        return ni;
    }

    Payload.@Nullable KeyExchange keyExchange() {
        return keyExchange;
    }

    /// The inner address that the client asks for; null where the session has none.
    @Nullable AddressRequest addressRequest() {
        return addressRequest;
    }

    /// The IKE SA that this request revives, not yet with keys.
    IkeSa newIkeSa(IkeSaState state) {
        Turn turn = attempt.turn();
        long spiI = attempt.message().header().spiI();
        int messageId = MessageId.of(attempt.gatewaySwitchCount(), 0);
        IkeSa sa =
                new IkeSa(
                        turn.table().newResponderHandle(),
                        turn.newIkeSpi(),
                        spiI,
                        false,
                        attempt.path(),
                        state,
                        messageId);
        sa.register(turn);
        turn.table().addBegun(attempt.message(), sa);
        sa.joinSession(turn, attempt.session().sessionId());
        return sa;
    }

    /// Judges the protected part; a refusal has been sent where the result is null.
    static @Nullable AuthenticRequest judge(ResumeAttempt attempt, Opened.Authentic authentic) {
        Turn turn = attempt.turn();
        List<Payload> payloads = authentic.payloads();
        Integer critical = Message.findUnknownCritical(payloads);
        if (critical != null) {
            Octets type = Octets.of(new byte[] {critical.byteValue()});
            attempt.refuse(
                    NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD,
                    type,
                    Counter.REFUSED_CRITICAL_PAYLOAD);
            return null;
        }
        Payload.IdResponder meant = Message.find(payloads, Payload.IdResponder.class);
        Payload.SecurityAssociation offers =
                Message.find(payloads, Payload.SecurityAssociation.class);
        Payload.Nonce nonce = Message.find(payloads, Payload.Nonce.class);
        if (meant == null
                || offers == null
                || nonce == null
                || nonce.data().length() != NONCE_LENGTH
                || payloads.getFirst() instanceof Payload.Notify) {
            attempt.refuse(NotifyType.INVALID_SYNTAX, Counter.REFUSED_INVALID_SYNTAX);
            return null;
        }
        if (!means(turn.configuration(), meant.identity())) {
            attempt.refuse(NotifyType.AUTHENTICATION_FAILED, Counter.REFUSED_TICKET_IDENTITY);
            return null;
        }
        ResponderProfile profile = judgeSession(turn, attempt);
        return profile == null
                ? null
                : judgeChild(attempt, profile, payloads, offers, nonce.data().array());
    }

    private static boolean means(EndpointConfiguration configuration, Identity identity) {
        return identity.equals(configuration.localIdentity())
                || identity.equals(Identity.fqdn(configuration.secureDomain()));
    }

    /// Expiry, policy, revocation, freshness and bounds.
    private static @Nullable ResponderProfile judgeSession(Turn turn, ResumeAttempt attempt) {
        return switch (SessionJudgement.of(turn, attempt.session(), attempt.suite())) {
            case SessionJudgement.Refused refused -> {
                attempt.refuse(NotifyType.TICKET_NACK, refused.counter());
                yield null;
            }
            case SessionJudgement.Permitted permitted ->
                    judgeFreshness(turn, attempt, permitted.profile());
        };
    }

    private static @Nullable ResponderProfile judgeFreshness(
            Turn turn, ResumeAttempt attempt, ResponderProfile profile) {
        Session session = attempt.session();
        int count = attempt.gatewaySwitchCount();
        boolean stale = count <= session.gatewaySwitchCount();
        for (IkeSa sibling : turn.table().bySession(session.sessionId())) {
            stale |= sibling.isEstablished() && isSupersededBy(sibling, session, count);
        }
        if (stale) {
            attempt.refuse(NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_STALE_COUNT);
            return null;
        }
        if (isAttemptedAgain(turn, attempt)) {
            return null;
        }
        if (!ProvisionalCopies.hasRoom(turn, session, count)) {
            attempt.refuse(NotifyType.TEMPORARY_FAILURE, Counter.REFUSED_TICKET_BUSY);
            return null;
        }
        return profile.forPeer(session.authenticatedIdentity(), session.aaaAttributes());
    }

    /// Whether this is what an IKE SA here has been revived by, sealed anew behind a COOKIE: every
    /// other attempt has an SPIi of its own. Its answer is that of the first, once there is one.
    private static boolean isAttemptedAgain(Turn turn, ResumeAttempt attempt) {
        for (IkeSa sibling : turn.table().bySession(attempt.session().sessionId())) {
            if (!sibling.isInitiator() && sibling.peerSpi() == attempt.message().header().spiI()) {
                if (sibling.state() instanceof Provisional answered) {
                    turn.count(Counter.RETRANSMITTED_RESPONSE);
                    turn.send(attempt.path(), answered.response());
                } else {
                    turn.count(Counter.DROPPED_WRONG_STATE);
                }
                return true;
            }
        }
        return false;
    }

    /// Whether an IKE SA that stands here is newer than what the ticket would make. A rekeying
    /// begins a new generation with count 0; the newest ticket of the one before stays good until
    /// the client has acknowledged its successor (failover profile, "Capability negotiation").
    private static boolean isSupersededBy(IkeSa standing, Session ticket, int count) {
        EstablishedSession known = standing.session();
        if (known == null || known.generation() < ticket.generation()) {
            return false;
        }
        if (known.generation() == ticket.generation()) {
            return known.gatewaySwitchCount() >= count;
        }
        if (standing.relation().isBehindFloor(ticket.generation(), count)) {
            return true;
        }
        return !(standing.pending() instanceof TicketDelivery)
                && !standing.relation().awaitsProofOfTicket()
                && standing.relation().followingTicket() == null
                && !standing.duties().contains(new Duty.SendTicket());
    }

    private static @Nullable AuthenticRequest judgeChild(
            ResumeAttempt attempt,
            ResponderProfile profile,
            List<Payload> payloads,
            Payload.SecurityAssociation offers,
            byte[] ni) {
        SessionChildSa child = attempt.session().defaultChildSa();
        ProposalSelector.ChosenEsp esp =
                ProposalSelector.chooseEsp(profile.espSuites(), offers.proposals());
        // A Child SA in transport mode stays one (failover profile, "The exchange").
        if (esp == null
                || child == null
                || child.transportMode() != TransportMode.isIn(payloads)
                || child.transportMode() != TransportMode.isWanted(profile)) {
            attempt.refuse(NotifyType.NO_PROPOSAL_CHOSEN, Counter.REFUSED_NO_PROPOSAL_CHOSEN);
            return null;
        }
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        int group = attempt.suite().keyExchange().transformId();
        boolean missing =
                ke == null && attempt.policy(profile).keyExchange() == KeyExchangeInResume.REQUIRED;
        if (missing || (ke != null && ke.method() != group)) {
            Octets wanted = Octets.of(new byte[] {(byte) (group >>> 8), (byte) group});
            attempt.refuse(
                    NotifyType.INVALID_KE_PAYLOAD, wanted, Counter.REFUSED_INVALID_KE_PAYLOAD);
            return null;
        }
        Payload.TsInitiator tsI = Message.find(payloads, Payload.TsInitiator.class);
        Payload.TsResponder tsR = Message.find(payloads, Payload.TsResponder.class);
        ChildOffer offer =
                new ChildOffer(
                        offers.proposals(),
                        tsI == null ? child.initiatorSelectors() : tsI.selectors(),
                        tsR == null ? child.responderSelectors() : tsR.selectors(),
                        child.transportMode());
        return new AuthenticRequest(
                attempt,
                profile,
                esp,
                offer,
                ni,
                ke,
                addressesOf(attempt.session(), profile, payloads));
    }

    /// A client that asks gets what it asks for; one that does not, and had an address, keeps it.
    private static @Nullable AddressRequest addressesOf(
            Session session, ResponderProfile profile, List<Payload> payloads) {
        if (!profile.assignsAddresses()) {
            return null;
        }
        AddressRequest asked =
                AddressRequest.of(Message.find(payloads, Payload.Configuration.class));
        if (asked != null) {
            return asked;
        }
        List<InetAddress> old = EstablishedSession.innerAddresses(session.configuration());
        return AddressRequest.again(old, session.configuration());
    }
}
