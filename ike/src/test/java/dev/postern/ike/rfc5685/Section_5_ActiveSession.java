package dev.postern.ike.rfc5685;

import static dev.postern.ike.rfc5685.TwoGateways.B;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.Counter;
import dev.postern.ike.DrainOrder;
import dev.postern.ike.DrainProgress;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.RedirectStage;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.RedirectPolicy;
import dev.postern.ike.Redirection;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.Redirect;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Redirect during an active session, and the emptying of a gateway by it.
class Section_5_ActiveSession {
    private static final GatewayList.Entry C = TwoGateways.address(3);

    private final TwoGateways g = new TwoGateways(5);

    @Test
    void theClientAnswersAndKeepsItsSession() {
        g.connect(Redirection.ACCEPTED);
        g.a().give(new Input.Redirect(-1, B));
        g.world.settle();
        assertThat(g.redirected())
                .containsExactly(new Event.Redirected(1, RedirectStage.INFORMATIONAL, B));
        assertThat(g.client().endpoint().state(1)).isEqualTo("Established");
        assertThat(g.a().count(Counter.REDIRECTED_IN_INFORMATIONAL)).isEqualTo(1);
        g.world.advance(Duration.ofSeconds(10));
        assertThat(g.a().count(Counter.RETRANSMITTED_REQUEST)).as("it was answered").isZero();
    }

    @Test
    void thePayloadCarriesNoNonceData() throws Exception {
        InitiatorByHand client = new InitiatorByHand(g.world, g.a(), 1);
        List<Payload> payloads = new ArrayList<>(client.initPayloads());
        payloads.add(Payload.Notify.of(NotifyType.REDIRECT_SUPPORTED));
        client.begin(payloads);
        client.request(ExchangeType.IKE_AUTH, 1, client.authPayloads());
        g.a().give(new Input.Redirect(-1, B));
        g.world.settle();
        Payload.Notify notify =
                InitiatorByHand.find(
                        client.open(g.world.carried().getLast()), Payload.Notify.class);
        assertThat(notify.is(NotifyType.REDIRECT)).isTrue();
        assertThat(Redirect.decode(notify.data())).isEqualTo(Redirect.to(B));
    }

    @Test
    void aClientThatDoesNotSupportItIsNotTold() {
        g.connect(Redirection.REFUSED);
        int before = g.world.carried().size();
        g.a().give(new Input.Redirect(-1, B));
        g.world.settle();
        assertThat(g.world.carried()).hasSize(before);
    }

    @Test
    void aClientRedirectsNobody() {
        g.connect(Redirection.ACCEPTED);
        g.client().give(new Input.Redirect(1, B));
        g.world.settle();
        assertThat(g.a().events(Event.Redirected.class)).isEmpty();
    }

    @Test
    void aResumedSessionRemembersThatItsClientSupportsIt() {
        g.connect(Redirection.ACCEPTED);
        g.client().resume(2, g.settings.profile(), g.b(), g.client().lastTicket());
        g.world.settle();
        g.b().give(new Input.Redirect(-1, TwoGateways.address(1)));
        g.world.settle();
        assertThat(g.redirected())
                .containsExactly(
                        new Event.Redirected(
                                2, RedirectStage.INFORMATIONAL, TwoGateways.address(1)));
    }

    @Test
    void aDrainingGatewayTellsItsClientsAtThePaceThatWasOrdered() {
        List<Node> clients = connected(20);
        drain(2, 0);
        assertThat(told(clients)).isEqualTo(1);
        g.world.advance(Duration.ofSeconds(3));
        assertThat(told(clients)).isBetween(6, 7);
        g.world.advance(Duration.ofSeconds(8));
        assertThat(told(clients)).isEqualTo(20);
        assertThat(g.a().endpoint().drainProgress()).isEqualTo(new DrainProgress(true, 20, 20, 0));
    }

    @Test
    void aFastPaceIsKeptThoughTheClockIsLookedAtSeldom() {
        List<Node> clients = connected(20);
        drain(1000, 0);
        g.world.advance(Duration.ofMillis(100));
        assertThat(told(clients)).isEqualTo(20);
    }

    @Test
    void whoStaysIsToldAgain() {
        List<Node> clients = connected(1);
        drain(10, 0);
        g.world.advance(Duration.ofSeconds(31));
        assertThat(clients.getFirst().events(Event.Redirected.class)).hasSize(2);
    }

    /// Some willing to go, one not; a Delete would end their tickets.
    @Test
    void whoIsLeftAtTheDeadlineAndHoldsATicketIsParked() {
        connected(3);
        g.connect(Redirection.REFUSED);
        drain(10, 5 * Now.NANOS_PER_SECOND);
        assertThat(g.a().endpoint().drainProgress().unwilling()).isEqualTo(1);
        g.world.advance(Duration.ofSeconds(4));
        assertThat(g.a().endpoint().drainProgress().left()).isEqualTo(4);
        g.world.advance(Duration.ofSeconds(2));
        assertThat(g.a().endpoint().drainProgress().left()).isZero();
        assertThat(g.client().lastClosed().reason()).isEqualTo(CloseReason.PARKED);
        g.client().resume(2, g.settings.profile(), g.b(), g.client().lastTicket());
        g.world.settle();
        assertThat(g.client().lastEstablished().peer()).isEqualTo(g.bSettings.identity());
    }

    @Test
    void whoIsLeftAtTheDeadlineWithoutATicketIsDeleted() {
        g.settings.resumption = ResumptionPolicy.DISABLED;
        g.connect(Redirection.REFUSED);
        drain(10, 5 * Now.NANOS_PER_SECOND);
        g.world.advance(Duration.ofSeconds(6));
        assertThat(g.a().endpoint().drainProgress().left()).isZero();
        assertThat(g.client().lastClosed().reason()).isEqualTo(CloseReason.DELETED_BY_PEER);
    }

    @Test
    void afterTheDeadlineAResumeOfAClientThatCannotBeRedirectedIsRefusedForNow() {
        g.connect(Redirection.REFUSED);
        drain(10, 5 * Now.NANOS_PER_SECOND);
        g.world.advance(Duration.ofSeconds(6));
        g.client().resume(2, g.settings.profile(), g.a(), g.client().lastTicket());
        g.world.settle();
        assertThat(g.client().lastClosed().reason()).isEqualTo(CloseReason.TEMPORARY_FAILURE);
        assertThat(g.a().count(Counter.REFUSED_DRAINING)).isEqualTo(1);
    }

    @Test
    void undrainTellsNobodyElse() {
        List<Node> clients = connected(10);
        drain(1, 0);
        g.world.advance(Duration.ofSeconds(2));
        g.a().give(new Input.Undrain());
        int before = told(clients);
        g.world.advance(Duration.ofSeconds(20));
        assertThat(told(clients)).isEqualTo(before);
        assertThat(g.a().endpoint().drainProgress().draining()).isFalse();
    }

    @Test
    void aClientInTheMiddleOfItsHandshakeIsSentAwayInIkeAuth() {
        g.a();
        g.client()
                .give(
                        new Input.Initiate(
                                1,
                                g.settings.profile(),
                                g.client().pathTo(g.a()),
                                Redirection.ACCEPTED));
        g.world.advance(Duration.ofMillis(7));
        drain(10, 0);
        g.world.settle();
        assertThat(g.redirected())
                .containsExactly(new Event.Redirected(1, RedirectStage.IKE_AUTH, B));
    }

    @Test
    void aResumeAtADrainingGatewayIsRefusedByTheGatewayToGoTo() {
        g.connect(Redirection.ACCEPTED);
        g.b().give(new Input.Drain(new DrainOrder(10, 0, TwoGateways.to(TwoGateways.address(3)))));
        g.client().resume(2, g.settings.profile(), g.b(), g.client().lastTicket());
        g.world.settle();
        assertThat(g.redirected())
                .containsExactly(
                        new Event.Redirected(2, RedirectStage.RESUME, TwoGateways.address(3)));
        assertThat(g.client().lastClosed().reason()).isEqualTo(CloseReason.REDIRECTED);
        assertThat(g.b().endpoint().size()).isZero();
        assertThat(g.client().endpoint().state(1)).as("the old one").isEqualTo("Established");
    }

    @Test
    void aResumeOfAClientThatCannotBeRedirectedIsPerformed() {
        g.connect(Redirection.REFUSED);
        g.b().give(new Input.Drain(new DrainOrder(10, 0, TwoGateways.to(TwoGateways.address(1)))));
        g.client().resume(2, g.settings.profile(), g.b(), g.client().lastTicket());
        g.world.settle();
        assertThat(g.client().lastEstablished().peer()).isEqualTo(g.bSettings.identity());
    }

    /// Without targets of its own the order goes by the gateway's, as they stand when it is a
    /// client's turn: one that is full, or known to be down, has load 1.
    @Test
    void whileAGatewayIsEmptiedNobodyIsSentToOneThatIsFull() {
        List<Node> clients = connected(6);
        backups(new Backup(B, 1, 0), new Backup(C, 1, 1));
        g.a().give(new Input.Drain(new DrainOrder(1, 0, AlternativeGateways.NONE)));
        g.world.advance(Duration.ofMillis(2_500));
        int toB = told(clients);
        assertThat(toB).isBetween(2, 3);
        backups(new Backup(B, 1, 1), new Backup(C, 1, 1));
        g.world.advance(Duration.ofSeconds(5));
        assertThat(told(clients)).as("nobody takes them").isEqualTo(toB);
        backups(new Backup(B, 1, 1), new Backup(C, 1, 0.9));
        g.world.advance(Duration.ofSeconds(10));
        List<GatewayList.Entry> targets =
                clients.stream()
                        .flatMap(client -> client.events(Event.Redirected.class).stream())
                        .map(Event.Redirected::gateway)
                        .toList();
        assertThat(targets).hasSize(6);
        assertThat(targets.stream().filter(B::equals)).hasSize(toB);
        assertThat(targets.stream().filter(C::equals)).hasSize(6 - toB);
    }

    private void backups(Backup... backups) {
        g.a().give(
                        new Input.Redirects(
                                new RedirectPolicy(
                                        false,
                                        RedirectPolicy.NEVER_FULL,
                                        RedirectStage.IKE_SA_INIT,
                                        new AlternativeGateways(List.of(backups)))));
    }

    private void drain(double rate, long deadlineNanos) {
        g.a().give(new Input.Drain(new DrainOrder(rate, deadlineNanos, TwoGateways.to(B))));
        g.world.settle();
    }

    private static int told(List<Node> clients) {
        return (int)
                clients.stream()
                        .filter(client -> !client.events(Event.Redirected.class).isEmpty())
                        .count();
    }

    private List<Node> connected(int count) {
        List<Node> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ClientSettings settings = new ClientSettings("d" + i);
            settings.host = 100 + i;
            g.aSettings.keys.put(settings.identity, settings.preSharedKey);
            clients.add(g.world.add(settings));
            clients.getLast()
                    .give(
                            new Input.Initiate(
                                    1,
                                    settings.profile(),
                                    clients.getLast().pathTo(g.a()),
                                    Redirection.ACCEPTED));
        }
        g.world.settle();
        assertThat(g.a().endpoint().drainProgress().left()).isEqualTo(count);
        return clients;
    }
}
