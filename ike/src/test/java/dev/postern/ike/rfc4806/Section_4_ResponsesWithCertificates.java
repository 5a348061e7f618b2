package dev.postern.ike.rfc4806;

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
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.pki.Credentials;
import dev.postern.pki.RevocationEvidence;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the owner of a certificate brings about its revocation is as good as what is looked up: its
/// issuer has signed it.
class Section_4_ResponsesWithCertificates {
    /// Encodings of CERT and CERTREQ: RFC 7296 section 3.6, and section 3 of this RFC.
    private static final int X509_SIGNATURE = 4;

    private static final int OCSP_CONTENT = 14;
    private static final Instant NOW = Instant.ofEpochSecond(World.EPOCH);

    private final World world = new World(4806);
    private final Authority authority = Authority.root("Lab CA");
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();
    private final Credentials client = authority.issue(clientSettings.identity, "P-256");
    private final Credentials gateway = authority.issue(gatewaySettings.identity(), "P-256");

    @BeforeEach
    void theClientIsStrictAndAsksNobody() {
        gatewaySettings.certificates = policy(gateway, Revocation.OFF);
        clientSettings.certificates = policy(client, Revocation.STRICT);
    }

    private CertificatePolicy policy(Credentials own, Revocation revocation) {
        return new CertificatePolicy(own, authority.anchors(), List.of(), revocation);
    }

    private static RevocationEvidence about(Credentials owner, byte[] response) {
        return new RevocationEvidence(List.of(), Map.of(owner.chain().leaf(), response));
    }

    private static void know(Node node, RevocationEvidence evidence) {
        node.give(new Input.KnowRevocations(evidence));
    }

    private byte[] good(Credentials owner) {
        return authority.ocspResponse(owner.chain().leaf(), false, NOW);
    }

    private Node connect(Node to) {
        Node node = world.add(clientSettings);
        node.initiate(1, clientSettings.profile(), to);
        world.settle();
        return node;
    }

    private void assertRefused(Node client) {
        assertThat(client.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    /// Interop: OCSP responses in IKE_AUTH (RFC 4806) | Postern | Postern initiates
    @Test
    void aGatewaysResponseIsEnoughForAStrictClient() {
        Node to = world.add(gatewaySettings);
        know(to, about(gateway, good(gateway)));

        assertThat(connect(to).lastEstablished().peer()).isEqualTo(gatewaySettings.identity());
    }

    @Test
    void withoutOneAStrictClientThatAsksNobodyRefuses() {
        assertRefused(connect(world.add(gatewaySettings)));
    }

    @Test
    void aClientsResponseIsEnoughForAStrictGateway() {
        gatewaySettings.certificates = policy(gateway, Revocation.STRICT);
        clientSettings.certificates = policy(client, Revocation.OFF);
        Node to = world.add(gatewaySettings);
        Node from = world.add(clientSettings);
        know(from, about(client, good(client)));
        from.initiate(1, clientSettings.profile(), to);
        world.settle();

        assertThat(to.lastEstablished().peer()).isEqualTo(clientSettings.identity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"STRICT", "RELAXED"})
    void oneThatSaysRevokedIsBelievedToo(String revocation) {
        clientSettings.certificates = policy(client, Revocation.valueOf(revocation));
        Node to = world.add(gatewaySettings);
        know(to, about(gateway, authority.ocspResponse(gateway.chain().leaf(), true, NOW)));

        Node from = connect(to);
        assertRefused(from);
        assertThat(from.count(Counter.REFUSED_CERTIFICATE_REVOKED)).isEqualTo(1);
    }

    @Test
    void oneThatTheIssuerHasNotSignedSaysNothing() {
        Node to = world.add(gatewaySettings);
        byte[] forged = Authority.root("Lab CA").ocspResponse(gateway.chain().leaf(), false, NOW);
        know(to, about(gateway, forged));

        assertRefused(connect(to));
    }

    @Test
    void oneAboutAnotherCertificateSaysNothing() {
        Node to = world.add(gatewaySettings);
        know(to, about(gateway, good(client)));

        assertRefused(connect(to));
    }

    @Test
    void oneThatIsOverSaysNothing() {
        Node to = world.add(gatewaySettings);
        know(to, about(gateway, good(gateway)));
        world.advance(Duration.ofMinutes(90));

        assertRefused(connect(to));
    }

    /// What a gateway brings to a peer that asks for its certificate and for responses about it.
    private List<Octets> brought(Node to, int number) {
        InitiatorByHand peer = new InitiatorByHand(world, to, number).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.add(
                new Payload.CertificateRequest(
                        X509_SIGNATURE, Octets.of(authority.anchors().authorities())));
        payloads.add(new Payload.CertificateRequest(OCSP_CONTENT, Octets.EMPTY));
        List<Payload.Certificate> certificates =
                peer.request(ExchangeType.IKE_AUTH, 1, payloads).stream()
                        .filter(Payload.Certificate.class::isInstance)
                        .map(Payload.Certificate.class::cast)
                        .toList();
        assertThat(certificates).extracting(Payload.Certificate::encoding).contains(X509_SIGNATURE);
        return certificates.stream()
                .filter(each -> each.encoding() == OCSP_CONTENT)
                .map(Payload.Certificate::data)
                .toList();
    }

    /// RFC 6960 section 4.2.2.1: the peer could not rely on it.
    @Test
    void aResponseIsBroughtUntilItsNextUpdate() {
        Node to = world.add(gatewaySettings);
        byte[] response = good(gateway);
        know(to, about(gateway, response));
        world.advance(Duration.ofMinutes(59));
        assertThat(brought(to, 1)).containsExactly(Octets.of(response));
        world.advance(Duration.ofMinutes(1));

        assertThat(brought(to, 2)).isEmpty();
    }

    @Test
    void whatIsNoResponseAboutTheCertificateIsNotBrought() {
        Node to = world.add(gatewaySettings);
        know(to, about(gateway, good(client)));
        assertThat(brought(to, 1)).isEmpty();
        know(to, about(gateway, new byte[] {0x30, 0}));

        assertThat(brought(to, 2)).isEmpty();
    }

    @Test
    void whatIsAtHandOutweighsWhatIsBrought() {
        Node to = world.add(gatewaySettings);
        know(to, about(gateway, good(gateway)));
        Node from = world.add(clientSettings);
        know(from, authority.revoking(gateway));
        from.initiate(1, clientSettings.profile(), to);
        world.settle();

        assertRefused(from);
    }
}
