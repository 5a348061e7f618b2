package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.CertificatePolicy.Revocation;
import dev.postern.ike.Counter;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Authority;
import dev.postern.ike.world.EapByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.OpaqueResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.pki.Credentials;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A client's certificate is revoked after its ticket was issued: no gateway that has the list
/// resumes the session, though a ticket holds no certificate.
class RevokedCertificateTest {
    private final Resumption r = new Resumption(53);
    private final Authority authority = Authority.root("Lab CA");
    private Credentials client = authority.issue(r.settings.identity, "P-256");

    @BeforeEach
    void everybodyHasACertificate() {
        certify(Revocation.RELAXED);
    }

    private void certify(Revocation revocation) {
        r.aSettings.certificates = policy(authority.issue(Resumption.A, "P-256"), revocation);
        r.bSettings.certificates = policy(authority.issue(Resumption.B, "P-256"), revocation);
        r.settings.certificates = policy(client, Revocation.OFF);
    }

    private CertificatePolicy policy(Credentials own, Revocation revocation) {
        return new CertificatePolicy(own, authority.anchors(), List.of(), revocation);
    }

    private void know(RevocationEvidence evidence) {
        r.b().give(new Input.KnowRevocations(evidence));
    }

    private boolean isResumed(ResumableSession ticket) {
        List<Payload> answer = r.byHand(ticket, 1).answer(r.world, r.b());
        if (answer.size() > 1) {
            return true;
        }
        assertThat(answer).containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(r.b().count(Counter.REFUSED_CERTIFICATE_REVOKED)).isEqualTo(1);
        assertThat(r.b().endpoint().size()).isZero();
        return false;
    }

    @Test
    void aListThatNamesItSinceEndsItsTicketsAndTheFullExchangeToo() {
        ResumableSession ticket = r.connect();
        know(authority.revoking(client));

        assertThat(isResumed(ticket)).isFalse();

        r.client().initiate(9, r.settings.profile(), r.b());
        r.world.settle();
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void soDoesAListThatNamesTheAuthorityInBetween() {
        Authority below = authority.intermediate("Branch CA");
        client = below.issue(r.settings.identity, "P-256");
        certify(Revocation.RELAXED);
        ResumableSession ticket = r.connect();
        know(authority.revoking(below));

        assertThat(isResumed(ticket)).isFalse();
    }

    private Authority certifyBelow() {
        Authority below = authority.intermediate("Branch CA");
        client = below.issue(r.settings.identity, "P-256");
        certify(Revocation.RELAXED);
        return below;
    }

    /// The gateway that resumes has never seen the authority in between.
    @Test
    void soDoesTheOperatorsOwnListOfAnAuthorityInBetween() {
        Authority below = certifyBelow();
        ResumableSession ticket = r.connect();
        know(below.fileRevoking(client));

        assertThat(isResumed(ticket)).isFalse();
    }

    /// Somebody on the way has answered in place of the server that lists are fetched from.
    @Test
    void aFetchedListOfAnAuthorityThatWasNeverMetEndsNothing() {
        certifyBelow();
        ResumableSession ticket = r.connect();
        know(Authority.root("Branch CA").revoking(client));

        assertThat(isResumed(ticket)).isTrue();
    }

    @Test
    void onceTheAuthorityInBetweenWasMetItsOwnListsCountAndOthersDoNot() {
        Authority below = certifyBelow();
        ResumableSession ticket = r.connect();
        Node b = r.b();
        r.client().initiate(9, r.settings.profile(), b);
        r.world.settle();
        know(Authority.root("Branch CA").fileRevoking(client));
        assertThat(r.byHand(ticket, 1).answer(r.world, b)).hasSizeGreaterThan(1);

        know(below.revoking(client));

        assertThat(r.byHand(ticket, 2).count(2).answer(r.world, b))
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(b.count(Counter.REFUSED_CERTIFICATE_REVOKED)).isEqualTo(1);
    }

    private ResumableSession connectWhileBAsks() {
        r.bSettings.certificates =
                new CertificatePolicy(
                        authority.issue(Resumption.B, "P-256"),
                        authority.anchors(),
                        List.of(),
                        Revocation.RELAXED,
                        RevocationSources.OF_CERTIFICATES);
        return r.connect();
    }

    /// The responder that gw-b asks says this of a client's certificate.
    private void respondAtB(boolean revoked) {
        r.b().seatRevocation(ask -> {
            X509Certificate about = ask.unknown().getFirst().certificate();
            Instant now = Instant.ofEpochSecond(r.world.now().epochSeconds());
            byte[] response = authority.ocspResponse(about, revoked, now);
            return new Answer.RevocationFound(
                    new RevocationEvidence(List.of(), Map.of(about, response)));
        });
    }

    /// No list names it; only the responder that is asked when the client comes with it.
    @Test
    void whatAResponderHasSaidInAnotherFullExchangeEndsItsTicketsToo() {
        ResumableSession ticket = connectWhileBAsks();
        respondAtB(true);
        r.client().initiate(9, r.settings.profile(), r.b());
        r.world.settle();
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);

        assertThat(r.byHand(ticket, 1).answer(r.world, r.b()))
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(r.b().count(Counter.REFUSED_CERTIFICATE_REVOKED))
                .as("the full exchange, and the resume")
                .isEqualTo(2);

        know(authority.revoking());
        assertThat(r.byHand(ticket, 2).answer(r.world, r.b()))
                .as("a list that does not name it does not take that back by itself")
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
    }

    /// It was on hold (RFC 5280 section 5.3.1).
    @Test
    void whatAResponderTakesBackEndsNothingAnyMore() {
        ResumableSession ticket = connectWhileBAsks();
        respondAtB(true);
        r.client().initiate(9, r.settings.profile(), r.b());
        r.world.settle();
        respondAtB(false);
        r.client().initiate(10, r.settings.profile(), r.b());
        r.world.settle();
        assertThat(r.client().lastEstablished().handle()).isEqualTo(10);

        assertThat(r.byHand(ticket, 1).answer(r.world, r.b())).hasSizeGreaterThan(1);
    }

    /// The client shows its certificate in EAP; the gateways judge those of IKE otherwise.
    private ResumableSession connectByEap(Revocation ofEap, Revocation ofIke) {
        for (GatewaySettings each : List.of(r.aSettings, r.bSettings)) {
            each.certificates = new CertificatePolicy(null, authority.anchors(), List.of(), ofIke);
            each.eap =
                    new EapPolicy(
                            GatewaySettings.key("what proves us"),
                            false,
                            true,
                            new CertificatePolicy(null, authority.anchors(), List.of(), ofEap));
        }
        r.settings.certificates = null;
        r.settings.eap = new EapPolicy(GatewaySettings.key("what proves us"), false, true);
        EapByHand method = new EapByHand();
        method.aaaAttributes = PeerGroup.marksOf(client.chain().certificates());
        method.seat(r.a(), r.client());
        return r.connect();
    }

    @Test
    void aCertificateOfEapIsHeldToWhatHoldsForEap() {
        ResumableSession ticket = connectByEap(Revocation.RELAXED, Revocation.OFF);
        know(authority.revoking(client));

        assertThat(isResumed(ticket)).isFalse();
    }

    @Test
    void whereRevocationIsOffForEapNoListCounts() {
        ResumableSession ticket = connectByEap(Revocation.OFF, Revocation.STRICT);
        know(authority.revoking(client));

        assertThat(isResumed(ticket)).isTrue();
    }

    @Test
    void aTicketOfRfc5723EndsToo() {
        r.settings.resumption = Suites.RFC_5723;
        r.aSettings.resumption = Suites.RFC_5723;
        r.bSettings.resumption = Suites.RFC_5723;
        ResumableSession ticket = r.connect();
        know(authority.revoking(client));

        OpaqueResumeByHand peer = new OpaqueResumeByHand(r.world, r.b(), ticket, 1);
        assertThat(peer.sendFirst().getFirst().message().payloads())
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(r.b().count(Counter.REFUSED_CERTIFICATE_REVOKED)).isEqualTo(1);
    }

    @Test
    void aListOfAnotherAuthorityOfTheSameNameEndsNothing() {
        ResumableSession ticket = r.connect();
        know(Authority.root("Lab CA").revoking(client));

        assertThat(isResumed(ticket)).isTrue();
    }

    @Test
    void aListThatNamesOthersEndsNothing() {
        ResumableSession ticket = r.connect();
        know(authority.revoking(authority.issue(r.settings.identity, "P-256")));

        assertThat(isResumed(ticket)).isTrue();
    }

    @Test
    void whereRevocationIsOffNoListCounts() {
        certify(Revocation.OFF);
        ResumableSession ticket = r.connect();
        know(authority.revoking(client));

        assertThat(isResumed(ticket)).isTrue();
    }

    /// The next ticket rests on the same certificate.
    @Test
    void aChainOfResumesEndsToo() {
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        ResumableSession next = r.client().lastTicket();
        know(authority.revoking(client));
        Node b = r.b();

        assertThat(r.byHand(next, 2).answer(r.world, b))
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
    }
}
