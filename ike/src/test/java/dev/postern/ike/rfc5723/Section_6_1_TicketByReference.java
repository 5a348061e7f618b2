package dev.postern.ike.rfc5723;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.StoreByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// A ticket by reference: an opaque, integrity-protected name of a record in the gateways' store.
class Section_6_1_TicketByReference {
    private final World world = new World(61);
    private final StoreByHand store = new StoreByHand();
    private final GatewaySettings aSettings = gateway('a');
    private final GatewaySettings bSettings = gateway('b');
    private final ClientSettings settings = new ClientSettings();
    private final Node a = world.add(aSettings);
    private final Node b = world.add(bSettings);
    private final Node client = world.add(client());

    private GatewaySettings gateway(char letter) {
        GatewaySettings made = new GatewaySettings(letter);
        made.resumption = Suites.BOTH_PROTOCOLS.storing(TicketStorage.BY_REFERENCE);
        made.store = store;
        return made;
    }

    private ClientSettings client() {
        settings.resumption = Suites.RFC_5723;
        return settings;
    }

    private ResumableSession connect() {
        client.initiate(1, settings.profile(), a);
        world.settle();
        ResumableSession ticket = client.lastTicket();
        assertThat(ticket.session().kind()).isEqualTo(Session.Kind.RFC_5723);
        return ticket;
    }

    private static ResumableSession presenting(ResumableSession session, byte[] ticket) {
        return new ResumableSession(session.session(), Octets.of(ticket), session.validUntil());
    }

    @Test
    void theTicketIsShortAndTheSessionIsInTheStore() {
        ResumableSession ticket = connect();
        assertThat(ticket.ticket().length()).isEqualTo(41);
        assertThat(store.records().size()).isEqualTo(1);
    }

    @Test
    void anotherGatewayResolvesItAndTheNextReferenceComesWithIkeAuth() {
        ResumableSession ticket = connect();
        client.resume(2, settings.profile(), b, ticket);
        world.settle();
        assertTunnel(client, b);
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
        assertThat(client.lastTicket().ticket()).isNotEqualTo(ticket.ticket());
    }

    @Test
    void theOldRecordGoesWhenTheClientShowsThatItHasTheNew() {
        ResumableSession ticket = connect();
        client.resume(2, settings.profile(), b, ticket);
        world.settle();
        assertThat(store.records().size()).isEqualTo(2);

        b.give(new dev.postern.ike.Input.PacketVerified(b.installed().getFirst().inboundSpi()));
        world.settle();

        assertThat(store.records().size()).isEqualTo(1);
    }

    @Test
    void noForgedReferenceReachesTheStore() {
        ResumableSession ticket = connect();
        byte[] octets = ticket.ticket().array();
        for (int bit = 0; bit < octets.length * 8; bit++) {
            byte[] forged = octets.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            client.resume(100 + bit, settings.profile(), b, presenting(ticket, forged));
            world.settle();
        }
        assertThat(store.asked(Ask.FetchSession.class)).isEmpty();
        assertThat(b.count(Counter.REFUSED_TICKET_NOT_OPENED)).isEqualTo(octets.length * 8L);
    }

    @Test
    void aStoreThatIsDownLeadsToANackAndAFullExchangeStillWorks() {
        ResumableSession ticket = connect();
        store.lie(_ -> new Answer.StoreUnavailable());
        client.resume(2, settings.profile(), b, ticket);
        world.settle();
        world.advance(Duration.ofSeconds(10));
        assertThat(client.lastClosed().reason()).isEqualTo(Event.CloseReason.TICKET_REFUSED);

        client.initiate(3, settings.profile(), b);
        world.settle();

        assertTunnel(client, b);
    }

    @Test
    void aRecordOfTheOtherKindDoesNotOpen() {
        ResumableSession ticket = connect();
        settings.resumption = Suites.ONE_ROUND_TRIP;
        client.initiate(5, settings.profile(), a);
        world.settle();
        Octets pair = client.lastTicket().ticket();
        var other = store.records().fetch(new dev.postern.ticket.store.SessionReference(pair), 0);
        assertThat(other).isNotNull();
        store.lie(answer ->
                answer instanceof Answer.SessionFetched && other != null
                        ? new Answer.SessionFetched(other)
                        : answer);
        settings.resumption = Suites.RFC_5723;
        client.resume(6, settings.profile(), b, ticket);
        world.settle();
        world.advance(Duration.ofSeconds(10));
        assertThat(b.count(Counter.REFUSED_SESSION_NOT_FETCHED)).isPositive();
        assertThat(b.endpoint().size()).isZero();
    }
}
