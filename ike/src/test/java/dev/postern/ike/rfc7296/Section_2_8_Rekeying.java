package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// Rekeying of IKE SAs and Child SAs where nothing collides: sections 1.3, 2.8, 2.17 and 2.18.
class Section_2_8_Rekeying {
    private static final Duration LINGER = Duration.ofSeconds(6);

    private final World world = new World(28);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private @Nullable Node connectedGateway;
    private @Nullable Node connectedClient;

    private void connect() {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        connectedGateway = gateway;
        connectedClient = client;
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
    }

    private Node gateway() {
        return Objects.requireNonNull(connectedGateway);
    }

    private Node client() {
        return Objects.requireNonNull(connectedClient);
    }

    private long handleAt(Node node) {
        return node.lastEstablished().handle();
    }

    private Node other(Node node) {
        return node == client() ? gateway() : client();
    }

    private Node node(boolean byClient) {
        return byClient ? client() : gateway();
    }

    private static int spi(Node node) {
        return node.installed().getLast().inboundSpi();
    }

    private long exchanges(ExchangeType type) {
        return world.carried().stream().filter(d -> d.header().exchange() == type).count();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eitherPeerRekeysAChildSaAndDeletesTheOldOne(boolean byClient) {
        connect();
        Node rekeyer = node(byClient);
        int old = spi(rekeyer);

        rekeyer.give(new Input.RekeyChildSa(old));
        world.settle();

        assertTunnel(client(), gateway());
        assertThat(spi(rekeyer)).isNotEqualTo(old);
        Event.ChildSaEstablished made = rekeyer.events(Event.ChildSaEstablished.class).getLast();
        assertThat(made.replaces()).isEqualTo(old);
        assertThat(exchanges(ExchangeType.CREATE_CHILD_SA)).isEqualTo(2);
        world.advance(LINGER);
        assertThat(client().installed()).hasSize(1);
        assertThat(gateway().installed()).hasSize(1);
    }

    @Test
    void theKeysOfTheNewChildSaAreNew() {
        connect();
        ChildSaInstallation before = client().installed().getFirst();

        client().give(new Input.RekeyChildSa(before.inboundSpi()));
        world.settle();

        ChildSaInstallation after = client().installed().getLast();
        assertThat(after.inboundKey().equals(before.inboundKey())).isFalse();
        assertThat(after.outboundKey().equals(before.outboundKey())).isFalse();
        assertThat(after.local()).isEqualTo(before.local());
        assertThat(after.remote()).isEqualTo(before.remote());
    }

    @Test
    void theResponderSealsUnderTheOldOneUntilThePeerHasUsedTheNewOne() {
        connect();
        int old = spi(client());
        world.setFate(d ->
                d.from().equals(client().address())
                                && d.header().exchange() == ExchangeType.INFORMATIONAL
                        ? List.of()
                        : List.of(5_000_000L));

        client().give(new Input.RekeyChildSa(old));
        world.settle();

        ChildSaInstallation fresh = gateway().installed().getLast();
        assertThat(gateway().installed()).hasSize(2);
        assertThat(gateway().isActive(fresh)).as("before a packet").isFalse();
        gateway().give(new Input.PacketVerified(fresh.inboundSpi()));
        assertThat(gateway().isActive(fresh)).as("after a packet").isTrue();
    }

    @ParameterizedTest
    @EnumSource(ChildKeyExchange.class)
    void aChildSaIsRekeyedWithAndWithoutAKeyExchangeOfItsOwn(ChildKeyExchange use) {
        clientSettings.life = clientSettings.life.withChildKeyExchange(use);
        connect();

        client().give(new Input.RekeyChildSa(spi(client())));
        world.settle();

        assertTunnel(client(), gateway());
        assertThat(client().events(Event.ChildSaEstablished.class)).hasSize(1);
    }

    @Test
    void aGatewayThatRequiresAKeyExchangeRefusesAChildSaWithoutOne() {
        clientSettings.life = clientSettings.life.withChildKeyExchange(ChildKeyExchange.NEVER);
        gatewaySettings.life = gatewaySettings.life.withChildKeyExchange(ChildKeyExchange.REQUIRED);
        connect();

        client().give(new Input.RekeyChildSa(spi(client())));
        world.settle();

        assertThat(client().events(Event.ChildSaRefused.class).getLast().detail())
                .contains("NO_PROPOSAL_CHOSEN");
        assertThat(gateway().count(Counter.REFUSED_NO_PROPOSAL_CHOSEN)).isEqualTo(1);
        assertTunnel(client(), gateway());
    }

    @Test
    void anotherGroupIsTriedWhereTheResponderAsksForIt() {
        // The IKE SA stands on ecp256; for rekeying the gateway()'s policy changed to x25519 first.
        clientSettings.ikeSuites =
                Suites.ike("aes256gcm16-prfsha384-ecp256", "aes256gcm16-prfsha384-x25519");
        gatewaySettings.ikeSuites =
                Suites.ike("aes256gcm16-prfsha384-ecp256", "aes256gcm16-prfsha384-x25519");
        connect();

        client().give(new Input.RekeyIkeSa(1));
        world.settle();
        client().give(new Input.RekeyChildSa(spi(client())));
        world.settle();

        assertTunnel(client(), gateway());
        assertThat(client().events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertThat(client().events(Event.ChildSaEstablished.class)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eitherPeerRekeysTheIkeSaAndTheChildSaGoesOn(boolean byClient) {
        connect();
        Node rekeyer = node(byClient);
        List<ChildSaInstallation> before = client().installed();

        rekeyer.give(new Input.RekeyIkeSa(handleAt(rekeyer)));
        world.settle();

        assertThat(client().installed()).isEqualTo(before);
        assertTunnel(client(), gateway());
        assertThat(client().endpoint().size()).as("the old one is deleted").isEqualTo(1);
        assertThat(gateway().endpoint().size()).isEqualTo(1);
        assertThat(rekeyer.events(Event.IkeSaRekeyed.class).getLast().generation()).isEqualTo(1);
        assertThat(other(rekeyer).events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertThat(client().events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(gateway().events(Event.IkeSaClosed.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theRekeyedIkeSaServesBothPeers(boolean byClient) {
        connect();
        Node rekeyer = node(byClient);
        rekeyer.give(new Input.RekeyIkeSa(handleAt(rekeyer)));
        world.settle();

        client().give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        world.settle();
        assertThat(client().events(Event.PeerAlive.class)).hasSize(1);
        client().give(new Input.RekeyChildSa(spi(client())));
        world.settle();
        assertTunnel(client(), gateway());
        gateway().give(new Input.RekeyChildSa(spi(gateway())));
        world.settle();
        assertTunnel(client(), gateway());
        rekeyer.give(new Input.RekeyIkeSa(handleAt(rekeyer)));
        world.settle();
        other(rekeyer).give(new Input.RekeyIkeSa(handleAt(other(rekeyer))));
        world.settle();
        assertThat(client().events(Event.IkeSaRekeyed.class).getLast().generation()).isEqualTo(3);
        client().give(new Input.Close(1, false));
        world.settle();
        assertThat(client().endpoint().size() + gateway().endpoint().size()).isZero();
        assertThat(client().installed()).isEmpty();
        assertThat(gateway().installed()).isEmpty();
    }

    @Test
    void messageIdsBeginAtZeroAfterTheRekeying() {
        connect();
        client().give(new Input.RekeyIkeSa(1));
        world.settle();
        int before = world.carried().size();

        client().give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        world.settle();

        assertThat(world.carried().get(before).header().messageId()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eitherPeerMakesAFurtherChildSa(boolean byClient) {
        gatewaySettings.localSelectors =
                List.of(Net.subnet(10, 1, 0, 0, 16), Net.subnet(10, 2, 0, 0, 16));
        connect();
        ChildSaInstallation first = client().installed().getFirst();
        Node asker = node(byClient);
        var inner = first.local();
        var networks = List.of(Net.subnet(10, 2, 0, 0, 16));

        asker.give(
                new Input.CreateChildSa(
                        handleAt(asker), byClient ? inner : networks, byClient ? networks : inner));
        world.settle();

        assertThat(client().installed()).hasSize(2);
        assertThat(gateway().installed()).hasSize(2);
        assertTunnel(client(), gateway());
        assertThat(client().installed().getLast().remote()).isEqualTo(networks);
        assertThat(client().installed().getLast().local()).isEqualTo(inner);
    }

    @Test
    void aFurtherChildSaBeyondThePolicyIsRefused() {
        connect();
        var inner = client().installed().getFirst().local();

        client().give(new Input.CreateChildSa(1, inner, List.of(Net.subnet(172, 16, 0, 0, 16))));
        world.settle();

        assertThat(client().events(Event.ChildSaRefused.class).getLast().detail())
                .contains("TS_UNACCEPTABLE");
        assertThat(client().installed()).hasSize(1);
    }

    @Test
    void closingOneChildSaLeavesTheIkeSaAndTheOthers() {
        connect();
        var first = client().installed().getFirst();
        client().give(new Input.CreateChildSa(1, first.local(), first.remote()));
        world.settle();

        gateway().give(new Input.CloseChildSa(gateway().installed().getFirst().inboundSpi()));
        world.settle();

        assertThat(client().installed()).hasSize(1);
        assertThat(gateway().installed()).hasSize(1);
        assertTunnel(client(), gateway());
        assertThat(client().events(Event.ChildSaClosed.class).getLast().inboundSpi())
                .isEqualTo(first.inboundSpi());
    }
}
