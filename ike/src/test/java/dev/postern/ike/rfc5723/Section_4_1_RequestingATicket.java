package dev.postern.ike.rfc5723;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// N(TICKET_REQUEST), answered by N(TICKET_LT_OPAQUE) or N(TICKET_NACK).
class Section_4_1_RequestingATicket {
    private final World world = new World(2);
    private final GatewaySettings settings = new GatewaySettings('a');

    private List<Payload> answerTo(Payload... asked) {
        Node gateway = world.add(settings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> auth = new ArrayList<>(peer.authPayloads());
        auth.addAll(List.of(asked));
        return peer.request(ExchangeType.IKE_AUTH, 1, auth);
    }

    @Test
    void aRequestIsAnsweredWithLifetimeAndTicket() {
        Payload.Notify opaque =
                Message.findNotify(
                        answerTo(Payload.Notify.of(NotifyType.TICKET_REQUEST)),
                        NotifyType.TICKET_LT_OPAQUE);
        assertThat(opaque).isNotNull();
        if (opaque != null) {
            assertThat(opaque.data().toInt()).isEqualTo(3600);
            assertThat(
                            World.sealer(1)
                                    .open(
                                            opaque.data().slice(4, opaque.data().length()),
                                            Session.Kind.RFC_5723))
                    .isInstanceOf(OpenedTicket.class);
        }
    }

    @Test
    void withoutARequestThereIsNoTicket() {
        List<Payload> answer = answerTo();
        assertThat(Message.findNotify(answer, NotifyType.TICKET_LT_OPAQUE)).isNull();
        assertThat(Message.findNotify(answer, NotifyType.TICKET_NACK)).isNull();
    }

    @Test
    void aGatewayThatGivesNoneSaysTicketNackAndTheTunnelStands() {
        settings.resumption = ResumptionPolicy.DISABLED;
        List<Payload> answer = answerTo(Payload.Notify.of(NotifyType.TICKET_REQUEST));
        assertThat(Message.findNotify(answer, NotifyType.TICKET_NACK)).isNotNull();
        assertThat(Message.find(answer, Payload.SecurityAssociation.class)).isNotNull();
    }

    @Test
    void theClientKeepsSkDWithTheTicket() {
        ClientSettings client = new ClientSettings();
        client.resumption = Suites.RFC_5723;
        Node gateway = world.add(settings);
        Node node = world.add(client);
        node.initiate(1, client.profile(), gateway);
        world.settle();
        Session ours = node.lastTicket().session();
        assertThat(World.sealer(1).open(node.lastTicket().ticket(), Session.Kind.RFC_5723))
                .isInstanceOfSatisfying(
                        OpenedTicket.class,
                        opened ->
                                assertThat(opened.session().secret().equals(ours.secret()))
                                        .isTrue());
        assertThat(node.lastTicket().validUntil()).isEqualTo(world.now().epochSeconds() + 3600);
        assertThat(node.events(Event.TicketReceived.class)).hasSize(1);
    }
}
