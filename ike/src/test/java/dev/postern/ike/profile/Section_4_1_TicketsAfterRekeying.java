package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/// Tickets of a session whose IKE SA or Child SAs have changed, and what a client makes up for
/// after a resume (failover profile, "Capability negotiation", "Message ID", "Keys").
class Section_4_1_TicketsAfterRekeying {
    private final World world = new World(41);
    private final GatewaySettings first = new GatewaySettings('a');
    private final GatewaySettings second = new GatewaySettings('b');
    private final ClientSettings clientSettings = new ClientSettings();

    private Node connect(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return client;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRekeyedIkeSaSendsAFreshTicketOfTheNextGeneration(boolean byClient) {
        Node gateway = world.add(first);
        Node other = world.add(second);
        Node client = connect(gateway);
        ResumableSession before = client.lastTicket();

        Node rekeyer = byClient ? client : gateway;
        rekeyer.give(new Input.RekeyIkeSa(rekeyer.lastEstablished().handle()));
        world.advance(Duration.ofSeconds(1));

        ResumableSession after = client.lastTicket();
        assertThat(after.session().generation()).isEqualTo(before.session().generation() + 1);
        assertThat(after.session().gatewaySwitchCount()).isZero();
        assertThat(after.session().sessionId()).isEqualTo(before.session().sessionId());
        assertThat(after.session().sessionHash()).isEqualTo(before.session().sessionHash());
        assertThat(after.session().secret().equals(before.session().secret())).isFalse();
        gateway.die();
        client.resume(2, clientSettings.profile(), other, after);
        world.settle();
        assertTunnel(client, other);
        assertThat(client.lastEstablished().gatewaySwitchCount()).isEqualTo(1);
    }

    @Test
    void whileAFreshTicketIsOnItsWayTheRequestOfAnEarlierSwitchIsAReplay() {
        Node a = world.add(first);
        Node b = world.add(second);
        Node client = connect(a);
        client.resume(2, clientSettings.profile(), b, client.lastTicket());
        world.settle();
        Datagram resume =
                world.carried().stream()
                        .filter(one ->
                                one.header().exchange() == ExchangeType.IKE_SESSION_RESUME_1RTT)
                        .findFirst()
                        .orElseThrow();
        client.give(new Input.RekeyIkeSa(2));
        world.advance(Duration.ofSeconds(1));
        // The ticket of the next generation is sent, and never arrives.
        world.setFate(sent ->
                sent.from().equals(b.address())
                                && sent.header().exchange() == ExchangeType.INFORMATIONAL
                        ? Fate.lost()
                        : Fate.delivered());
        client.give(new Input.RekeyIkeSa(2));
        world.advance(Duration.ofMillis(100));
        int sas = b.endpoint().size();

        world.deliver(resume);
        world.advance(Duration.ofMillis(100));

        assertThat(b.endpoint().size()).isEqualTo(sas);
        assertThat(b.count(Counter.REFUSED_TICKET_STALE_COUNT)).isEqualTo(1);
        client.resume(3, clientSettings.profile(), b, client.lastTicket());
        world.advance(Duration.ofMillis(100));
        assertThat(client.lastEstablished().gatewaySwitchCount()).isEqualTo(1);
    }

    @Test
    void aFurtherChildSaIsInAFreshTicketAndFollowsAResume() {
        first.localSelectors = List.of(Net.subnet(10, 1, 0, 0, 16), Net.subnet(10, 2, 0, 0, 16));
        second.localSelectors = first.localSelectors;
        Node gateway = world.add(first);
        Node other = world.add(second);
        Node client = connect(gateway);
        var inner = client.installed().getFirst().local();
        client.give(new Input.CreateChildSa(1, inner, List.of(Net.subnet(10, 2, 0, 0, 16))));
        world.advance(Duration.ofSeconds(1));

        ResumableSession ticket = client.lastTicket();
        assertThat(ticket.session().childSas()).hasSize(2);
        gateway.die();
        client.resume(2, clientSettings.profile(), other, ticket);
        world.advance(Duration.ofSeconds(1));

        assertThat(other.installed()).hasSize(2);
        assertThat(other.installed().getLast().local())
                .isEqualTo(List.of(Net.subnet(10, 2, 0, 0, 16)));
    }

    @Test
    void aClientAsksForATicketInAnInformationalExchange() {
        Node client = connect(world.add(first));
        int before = client.events(Event.TicketReceived.class).size();

        client.give(new Input.AskForTicket(1));
        world.settle();

        assertThat(client.events(Event.TicketReceived.class)).hasSize(before + 1);
    }

    @Test
    void aKeyExchangeThatAResumeWentWithoutIsMadeUpForWithinMinutes() {
        clientSettings.resumption =
                new ResumptionPolicy(
                        true, false, 3600, KeyExchangeInResume.DEFERRED, Rfc5723Auth.RFC);
        Node gateway = world.add(first);
        Node other = world.add(second);
        Node client = connect(gateway);
        gateway.die();
        client.resume(2, clientSettings.profile(), other, client.lastTicket());
        world.advance(Duration.ofSeconds(29));
        assertThat(client.events(Event.IkeSaRekeyed.class)).isEmpty();

        world.advance(Duration.ofSeconds(152));

        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertTunnel(client, other);
    }

    @Test
    void theLastSwitchCountIsFollowedByARekeyingAndTheSessionCanSwitchOn() {
        Node a = world.add(first);
        Node b = world.add(second);
        Node client = connect(a);
        for (int count = 1; count <= 15; count++) {
            client.resume(
                    1 + count,
                    clientSettings.profile(),
                    count % 2 == 1 ? b : a,
                    client.lastTicket());
            world.settle();
            assertThat(client.lastEstablished().gatewaySwitchCount()).isEqualTo(count);
        }

        world.advance(Duration.ofSeconds(6));
        assertThat(client.lastTicket().session().gatewaySwitchCount()).isZero();
        client.resume(17, clientSettings.profile(), a, client.lastTicket());
        world.settle();

        assertThat(client.lastEstablished().gatewaySwitchCount()).isEqualTo(1);
        assertTunnel(client, a);
    }

    /// A session that has grown too large for a ticket goes on without a fresh one.
    @Test
    void aRekeyedIkeSaLivesOnWhereNoTicketCanBeSealed() {
        SealsOnce sealer = new SealsOnce();
        first.tickets = sealer;
        Node gateway = world.add(first);
        Node client = connect(gateway);

        client.give(new Input.RekeyIkeSa(1));
        world.advance(Duration.ofSeconds(1));

        assertThat(sealer.asked).isGreaterThan(1);
        assertThat(client.events(Event.TicketReceived.class)).hasSize(1);
        client.give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        world.settle();
        assertThat(client.events(Event.PeerAlive.class)).isNotEmpty();
    }

    private static final class SealsOnce implements TicketSealer {
        private final TicketSealer real = World.sealer(1);
        private int asked;

        @Override
        public SealResult seal(Session session, Entropy entropy) {
            asked++;
            return asked == 1
                    ? real.seal(session, entropy)
                    : new SealResult.Unfit("the ticket would have 9000 octets");
        }

        @Override
        public OpenResult open(Octets ticket, Session.Kind kind) {
            return real.open(ticket, kind);
        }
    }
}
