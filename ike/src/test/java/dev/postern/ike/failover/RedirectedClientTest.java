package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.DrainOrder;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.Origin;
import dev.postern.ike.Event.RedirectStage;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.RedirectPolicy;
import dev.postern.ike.failover.RedirectAllowance.Targets;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Where a client goes that is redirected: RFC 5685 sections 3 and 7, failover profile, "What a
/// client may never do".
final class RedirectedClientTest {
    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');
    private final GatewaySettings c = new GatewaySettings('c');
    private RedirectAllowance allowance = RedirectAllowance.DEFAULT;

    private static GatewayList.Entry address(GatewaySettings gateway) {
        return new GatewayList.Address(Octets.of(gateway.address().getAddress().getAddress()), 0);
    }

    private static AlternativeGateways to(GatewayList.Entry... gateways) {
        return new AlternativeGateways(
                Arrays.stream(gateways).map(each -> new Backup(each, 1, 0)).toList());
    }

    private static Input full(GatewayList.Entry target) {
        return new Input.Redirects(
                new RedirectPolicy(false, 0, RedirectStage.IKE_SA_INIT, to(target)));
    }

    private static Input drain(GatewayList.Entry target) {
        return new Input.Drain(new DrainOrder(10, 0, to(target)));
    }

    private Neighbourhood knowing(GatewaySettings... known) {
        return new Neighbourhood(allowance, List.of(a, b, c), known);
    }

    private Neighbourhood connected(GatewaySettings... known) {
        Neighbourhood net = knowing(known);
        net.start();
        return net;
    }

    @Test
    void aNewClientIsServedWhereItIsSentTo() {
        Neighbourhood net = knowing(a, b);
        net.tell(a, full(address(b)));
        net.start();
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(1);
    }

    @Test
    void anUnknownGatewayOfTheDomainIsFoundByRedirection() {
        Neighbourhood net = knowing(a);
        net.tell(a, full(address(b)));
        net.start();
        assertThat(net.current()).isEqualTo("192.0.2.2:4500");
    }

    @Test
    void aGatewayByNameIsTheCandidateOfThatName() {
        Neighbourhood net = knowing(a, c, b);
        net.tell(a, full(new GatewayList.Name("gw-b.example")));
        net.start();
        assertThat(net.current()).isEqualTo(b.name());
    }

    @Test
    void anEmptyingGatewaysClientResumesElsewhereInOneRoundTrip() {
        Neighbourhood net = connected(a, b);
        int handshakes = net.exchangesSent.size();
        net.tell(a, drain(address(b)));
        net.pass(Duration.ofSeconds(2));
        assertThat(net.current()).isEqualTo(b.name());
        Event.SwitchCompleted last = net.all(Event.SwitchCompleted.class).getLast();
        assertThat(last.origin()).isEqualTo(Origin.RESUMED_1RTT);
        assertThat(last.addressChanged()).isFalse();
        assertThat(net.exchangesSent.subList(handshakes, net.exchangesSent.size()))
                .doesNotContain(ExchangeType.IKE_SA_INIT);
        assertThat(net.sessionsAt(a)).as("deleted once the new one stood").isZero();
    }

    /// Its Delete waits for the answer to the check.
    @Test
    void whoIsStoppedDoesNotFollow() {
        Neighbourhood net = connected(a, b);
        net.lost.add(ExchangeType.INFORMATIONAL);
        net.suspect();
        net.stop();
        net.tell(a, drain(address(b)));
        net.lost.clear();
        net.pass(Duration.ofMinutes(5));
        assertThat(net.all(Event.Redirected.class)).isNotEmpty();
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
        assertThat(net.sessionsAt(a)).isZero();
        assertThat(net.sessionsAt(b)).isZero();
    }

    /// It is parked there, and comes with its ticket, not with a handshake, to the next one.
    @Test
    void aClientThatDoesNotFollowResumesElsewhereAfterTheDeadline() {
        allowance = new RedirectAllowance(Targets.NONE, "", 5, Now.NANOS_PER_SECOND);
        Neighbourhood net = connected(a, b);
        net.tell(a, new Input.Drain(new DrainOrder(10, 5 * Now.NANOS_PER_SECOND, to(address(b)))));
        net.pass(Duration.ofSeconds(4));
        assertThat(net.current()).isEqualTo(a.name());
        net.pass(Duration.ofSeconds(2));
        net.wake();
        net.pass(Duration.ofSeconds(5));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Origin.RESUMED_1RTT);
        assertThat(net.all(Event.IkeSaClosed.class))
                .noneMatch(closed -> closed.reason() == CloseReason.DELETED_BY_PEER);
    }

    @Test
    void threat13AGatewayThatSendsItsClientToItselfIsNotFollowed() {
        Neighbourhood net = knowing(a, b);
        net.tell(a, full(address(a)));
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.RedirectRefused.class))
                .singleElement()
                .satisfies(refused ->
                        assertThat(refused.reason())
                                .isEqualTo("it is the one that sends us there"));
    }

    /// It is not looked up: whoever redirects could have it resolve anything.
    @Test
    void aTargetByANameThatNobodyKnowsIsRefusedInWordsAndTheClientIsServed() {
        GatewayList.Entry unknown = new GatewayList.Name("nowhere.example");
        Neighbourhood net = knowing(a, b);
        net.tell(a, full(unknown));
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
        assertRefused(net, unknown);
    }

    @Test
    void aNameThatNobodyKnowsMovesNoClientThatIsServed() {
        GatewayList.Entry unknown = new GatewayList.Name("nowhere.example");
        Neighbourhood net = connected(a, b);
        net.tell(a, drain(unknown));
        net.pass(Duration.ofSeconds(20));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.IkeSaClosed.class)).isEmpty();
        assertRefused(net, unknown);
    }

    private static void assertRefused(Neighbourhood net, GatewayList.Entry target) {
        assertThat(net.all(Event.RedirectRefused.class))
                .isNotEmpty()
                .allSatisfy(refused -> {
                    assertThat(refused.gateway()).isEqualTo(target);
                    assertThat(refused.reason()).contains("no gateway of this name");
                });
    }

    /// Nor what a list of gateways names ([AddressScope]).
    @Test
    void nobodySendsAClientToItselfToItsLinkOrToNobody() {
        List<String> nowhere =
                List.of("127.0.0.1", "169.254.7.7", "224.0.0.1", "255.255.255.255", "0.0.0.0");
        for (String address : nowhere) {
            GatewayList.Entry target = entry(InetAddress.ofLiteral(address));
            Neighbourhood net = knowing(a, b);
            net.tell(a, full(target));
            net.start();
            assertThat(net.current()).as(address).isEqualTo(a.name());
            assertThat(net.all(Event.RedirectRefused.class))
                    .as(address)
                    .singleElement()
                    .satisfies(refused ->
                            assertThat(refused.reason())
                                    .containsAnyOf(
                                            "to this host or its own link", "no host has that"));
        }
        Neighbourhood net = connected(a, b);
        InetAddress inner =
                net.all(Event.SwitchCompleted.class).getLast().innerAddresses().getFirst();
        net.tell(a, drain(entry(inner)));
        net.pass(Duration.ofSeconds(2));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.RedirectRefused.class).getLast().reason())
                .contains("our own, inside the tunnel");
        GatewayOrder order = oneGateway();
        List<GatewayList.Entry> list =
                nowhere.stream().map(InetAddress::ofLiteral).map(each -> entry(each)).toList();
        order.learn(list, 0);
        assertThat(order.after(0)).containsExactly(0);
    }

    private static GatewayList.Entry entry(InetAddress address) {
        return new GatewayList.Address(Octets.of(address.getAddress()), 0);
    }

    private GatewayOrder oneGateway() {
        return Orders.of(
                List.of(
                        new GatewayCandidate(
                                "a",
                                null,
                                new dev.postern.ike.Path(
                                        Net.port4500(Net.ip(10, 0, 0, 1)), a.address(), true))));
    }

    @Test
    void aTargetThatIsNotThereCostsNothing() {
        Neighbourhood net = connected(a, b);
        net.cutOff(b);
        net.tell(a, drain(address(b)));
        net.pass(Duration.ofSeconds(20));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.IkeSaClosed.class)).noneMatch(closed -> closed.handle() == 1);
        assertThat(net.all(Event.RetryScheduled.class)).isEmpty();
    }

    @Test
    void theGatewayMayFallSilentWhileTheTargetDoesNotAnswer() {
        Neighbourhood net = connected(a, b, c);
        net.cutOff(b);
        net.tell(a, drain(address(b)));
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(30));
        assertThat(net.current()).isEqualTo(c.name());
    }

    @Test
    void aTargetThatDoesNotAnswerLeadsBackToTheGatewayThatNamedIt() {
        Neighbourhood net = knowing(a);
        net.cutOff(b);
        net.tell(a, full(address(b)));
        net.start();
        net.pass(Duration.ofSeconds(8));
        assertThat(net.current())
                .as("the client does not support redirection any more, so it is served")
                .isEqualTo(a.name());
    }

    @Test
    void threat13TwoGatewaysThatSendAClientToEachOtherServeIt() {
        Neighbourhood net = knowing(a, b);
        net.tell(a, full(address(b)));
        net.tell(b, full(address(a)));
        net.start();
        assertThat(net.current()).as("REDIRECTED_FROM ends it").isNotEmpty();
        assertThat(net.all(Event.Redirected.class)).hasSize(1);
    }

    @Test
    void threat13ALongerLoopEndsAfterFiveRedirections() {
        Neighbourhood net = knowing(a, b, c);
        net.tell(a, full(address(b)));
        net.tell(b, full(address(c)));
        net.tell(c, full(address(a)));
        net.start();
        assertThat(net.all(Event.Redirected.class)).hasSize(6);
        assertThat(net.all(Event.RedirectRefused.class))
                .singleElement()
                .satisfies(refused -> assertThat(refused.reason()).contains("loop"));
        assertThat(net.current()).as("it is served where the loop was noticed").isNotEmpty();
    }

    @Test
    void afterThePeriodRedirectionsAreFollowedAgain() {
        allowance = new RedirectAllowance(Targets.PROVEN, "", 1, Duration.ofMinutes(5).toNanos());
        Neighbourhood net = connected(a, b);
        net.tell(a, new Input.Redirect(-1, address(b)));
        net.pass(Duration.ofSeconds(1));
        net.tell(b, new Input.Redirect(-1, address(a)));
        net.pass(Duration.ofSeconds(1));
        assertThat(net.current()).isEqualTo(b.name());
        net.pass(Duration.ofMinutes(6));
        net.tell(b, new Input.Redirect(-1, address(a)));
        net.pass(Duration.ofSeconds(1));
        assertThat(net.current()).isEqualTo(a.name());
    }

    @Test
    void aClientWhosePolicyAllowsNoneIsServedByTheGatewayThatItAsks() {
        allowance = new RedirectAllowance(Targets.NONE, "", 5, 1);
        Neighbourhood net = knowing(a, b);
        net.tell(a, full(address(b)));
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
    }

    @Test
    void threat13WithConfiguredTargetsAStrangerIsNotFollowed() {
        allowance = new RedirectAllowance(Targets.CONFIGURED, "", 5, 1_000_000_000);
        Neighbourhood net = knowing(a, b);
        net.tell(a, full(address(c)));
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.RedirectRefused.class)).hasSize(1);
    }

    @Test
    void withADomainNamesInItAreFollowedAndOthersAreNot() {
        allowance = new RedirectAllowance(Targets.DOMAIN, "vpn.example", 5, 1_000_000_000);
        Redirects redirects = new Redirects(allowance, new Calm(CalmPolicy.DEFAULT), new Outbox());
        GatewayOrder order = Orders.of(List.of());
        for (String stranger : List.of("evil.example", "evilvpn.example", "vpn.example.evil")) {
            assertThat(
                            redirects.judge(
                                    Neighbourhood.at(1), new GatewayList.Name(stranger), 0, order))
                    .as(stranger)
                    .isInstanceOfSatisfying(
                            Redirects.Refused.class,
                            refused -> assertThat(refused.reason()).contains("vpn.example"));
        }
        assertThat(
                        redirects.judge(
                                Neighbourhood.at(1),
                                new GatewayList.Name("gw-7.VPN.example"),
                                0,
                                order))
                .as("allowed, but nobody knows its address")
                .isEqualTo(new Redirects.Refused("no gateway of this name is known here"));
    }

    @Test
    void whoeverAnswersAtTheTargetMustBeAGatewayThatTheClientAccepts() {
        GatewaySettings stranger = new GatewaySettings('d');
        Neighbourhood net = new Neighbourhood(allowance, List.of(a, stranger), a);
        net.tell(a, full(address(stranger)));
        net.start();
        net.pass(Duration.ofSeconds(1));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.IkeSaClosed.class))
                .anyMatch(closed -> closed.reason() == Event.CloseReason.UNEXPECTED_IDENTITY);
    }

    @Test
    void addressesThatNobodyHasProvenHaveNoPlaceInTheOrder() {
        GatewayOrder order = oneGateway();
        for (int host = 10; host < 60; host++) {
            GatewayList.Entry stranger =
                    new GatewayList.Address(Octets.of(Net.ip(192, 0, 2, host).getAddress()), 0);
            assertThat(order.redirected(stranger, 0)).isBetween(1, GatewayOrder.MAXIMUM_VISITED);
        }
        assertThat(order.after(0)).containsExactly(0);
        order.proven(3, List.of());
        assertThat(order.after(0)).containsExactly(3, 0);
    }
}
