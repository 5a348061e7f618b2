package dev.postern.ike.rfc7383;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Sending: what is cut, how, and what is never.
class Section_2_5_FragmentingMessages {
    private static final int SMALL = 296;

    /// IPv4 header, UDP header and non-ESP marker.
    private static final int AROUND = 32;

    private final World world = new World(11);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private void fragmentSizes(int client, int gateway) {
        clientSettings.network = NetworkPolicy.DEFAULT.withFragmentSize(client);
        gatewaySettings.network = NetworkPolicy.DEFAULT.withFragmentSize(gateway);
        // A long name makes the client's IKE_AUTH long.
        clientSettings.identity = Identity.fqdn("c07." + "long.".repeat(40) + "example");
        gatewaySettings.keys.put(clientSettings.identity, clientSettings.preSharedKey);
    }

    private static List<Message> fragmentsOf(List<Datagram> datagrams, Node sender) {
        List<Message> fragments = new ArrayList<>();
        for (Datagram datagram : datagrams) {
            if (datagram.from().equals(sender.address()) && datagram.message().fragment() != null) {
                fragments.add(datagram.message());
            }
        }
        return fragments;
    }

    private static Payload.EncryptedFragment skf(Message message) {
        Payload.EncryptedFragment skf = message.fragment();
        assertThat(skf).isNotNull();
        return skf;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aes256gcm16-prfsha384-x25519",
                "aes128-sha256-x25519",
                "chacha20poly1305-prfsha256-x25519"
            })
    void bothSidesCutWhatExceedsTheirSizeAndTheTunnelStands(String suite) {
        List<IkeSuite> suites = Suites.ike(suite);
        clientSettings.ikeSuites = suites;
        gatewaySettings.ikeSuites = suites;
        fragmentSizes(SMALL, SMALL);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        for (Node sender : List.of(client, gateway)) {
            List<Message> fragments = fragmentsOf(world.carried(), sender);
            assertThat(fragments).hasSizeGreaterThan(1);
            for (int i = 0; i < fragments.size(); i++) {
                assertThat(fragments.get(i).octets().length() + AROUND).isLessThanOrEqualTo(SMALL);
                assertThat(skf(fragments.get(i)).number()).isEqualTo(i + 1);
                assertThat(skf(fragments.get(i)).total()).isEqualTo(fragments.size());
                assertThat(skf(fragments.get(i)).firstInner() != 0).isEqualTo(i == 0);
                assertThat(fragments.get(i).header()).isEqualTo(fragments.getFirst().header());
            }
        }
    }

    @Test
    void whatFitsIsNotCut() {
        fragmentSizes(1280, 1280);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(world.carried()).hasSize(6 - 2).noneMatch(d -> d.message().fragment() != null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wherePeersDoNotBothAnnounceItNothingIsCut(boolean clientAnnounces) {
        fragmentSizes(clientAnnounces ? SMALL : 0, clientAnnounces ? 0 : SMALL);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(world.carried()).noneMatch(d -> d.message().fragment() != null);
        Message answer = world.carried().get(1).message();
        assertThat(Message.findNotify(answer.payloads(), NotifyType.IKEV2_FRAGMENTATION_SUPPORTED))
                .as("a responder announces it only to who did")
                .isNull();
    }

    @Test
    void aLostFragmentBringsTheWholeMessageAgainInTheSameFragments() {
        fragmentSizes(SMALL, SMALL);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        List<Datagram> lost = new ArrayList<>();
        world.setFate(datagram -> {
            Payload.EncryptedFragment skf = datagram.message().fragment();
            if (skf != null && skf.number() == 2 && lost.size() < 2) {
                lost.add(datagram);
                return Fate.lost();
            }
            return Fate.delivered();
        });

        client.initiate(1, clientSettings.profile(), gateway);
        world.advance(Duration.ofSeconds(4));

        assertTunnel(client, gateway);
        assertThat(lost).hasSize(2);
        List<Message> sent = fragmentsOf(world.carried(), client);
        int total = skf(sent.getFirst()).total();
        assertThat(sent).hasSizeGreaterThanOrEqualTo(2 * total);
        for (int i = total; i < sent.size(); i++) {
            assertThat(sent.get(i).octets()).isEqualTo(sent.get(i % total).octets());
        }
        assertThat(gateway.endpoint().size()).isEqualTo(1);
    }

    @Test
    void doubledReorderedAndLateFragmentsMakeOneTunnel() {
        fragmentSizes(SMALL, SMALL);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        world.setFate(datagram -> {
            Payload.EncryptedFragment skf = datagram.message().fragment();
            long late = skf == null ? 0 : (long) (10 - skf.number()) * 1_000_000;
            return List.of(Fate.LATENCY_NANOS + late, 3 * Fate.LATENCY_NANOS + late);
        });

        client.initiate(1, clientSettings.profile(), gateway);
        world.advance(Duration.ofSeconds(2));

        assertTunnel(client, gateway);
        assertThat(gateway.endpoint().size()).isEqualTo(1);
        assertThat(gateway.count(Counter.ESTABLISHED_FULL)).isEqualTo(1);
    }

    @Test
    void aResumeIsNeverCutAndItsSessionKnowsOfFragmentation() {
        fragmentSizes(SMALL, SMALL);
        GatewaySettings other = new GatewaySettings('b');
        other.network = NetworkPolicy.DEFAULT.withFragmentSize(SMALL);
        other.keys.put(clientSettings.identity, clientSettings.preSharedKey);
        Node gateway = world.add(gatewaySettings);
        Node second = world.add(other);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        assertThat(client.lastTicket().session().has(Session.Extension.FRAGMENTATION)).isTrue();
        gateway.die();
        int before = world.carried().size();

        client.resume(2, clientSettings.profile(), second, client.lastTicket());
        world.settle();

        assertTunnel(client, second);
        assertThat(world.carried().subList(before, world.carried().size()))
                .filteredOn(d -> d.header().exchange() == ExchangeType.IKE_SESSION_RESUME_1RTT)
                .hasSize(2)
                .allMatch(d -> d.message().encrypted() != null)
                .anyMatch(d -> d.octets().length + AROUND > SMALL);
        assertThat(client.lastTicket().session().has(Session.Extension.FRAGMENTATION))
                .as("the resumed session still has the extension")
                .isTrue();
    }
}
