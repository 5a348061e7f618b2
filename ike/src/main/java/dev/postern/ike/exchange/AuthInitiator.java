package dev.postern.ike.exchange;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Path;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.negotiate.AddressRequest;
import dev.postern.ike.negotiate.AssignedNetwork;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.IntAuth;
import dev.postern.ike.sa.SessionHash;
import dev.postern.ticket.Session;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// IKE_AUTH with a pre-shared key, or with a resumed session, at the initiator (RFC 7296 section 1.2, RFC 5723 section
/// 4.3.3):
///
///     HDR, SK{ IDi, [IDr], AUTH, [CP(CFG_REQUEST)], SAi2, TSi, TSr, N(SESSION_RESUMPTION_SUPPORTED), ... }   -->
///                     <--   HDR, SK{ IDr, AUTH, [CP(CFG_REPLY)], SAr2, TSi, TSr, N(IKEV2_TICKET), ... }
final class AuthInitiator implements IkeSaState {
    /// What the exchange before has left.
    ///
    /// @param intAuth of IKE_INTERMEDIATE; null where there is none
    /// @param resumed the session of an RFC 5723 resume; null in a full exchange
    record Context(
            InitiatorProfile profile,
            IkeSuite suite,
            byte[] firstRequest,
            byte[] firstResponse,
            byte[] ni,
            byte[] nr,
            @Nullable Session resumed,
            boolean peerSentVendorId,
            @Nullable IntAuth intAuth) {
        byte[] intAuthOctets() {
            return intAuth == null ? new byte[0] : intAuth.octets();
        }
    }

    private static final List<TrafficSelector> EVERY_ADDRESS =
            List.of(
                    TrafficSelector.subnet(InetAddress.ofLiteral("0.0.0.0"), 0),
                    TrafficSelector.subnet(InetAddress.ofLiteral("::"), 0));

    private static final String NO_ADDRESS = "the gateway assigned no inner address";

    private final Context context;
    private final InitiatorAuthentication authentication;
    private final int inboundSpi;
    private final SelectorPolicy offered;
    private final boolean childless;

    private AuthInitiator(
            Context context,
            @Nullable PpkInitiator ppk,
            int inboundSpi,
            SelectorPolicy offered,
            boolean childless) {
        this.context = context;
        this.authentication = new InitiatorAuthentication(context, ppk);
        this.inboundSpi = inboundSpi;
        this.offered = offered;
        this.childless = childless;
    }

    static void begin(Turn turn, IkeSa sa, Context context) {
        InitiatorProfile profile = context.profile();
        String missed = PpkInitiator.missed(turn, sa, context);
        if (missed != null) {
            sa.close(turn, CloseReason.AUTHENTICATION_FAILED, missed, false);
            return;
        }
        if (ChildlessExchange.isMissed(context)) {
            sa.close(turn, CloseReason.NO_PROPOSAL_CHOSEN, ChildlessExchange.MISSED, false);
            return;
        }
        AuthInitiator state =
                new AuthInitiator(
                        context,
                        PpkInitiator.of(turn, sa, context),
                        turn.newEspSpi(),
                        offer(profile, sa.path()),
                        ChildlessExchange.isWanted(context));
        List<Payload> proof = state.authentication.ownProof(turn, sa);
        if (proof == null) {
            state.wipe();
            sa.close(
                    turn,
                    CloseReason.AUTHENTICATION_FAILED,
                    "the gateway understands no signature that our key makes",
                    false);
            return;
        }
        sa.enter(turn, state);
        sa.request(
                turn,
                ExchangeType.IKE_AUTH,
                state.payloads(turn, sa, proof),
                profile.exchangeSchedule());
    }

    private static SelectorPolicy offer(InitiatorProfile profile, Path path) {
        if (TransportMode.isWanted(profile)) {
            return TransportMode.between(path)
                    .narrow(profile.localSelectors(), profile.remoteSelectors());
        }
        // With an address to come, TSi is wide and the responder narrows it (RFC 7296 section 2.9).
        return new SelectorPolicy(
                profile.requestAddresses() ? EVERY_ADDRESS : profile.localSelectors(),
                profile.remoteSelectors());
    }

    private List<Payload> payloads(Turn turn, IkeSa sa, List<Payload> proof) {
        InitiatorProfile profile = context.profile();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.IdInitiator(authentication.localIdentity()));
        Identity wanted =
                context.resumed() != null ? context.resumed().responder() : profile.namedGateway();
        if (wanted != null) {
            payloads.add(new Payload.IdResponder(wanted));
        }
        if (context.resumed() == null) {
            payloads.addAll(CertificateProof.request(profile.certificates()));
            payloads.addAll(InitialContact.claimed(turn, profile, sa.path()));
        }
        payloads.addAll(proof);
        payloads.addAll(CrashToken.given(turn, sa));
        if (profile.requestAddresses()) {
            payloads.add(
                    AddressRequest.toPayload(
                            context.resumed() == null
                                    ? sa.relation().wanted()
                                    : EstablishedSession.innerAddresses(
                                            context.resumed().configuration())));
        }
        if (!childless) {
            payloads.addAll(ChildOffer.asked(profile, inboundSpi, offered));
        }
        boolean vendor = context.peerSentVendorId();
        payloads.addAll(
                EarlyAnnouncement.remainder(
                        context,
                        GatewayLists.asking(Tickets.request(profile.resumption(), vendor))));
        payloads.addAll(Mobility.announced(turn));
        payloads.addAll(CounterSync.announced(turn));
        return payloads;
    }

    @Override
    public void wipe() {
        authentication.wipe();
    }

    InitiatorAuthentication authentication() {
        return authentication;
    }

    String profileName() {
        return context.profile().name();
    }

    RetransmissionSchedule exchangeSchedule() {
        return context.profile().exchangeSchedule();
    }

    void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        Payload.IdResponder id = Message.find(payloads, Payload.IdResponder.class);
        Payload.Authentication auth = Message.find(payloads, Payload.Authentication.class);
        Payload.Notify error = Message.findError(payloads);
        if (id == null || (auth == null && !authentication.isEap())) {
            CloseReason reason =
                    error != null && error.is(NotifyType.AUTHENTICATION_FAILED)
                            ? CloseReason.AUTHENTICATION_FAILED
                            : CloseReason.SYNTAX;
            String seen = error == null ? "no IDr and AUTH" : NotifyType.name(error.type());
            sa.close(turn, reason, "the gateway answered " + seen + " to IKE_AUTH", false);
            return;
        }
        if (!isAccepted(id.identity())) {
            fail(
                    turn,
                    sa,
                    CloseReason.UNEXPECTED_IDENTITY,
                    "the gateway is "
                            + id.identity()
                            + ", accepted are "
                            + context.profile().acceptedGateways());
            return;
        }
        if (authentication.isEap()) {
            EapInitiator.onFirstResponse(turn, sa, this, id.identity(), payloads);
            return;
        }
        String fault =
                auth == null
                        ? "there is no AUTH"
                        : !authentication.settlePpk(sa, payloads)
                                ? PpkInitiator.UNUSED
                                : authentication.faultOf(turn, sa, id.identity(), payloads, auth);
        if (fault != null) {
            fail(turn, sa, CloseReason.AUTHENTICATION_FAILED, fault);
            return;
        }
        authentication.settleRevocation(
                turn,
                sa,
                (later, revoked) -> {
                    if (revoked == null) {
                        establish(later, sa, id.identity(), payloads, error);
                    } else {
                        fail(later, sa, CloseReason.AUTHENTICATION_FAILED, revoked);
                    }
                });
    }

    private boolean isAccepted(Identity identity) {
        Session resumed = context.resumed();
        return resumed == null
                ? context.profile().acceptedGateways().contains(identity)
                : resumed.responder().equals(identity);
    }

    /// The gateway is proven; what it made of the Child SA is looked at now.
    void establish(
            Turn turn,
            IkeSa sa,
            Identity gateway,
            List<Payload> payloads,
            Payload.@Nullable Notify error) {
        if (RedirectInitiator.onAuth(turn, sa, payloads)) {
            return;
        }
        ChildSa child = null;
        if (!childless || error != null) {
            switch (AnsweredChildSa.judge(
                    payloads, context.profile(), inboundSpi, offered, sa.path())) {
                case AnsweredChildSa.Granted granted -> child = granted.child();
                case AnsweredChildSa.Missing(CloseReason reason, String detail) -> {
                    fail(turn, sa, reason, detail);
                    return;
                }
            }
        }
        List<ConfigurationAttribute> configuration = AddressRequest.answerIn(payloads);
        if (lacksAddress(configuration)) {
            fail(turn, sa, CloseReason.ADDRESS_FAILURE, NO_ADDRESS);
            return;
        }
        finish(turn, sa, gateway, configuration, child, payloads);
    }

    private boolean lacksAddress(List<ConfigurationAttribute> configuration) {
        return context.profile().requestAddresses()
                && EstablishedSession.innerAddresses(configuration).isEmpty();
    }

    private void finish(
            Turn turn,
            IkeSa sa,
            Identity gateway,
            List<ConfigurationAttribute> configuration,
            @Nullable ChildSa child,
            List<Payload> payloads) {
        InitiatorProfile profile = context.profile();
        IkeSuite suite = context.suite();
        Identity local = authentication.localIdentity();
        Session resumed = context.resumed();
        Mobility.agree(turn, sa, payloads);
        sa.agreeOn(PpkResponder.extensionOf(sa, resumed));
        CounterSync.agree(turn, sa, payloads);
        EstablishedSession session =
                new EstablishedSession(
                        resumed == null ? newSessionId(turn) : resumed.sessionId(),
                        resumed == null ? 0 : resumed.generation() + 1,
                        0,
                        local,
                        gateway,
                        gateway,
                        suite,
                        SessionHash.first(
                                context.firstRequest(),
                                context.firstResponse(),
                                local.body(),
                                gateway.body(),
                                context.intAuthOctets()),
                        configuration,
                        authentication.method(),
                        turn.now().epochSeconds(),
                        authentication.hardDeadline(),
                        profile.name(),
                        profile.secureDomain(),
                        sa.extensions(),
                        authentication.peerCertificate(),
                        List.of(),
                        List.of());
        sa.enter(turn, new Established());
        sa.authenticated(turn, session, profile);
        AuthenticationLifetime.receive(turn, sa, payloads);
        ProbingFloor.receive(sa, payloads);
        CrashToken.take(sa, payloads);
        if (child == null) {
            ChildlessExchange.follow(turn, sa);
        } else {
            ChildSaKeys.install(turn, sa, child, suite, context.ni(), context.nr(), List.of());
            sa.children().used(turn, child.inboundSpi());
        }
        FurtherChildSas.follow(turn, sa);
        tellNetwork(turn, sa, configuration);
        turn.emit(
                new Event.IkeSaEstablished(
                        sa.handle(),
                        resumed == null
                                ? Event.Origin.FULL_EXCHANGE
                                : Event.Origin.RESUMED_RFC_5723,
                        false,
                        local,
                        gateway,
                        sa.path(),
                        sa.spiI(),
                        sa.spiR(),
                        0,
                        session.sessionId(),
                        session.innerAddresses(),
                        profile.name()));
        if (!Tickets.receive(
                turn, sa, payloads, profile.resumption(), context.peerSentVendorId())) {
            TicketRenewal.begin(turn, sa, payloads);
        }
        if (context.peerSentVendorId()) {
            Vouching.receive(sa, payloads);
            GatewayLists.receive(turn, sa, EarlyAnnouncement.listIn(context, payloads));
        }
    }

    /// What the gateway says of the network behind it is for whoever keeps routes and names; it
    /// comes before the word that the IKE SA stands.
    static void tellNetwork(Turn turn, IkeSa sa, List<ConfigurationAttribute> configuration) {
        if (!configuration.isEmpty()) {
            turn.emit(new Event.NetworkAssigned(sa.handle(), AssignedNetwork.of(configuration)));
        }
    }

    private static Octets newSessionId(Turn turn) {
        return Octets.of(turn.entropy().octets(16));
    }

    /// The gateway holds an IKE SA that we do not want: it is told.
    private static void fail(Turn turn, IkeSa sa, CloseReason reason, String detail) {
        Informational.deleteAndForget(turn, sa, reason, detail);
    }
}
