package dev.postern.ike.rfc7427;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.CertificatePolicy.Revocation;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.world.Authority;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.pki.Credentials;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// News of revocation are asked for when nothing current is at hand, and only about certificates of
/// a path that is trusted, of a peer that holds the key (RFC 5280 section 6.3, CVE-2022-40617).
class Section_3_Revocation {
    /// Until silence is an answer, and that answer has crossed the wire.
    private static final Duration PATIENCE =
            Duration.ofSeconds(Ask.REVOCATION_PATIENCE_SECONDS).plusMillis(50);

    private final World world = new World(6960);
    private final Authority authority = Authority.root("Lab CA");
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();
    private final Credentials client = authority.issue(clientSettings.identity, "P-256");
    private final Credentials gateway = authority.issue(gatewaySettings.identity(), "P-256");
    private final List<Ask.LookUpRevocation> asked = new ArrayList<>();

    @BeforeEach
    void theGatewayIsStrictAndAsks() {
        gatewaySettings.certificates = policy(gateway, Revocation.STRICT, true);
        clientSettings.certificates = policy(client, Revocation.OFF, false);
    }

    private CertificatePolicy policy(Credentials own, Revocation revocation, boolean asks) {
        return new CertificatePolicy(
                own,
                authority.anchors(),
                List.of(),
                revocation,
                asks ? RevocationSources.OF_CERTIFICATES : null);
    }

    private Node answering(Node node, RevocationEvidence evidence) {
        node.seatRevocation(ask -> {
            asked.add(ask);
            return new Answer.RevocationFound(evidence);
        });
        return node;
    }

    private Node silent(Node node) {
        node.seatRevocation(ask -> {
            asked.add(ask);
            return null;
        });
        return node;
    }

    private Node connect(Node to) {
        Node node = world.add(clientSettings);
        node.initiate(1, clientSettings.profile(), to);
        world.settle();
        return node;
    }

    @Test
    void aListThatIsFoundLetsAClientIn() {
        Node to = answering(world.add(gatewaySettings), authority.revoking());

        assertThat(connect(to).lastEstablished().peer()).isEqualTo(gatewaySettings.identity());
        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst().unknown())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.certificate()).isEqualTo(client.chain().leaf());
                    assertThat(each.issuer()).isEqualTo(authority.certificate());
                });
    }

    @ParameterizedTest
    @EnumSource(value = Revocation.class, mode = Mode.EXCLUDE, names = "OFF")
    void aClientThatIsFoundRevokedIsRefused(Revocation revocation) {
        gatewaySettings.certificates = policy(gateway, revocation, true);
        Node to = answering(world.add(gatewaySettings), authority.revoking(client));

        assertThat(connect(to).lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(to.count(Counter.REFUSED_CERTIFICATE_REVOKED)).isEqualTo(1);
        assertThat(to.events(Event.IkeSaEstablished.class)).isEmpty();
    }

    @Test
    void whatIsFoundCountsOnlyIfTheIssuerHasSignedIt() {
        Node to = answering(world.add(gatewaySettings), Authority.root("Lab CA").revoking());

        assertThat(connect(to).lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void silenceRefusesWhereRevocationIsStrict() {
        Node to = silent(world.add(gatewaySettings));
        Node from = connect(to);
        assertThat(from.events(Event.IkeSaClosed.class)).isEmpty();

        world.advance(PATIENCE);

        assertThat(from.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(asked).as("retransmissions ask nothing").hasSize(1);
    }

    @Test
    void silenceLetsInWhereItIsRelaxed() {
        gatewaySettings.certificates = policy(gateway, Revocation.RELAXED, true);
        Node to = silent(world.add(gatewaySettings));
        Node from = connect(to);
        assertThat(from.events(Event.IkeSaEstablished.class)).isEmpty();

        world.advance(PATIENCE);

        assertThat(from.lastEstablished().peer()).isEqualTo(gatewaySettings.identity());
        assertThat(to.events(Event.IkeSaEstablished.class)).hasSize(1);
    }

    @Test
    void anAnswerThatComesLateOrTwiceChangesNothing() {
        gatewaySettings.certificates = policy(gateway, Revocation.RELAXED, true);
        Node to = silent(world.add(gatewaySettings));
        Node from = connect(to);
        long askId =
                to.effects().stream()
                        .filter(Effect.Raise.class::isInstance)
                        .map(Effect.Raise.class::cast)
                        .filter(each -> each.ask() instanceof Ask.LookUpRevocation)
                        .findFirst()
                        .orElseThrow()
                        .askId();
        world.advance(PATIENCE);
        Answer late = new Answer.RevocationFound(authority.revoking(client));
        to.give(new Input.Answered(askId, late));
        to.give(new Input.Answered(askId, late));
        world.settle();

        assertThat(to.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(from.lastEstablished().handle()).isEqualTo(1);
    }

    @Test
    void nothingIsAskedAboutACertificateThatNobodyTrustedVouchesFor() {
        Authority other = Authority.root("Other CA");
        clientSettings.certificates =
                policy(other.issue(clientSettings.identity, "P-256"), Revocation.OFF, false);
        Node to = answering(world.add(gatewaySettings), authority.revoking());

        assertThat(connect(to).lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(asked).isEmpty();
    }

    @Test
    void nothingIsAskedForAPeerThatDoesNotHoldTheKey() {
        Credentials stolen =
                new Credentials(
                        client.chain(), authority.issue(clientSettings.identity, "P-256").key());
        clientSettings.certificates = policy(stolen, Revocation.OFF, false);
        Node to = answering(world.add(gatewaySettings), authority.revoking());

        assertThat(connect(to).lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(asked).isEmpty();
    }

    @Test
    void nothingIsAskedWhereAListIsAtHand() {
        Node to = silent(world.add(gatewaySettings));
        to.give(new Input.KnowRevocations(authority.revoking()));

        assertThat(connect(to).lastEstablished().handle()).isEqualTo(1);
        assertThat(asked).isEmpty();
    }

    @Test
    void aClientAsksAboutItsGateway() {
        gatewaySettings.certificates = policy(gateway, Revocation.OFF, false);
        clientSettings.certificates = policy(client, Revocation.STRICT, true);
        Node to = world.add(gatewaySettings);
        Node from = answering(world.add(clientSettings), authority.revoking());
        from.initiate(1, clientSettings.profile(), to);
        world.settle();
        assertThat(from.lastEstablished().handle()).isEqualTo(1);

        answering(from, authority.revoking(gateway));
        from.initiate(2, clientSettings.profile(), to);
        world.settle();
        assertThat(from.lastClosed().handle()).isEqualTo(2);
        assertThat(from.lastClosed().detail()).contains("is revoked");

        silent(from);
        from.initiate(3, clientSettings.profile(), to);
        world.settle();
        world.advance(PATIENCE);
        assertThat(from.lastClosed().handle()).isEqualTo(3);
        assertThat(from.lastClosed().detail()).contains("nothing current is known");
    }
}
