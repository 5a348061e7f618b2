package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.DrainOrder;
import dev.postern.ike.Event;
import dev.postern.ike.Event.Origin;
import dev.postern.ike.Input;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.failover.RedirectAllowance.Targets;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.NotaryByHand;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Where a client goes that is called away by vouchers (failover profile, "Hot standby" and "What a
/// client may never do").
final class SummonedClientTest {
    private final GatewaySettings a = member('a');
    private final GatewaySettings b = member('b');
    private final GatewaySettings d = member('d');
    private SwitchAllowance allowance = SwitchAllowance.CONFIGURED;
    private RedirectAllowance redirects = RedirectAllowance.DEFAULT;

    private static GatewaySettings member(char letter) {
        GatewaySettings settings = new GatewaySettings(letter);
        settings.standby = StandbyPolicy.DEFAULT.protecting(Set.of(settings.profileName));
        return settings;
    }

    private Neighbourhood connected(GatewaySettings... known) {
        Neighbourhood net =
                new Neighbourhood(
                        redirects,
                        CalmPolicy.DEFAULT,
                        DiscoveryPolicy.NONE,
                        allowance,
                        List.of(a, b, d),
                        known);
        for (GatewaySettings each : List.of(a, b, d)) {
            net.tell(each, new Input.HoldVouchers(net.notary.held(each, b, d)));
        }
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
        return net;
    }

    /// This gateway stands in for gw-a, by the word of `signer`.
    private void succeed(Neighbourhood net, GatewaySettings next, GatewaySettings signer) {
        Octets voucher = net.notary.sign(signer, NotaryByHand.voucher(a, next));
        net.tell(
                next,
                new Input.Succeed(
                        net.standby.records(), 1, NotaryByHand.succession(next, voucher)));
        net.pass(Duration.ofMillis(10));
    }

    private static List<String> objections(Neighbourhood net) {
        return net.all(Event.SwitchRefused.class).stream()
                .map(Event.SwitchRefused::reason)
                .toList();
    }

    @Test
    void aLostGatewaysClientIsAtItsStandbyInOneRoundTrip() {
        Neighbourhood net = connected(a, b);
        net.cutOff(a);
        int before = net.exchangesSent.size();
        succeed(net, b, a);
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.exchangesSent.subList(before, net.exchangesSent.size()))
                .contains(ExchangeType.IKE_SESSION_RESUME_1RTT)
                .doesNotContain(ExchangeType.IKE_SA_INIT);
        Event.SwitchCompleted last = net.all(Event.SwitchCompleted.class).getLast();
        assertThat(last.origin()).isEqualTo(Origin.RESUMED_1RTT);
        assertThat(last.addressChanged()).isFalse();
    }

    @Test
    void aVoucherThatDoesNotHoldMovesNobody() {
        Neighbourhood net = connected(a, b);
        succeed(net, b, d);
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
        assertThat(objections(net)).hasSize(1);
    }

    @Test
    void aGatewayThatTheClientDoesNotKnowIsNotFollowedTo() {
        Neighbourhood net = connected(a, b);
        net.cutOff(a);
        succeed(net, d, a);
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(objections(net)).containsExactly("policy allows configured gateways only");
    }

    @Test
    void aVouchedGatewayMayAnswerWherePolicySaysSo() {
        allowance = SwitchAllowance.VOUCHED;
        Neighbourhood net = connected(a, b);
        net.cutOff(a);
        succeed(net, d, a);
        assertThat(net.current()).isEqualTo("192.0.2.4:4500");
        assertThat(net.settings.acceptedGateways).doesNotContain(d.identity());
    }

    @Test
    void whoFollowsNobodyStays() {
        allowance = SwitchAllowance.NONE;
        Neighbourhood net = connected(a, b);
        succeed(net, b, a);
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(objections(net)).containsExactly("policy allows no switch by vouchers");
    }

    @Test
    void aCallThatIsNotHeededStillMakesTheClientLook() {
        allowance = SwitchAllowance.NONE;
        Neighbourhood net = connected(a, b);
        net.cutOff(a);
        succeed(net, b, a);
        net.pass(Duration.ofSeconds(30));
        assertThat(net.current()).isEqualTo(b.name());
    }

    @Test
    void aVainCallIsNoWorseThanNone() {
        Neighbourhood net = connected(a, b);
        int before = net.exchangesSent.size();

        succeed(net, b, a);
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.exchangesSent.subList(before, net.exchangesSent.size()))
                .doesNotContain(ExchangeType.IKE_SA_INIT);
        net.pass(Duration.ofSeconds(30));
        assertThat(net.sessionsAt(a)).as("the old IKE SA was deleted").isZero();
    }

    @Test
    void aSecondCallThatComesTooSoonHasToWait() {
        Neighbourhood net = connected(a, b, d);
        succeed(net, b, a);
        assertThat(net.current()).isEqualTo(b.name());
        net.tell(b, new Input.Redirect(-2, NotaryByHand.address(d)));
        net.pass(Duration.ofMillis(100));
        assertThat(net.current()).isEqualTo(b.name());
    }

    @Test
    void aClientThatLetsNobodyRedirectItIsCalledFromAnEmptyingGateway() {
        redirects = new RedirectAllowance(Targets.NONE, "", 5, 300_000_000_000L);
        Neighbourhood net = connected(a, b);
        net.tell(
                a,
                new Input.Drain(
                        new DrainOrder(
                                10,
                                0,
                                new AlternativeGateways(
                                        List.of(new Backup(NotaryByHand.address(b), 1, 0))))));
        net.pass(Duration.ofSeconds(2));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.sessionsAt(a)).isZero();
    }
}
