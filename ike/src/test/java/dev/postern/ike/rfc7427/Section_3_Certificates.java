package dev.postern.ike.rfc7427;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.CertificatePolicy.Revocation;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.world.Authority;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.pki.Credentials;
import dev.postern.pki.IdentityPattern;
import dev.postern.ticket.Session;
import dev.postern.wire.Identity;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Client and gateway prove themselves by certificate, or one of them does; what does not fit is
/// refused, and the peer is not told why.
class Section_3_Certificates {
    private final World world = new World(7427);
    private final Authority authority = Authority.root("Lab CA");
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    @BeforeEach
    void certificatesOnBothSides() {
        gatewaySettings.certificates = gateway(Revocation.RELAXED);
        clientSettings.certificates = client(clientCredentials("P-256"));
    }

    private Credentials clientCredentials(String key) {
        return authority.issue(clientSettings.identity, key);
    }

    private CertificatePolicy gateway(Revocation revocation) {
        return new CertificatePolicy(
                authority.issue(gatewaySettings.identity(), "P-256"),
                authority.anchors(),
                List.of(),
                revocation);
    }

    private CertificatePolicy client(@Nullable Credentials own) {
        return new CertificatePolicy(own, authority.anchors(), List.of(), Revocation.RELAXED);
    }

    private Node connect(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return client;
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521", "Ed25519", "Ed448", "RSA"})
    void aClientWithThisKindOfKeyIsLetIn(String key) {
        clientSettings.certificates = client(clientCredentials(key));
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertThat(client.lastEstablished().peer()).isEqualTo(gatewaySettings.identity());
        assertThat(gateway.lastEstablished().peer()).isEqualTo(clientSettings.identity);
    }

    @Test
    void theTicketKnowsTheCertificateAndDoesNotOutliveIt() {
        Credentials credentials =
                authority.issue(
                        clientSettings.identity, "P-256", Instant.ofEpochSecond(World.EPOCH + 600));
        clientSettings.certificates = client(credentials);
        Node gateway = world.add(gatewaySettings);

        connect(gateway);

        Event.IkeSaEstablished established = gateway.lastEstablished();
        assertThat(established.sessionId().isEmpty()).isFalse();
        world.advance(Duration.ofSeconds(601));
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.HARD_DEADLINE);
    }

    @Test
    void anIntermediateAuthorityThatThePeerSendsIsPartOfThePath() {
        Authority below = authority.intermediate("Branch CA");
        clientSettings.certificates = client(below.issue(clientSettings.identity, "P-256"));
        Node gateway = world.add(gatewaySettings);

        connect(gateway);

        assertThat(gateway.lastEstablished().peer()).isEqualTo(clientSettings.identity);
    }

    @Test
    void withoutItsIntermediateAuthorityAChainIsRefused() {
        Authority below = authority.intermediate("Branch CA");
        Credentials whole = below.issue(clientSettings.identity, "P-256");
        clientSettings.certificates = client(Authority.leafOnly(whole));

        assertRefused();
    }

    @Test
    void aClientOfAnotherAuthorityIsRefused() {
        Authority other = Authority.root("Other CA");
        clientSettings.certificates = client(other.issue(clientSettings.identity, "P-256"));

        assertRefused();
    }

    @Test
    void aCertificateThatNamesSomebodyElseIsRefused() {
        clientSettings.certificates =
                client(authority.issue(Identity.fqdn("other.example"), "P-256"));

        assertRefused();
    }

    /// RFC 7296 section 3.5: IDr of a request is whom the client wants to talk to.
    @Test
    void aClientThatMeansAnotherGatewayIsRefused() {
        clientSettings.namedGateway = Identity.fqdn("gw-b.example");

        assertRefused();
    }

    @Test
    void anExpiredCertificateIsRefused() {
        clientSettings.certificates =
                client(
                        authority.issue(
                                clientSettings.identity,
                                "P-256",
                                Instant.ofEpochSecond(World.EPOCH - 1)));

        assertRefused();
    }

    @Test
    void anIdentityThatTheProfileDoesNotListIsRefused() {
        gatewaySettings.certificates =
                new CertificatePolicy(
                        authority.issue(gatewaySettings.identity(), "P-256"),
                        authority.anchors(),
                        List.of(new IdentityPattern("somebody.example")),
                        Revocation.RELAXED);

        assertRefused();
    }

    @Test
    void aRevokedCertificateIsRefused() {
        Credentials credentials = clientCredentials("P-256");
        clientSettings.certificates = client(credentials);
        Node gateway = world.add(gatewaySettings);
        gateway.give(new Input.KnowRevocations(authority.revoking(credentials)));

        Node client = connect(gateway);

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(gateway.count(Counter.REFUSED_CERTIFICATE_REVOKED)).isEqualTo(1);
    }

    @Test
    void withStrictRevocationOnlyAListThatSaysSoLetsAClientIn() {
        gatewaySettings.certificates = gateway(Revocation.STRICT);
        Node gateway = world.add(gatewaySettings);
        Node refused = connect(gateway);
        assertThat(refused.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);

        gateway.give(new Input.KnowRevocations(authority.revoking()));
        refused.initiate(2, clientSettings.profile(), gateway);
        world.settle();

        assertThat(refused.lastEstablished().handle()).isEqualTo(2);
    }

    /// RFC 5280 section 6.3.3: a list counts only if the issuer of the certificate has signed it.
    @Test
    void aListOfAnotherAuthorityRevokesNothing() {
        Credentials credentials = clientCredentials("P-256");
        clientSettings.certificates = client(credentials);
        Node gateway = world.add(gatewaySettings);
        gateway.give(new Input.KnowRevocations(Authority.root("Lab CA").revoking(credentials)));

        assertThat(connect(gateway).lastEstablished().handle()).isEqualTo(1);
    }

    @Test
    void aPeerWithACertificateMayAnswerToAClientWithAPreSharedKeyOnlyByThatKey() {
        gatewaySettings.keys.put(clientSettings.identity, clientSettings.preSharedKey);
        clientSettings.certificates = null;
        Node gateway = world.add(gatewaySettings);

        assertThat(connect(gateway).lastEstablished().handle()).isEqualTo(1);
    }

    @Test
    void aClientWithAPreSharedKeyThatAsksForACertificateIsShownOne() {
        gatewaySettings.keys.put(clientSettings.identity, clientSettings.preSharedKey);
        clientSettings.certificates = client(null);
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        Session session = client.lastTicket().session();
        assertThat(session.authenticationMethod()).isEqualTo(Payload.Authentication.SHARED_KEY);
        assertThat(session.peerCertificate().length()).isEqualTo(32);
        assertThat(client.lastEstablished().peer()).isEqualTo(gatewaySettings.identity());
        assertThat(gateway.lastEstablished().peer()).isEqualTo(clientSettings.identity);
    }

    @Test
    void aClientEndsItsSessionWithTheCertificateOfEitherSide() {
        long gatewaysEnd = World.EPOCH + 900;
        long ownEnd = World.EPOCH + 600;
        gatewaySettings.certificates =
                new CertificatePolicy(
                        authority.issue(
                                gatewaySettings.identity(),
                                "P-256",
                                Instant.ofEpochSecond(gatewaysEnd)),
                        authority.anchors(),
                        List.of(),
                        Revocation.RELAXED);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        assertThat(client.lastTicket().session().hardDeadline()).isEqualTo(gatewaysEnd);

        ClientSettings second = new ClientSettings("c08");
        second.host = 8;
        second.certificates =
                client(authority.issue(second.identity, "P-256", Instant.ofEpochSecond(ownEnd)));
        Node other = world.add(second);
        other.initiate(1, second.profile(), gateway);
        world.settle();
        assertThat(other.lastTicket().session().hardDeadline()).isEqualTo(ownEnd);
        gateway.die();
        world.advance(Duration.ofSeconds(599));
        assertThat(other.events(Event.IkeSaClosed.class)).isEmpty();
        world.advance(Duration.ofSeconds(3));
        assertThat(other.lastClosed().reason()).isEqualTo(CloseReason.HARD_DEADLINE);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
    }

    /// The gateway knows the client's key, and yet is not who the client's authorities vouch for.
    @Test
    void aClientThatWantsACertificateTakesNoPreSharedKeyInItsPlace() {
        gatewaySettings.keys.put(clientSettings.identity, clientSettings.preSharedKey);
        gatewaySettings.certificates = null;
        clientSettings.certificates = client(null);

        Node client = connect(world.add(gatewaySettings));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aGatewayOfAnotherAuthorityIsRefused() {
        Authority other = Authority.root("Other CA");
        gatewaySettings.certificates =
                new CertificatePolicy(
                        other.issue(gatewaySettings.identity(), "P-256"),
                        authority.anchors(),
                        List.of(),
                        Revocation.RELAXED);

        Node client = connect(world.add(gatewaySettings));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(client.lastClosed().detail()).contains("Other CA");
    }

    private void assertRefused() {
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(client.lastClosed().detail()).doesNotContain("CN=");
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(gateway.count(Counter.REFUSED_AUTHENTICATION)).isEqualTo(1);
    }
}
