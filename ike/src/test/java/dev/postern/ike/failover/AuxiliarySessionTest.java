package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.Origin;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.failover.AuxiliaryPolicy.Use;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.NotaryByHand;
import dev.postern.ike.world.Suites;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// draft-vidya-ipsec-failover-ps-02 section 7 ("initiate a new IKEv2 SA with one or more auxiliary
/// gateways without interrupting a connection to the currently used primary gateway") and
/// draft-zhang-ipsecme-distributed-redundancy-00 section 5 (notices over IKE SAs with other
/// gateways of the cluster).
final class AuxiliarySessionTest {
    private static final long AFTER = 10 * Now.NANOS_PER_SECOND;

    private final GatewaySettings a = member('a');
    private final GatewaySettings b = member('b');
    private final GatewaySettings c = member('c');

    private static GatewaySettings member(char letter) {
        GatewaySettings settings = new GatewaySettings(letter);
        settings.standby = StandbyPolicy.DEFAULT.protecting(Set.of(settings.profileName));
        return settings;
    }

    private Neighbourhood started(
            int sessions, Use use, ResumptionPolicy resumption, GatewaySettings... known) {
        Neighbourhood net =
                Neighbourhood.with(new AuxiliaryPolicy(sessions, use, AFTER), resumption, known);
        net.ownPools = true;
        net.start();
        assertThat(net.current()).isEqualTo(known[0].name());
        return net;
    }

    private Neighbourhood prepared(Use use, ResumptionPolicy resumption, GatewaySettings... known) {
        Neighbourhood net = started(1, use, resumption, known);
        net.pass(Duration.ofSeconds(20));
        assertThat(net.all(Event.AuxiliaryStands.class)).hasSize(1);
        return net;
    }

    @Test
    void aSessionStandsAtAnotherGatewayWhileTheFirstOneServes() {
        Neighbourhood net = started(1, Use.AT_ONCE, Suites.BOTH_PROTOCOLS, a, b);
        net.pass(Duration.ofSeconds(9));
        assertThat(net.sessionsAt(b)).as("calm after the move").isZero();

        net.pass(Duration.ofSeconds(12));
        assertThat(net.all(Event.AuxiliaryStands.class))
                .singleElement()
                .satisfies(stands -> {
                    assertThat(stands.gateway()).isEqualTo(b.name());
                    assertThat(stands.innerAddresses()).containsExactly(Net.ip(10, 9, 2, 1));
                });
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.installed).as("both open").hasSize(2);
        assertThat(net.activated).as("one seals").hasSize(1);
        assertThat(net.all(Event.IkeSaEstablished.class)).as("nobody else hears of it").hasSize(1);
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
    }

    @Test
    void itCarriesOnWithoutAnyExchangeWhenTheGatewayIsLost() {
        Neighbourhood net = prepared(Use.AT_ONCE, Suites.BOTH_PROTOCOLS, a, b);
        int before = net.exchangesSent.size();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(2));

        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.exchangesSent.subList(before, net.exchangesSent.size()))
                .containsOnly(ExchangeType.INFORMATIONAL);
        Event.SwitchCompleted last = net.all(Event.SwitchCompleted.class).getLast();
        assertThat(last.origin()).isEqualTo(Origin.AUXILIARY);
        assertThat(last.addressChanged()).isTrue();
        assertThat(last.innerAddresses()).containsExactly(Net.ip(10, 9, 2, 1));
        assertThat(net.activated).hasSize(2);
        assertThat(net.installed).contains(net.activated.getLast());
        assertThat(net.all(Event.IkeSaEstablished.class).getLast().handle())
                .isEqualTo(last.handle());
    }

    @Test
    void itsOwnTicketResumesItLater() {
        Neighbourhood net = prepared(Use.AT_ONCE, Suites.BOTH_PROTOCOLS, a, b);
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        assertThat(net.current()).isEqualTo(b.name());

        net.reconnect(a);
        net.switchTo(a.name());
        net.pass(Duration.ofSeconds(2));
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Origin.RESUMED_1RTT);
        assertThat(net.sessionsAt(b)).isZero();
    }

    @Test
    void policyMayHaveTheSessionResumedFirst() {
        Neighbourhood net = prepared(Use.AFTER_RESUME, Suites.BOTH_PROTOCOLS, a, b);
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(3));

        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Origin.RESUMED_1RTT);
        assertThat(net.sessionsAt(b)).as("the one that stood by there has ended").isEqualTo(1);
        assertThat(net.all(Event.AuxiliaryEnded.class).getLast().reason())
                .isEqualTo("that gateway serves us already");
    }

    @Test
    void whereNothingCanBeResumedItCarriesOnAllTheSame() {
        Neighbourhood net = prepared(Use.AFTER_RESUME, ResumptionPolicy.DISABLED, a, b);
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(2));
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Origin.AUXILIARY);
    }

    @Test
    void oneThatIsLostWithTheGatewayTakesNobodyDown() {
        Neighbourhood net = prepared(Use.AT_ONCE, Suites.BOTH_PROTOCOLS, a, b, c);
        net.cutOff(a);
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofSeconds(10));
        assertThat(net.current()).isEqualTo(c.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .as("the session itself goes on")
                .isEqualTo(Origin.RESUMED_1RTT);
    }

    @Test
    void thereAreNoMoreThanPolicySaysAndOneForEachGateway() {
        Neighbourhood net = started(2, Use.AT_ONCE, Suites.BOTH_PROTOCOLS, a, b, c);
        net.pass(Duration.ofMinutes(10));
        assertThat(net.all(Event.AuxiliaryStands.class))
                .extracting(Event.AuxiliaryStands::gateway)
                .containsExactlyInAnyOrder(b.name(), c.name());
        assertThat(net.sessionsAt(b)).isEqualTo(1);
        assertThat(net.sessionsAt(c)).isEqualTo(1);
    }

    @Test
    void aGatewayThatIsNotThereIsAskedSeldom() {
        Neighbourhood net = started(1, Use.AT_ONCE, Suites.BOTH_PROTOCOLS, a, b);
        net.cutOff(b);
        long before = count(net, ExchangeType.IKE_SA_INIT);
        net.pass(Duration.ofHours(1));
        long attempts = (count(net, ExchangeType.IKE_SA_INIT) - before) / 4;
        assertThat(attempts).isBetween(5L, 30L);
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
    }

    private static long count(Neighbourhood net, ExchangeType exchange) {
        return net.exchangesSent.stream().filter(exchange::equals).count();
    }

    @Test
    void anAddressThatTheSessionHasAlreadyWouldDrawItsPacketsAway() {
        Neighbourhood net =
                Neighbourhood.with(
                        new AuxiliaryPolicy(1, Use.AT_ONCE, AFTER), Suites.BOTH_PROTOCOLS, a, b);
        net.start();
        net.pass(Duration.ofMinutes(10));
        assertThat(net.all(Event.AuxiliaryEnded.class))
                .singleElement()
                .extracting(Event.AuxiliaryEnded::reason)
                .isEqualTo("it assigns an inner address that the session has already");
        assertThat(net.sessionsAt(b)).isZero();
    }

    @Test
    void parkingAndLogoutEndItToo() {
        Neighbourhood net = prepared(Use.AT_ONCE, Suites.BOTH_PROTOCOLS, a, b);
        net.park();
        net.pass(Duration.ofMinutes(5));
        assertThat(net.isParked()).isTrue();
        assertThat(net.sessionsAt(b)).isZero();

        net.wake();
        net.pass(Duration.ofSeconds(40));
        assertThat(net.sessionsAt(b)).isEqualTo(1);
        net.stop();
        net.pass(Duration.ofMinutes(5));
        assertThat(net.sessionsAt(a) + net.sessionsAt(b)).isZero();
        assertThat(net.installed).isEmpty();
    }

    @Test
    void aSwitchNoticeArrivesOverItThroughANatThatFiltersByAddress() {
        assertThat(calledByStandby(true)).isEqualTo(b.name());
        assertThat(calledByStandby(false)).as("no notice arrives without").isEqualTo(a.name());
    }

    private Neighbourhood behindANat() {
        Neighbourhood net =
                Neighbourhood.with(
                        new AuxiliaryPolicy(1, Use.AFTER_RESUME, AFTER),
                        Suites.BOTH_PROTOCOLS,
                        a,
                        b);
        net.ownPools = true;
        net.behindNat = true;
        for (GatewaySettings each : List.of(a, b)) {
            net.tell(each, new Input.HoldVouchers(net.notary.held(each, a, b)));
        }
        net.start();
        net.pass(Duration.ofSeconds(20));
        assertThat(net.all(Event.AuxiliaryStands.class)).hasSize(1);
        return net;
    }

    private static void succeed(Neighbourhood net, GatewaySettings next, Octets voucher) {
        net.tell(
                next,
                new Input.Succeed(
                        net.standby.records(), 1, NotaryByHand.succession(next, voucher)));
    }

    /// Who calls over it has proven itself, and nobody else.
    @Test
    void aCallOverItToAThirdGatewayMovesNobody() {
        Neighbourhood net = behindANat();
        net.cutOff(a);
        Octets voucher = net.notary.sign(a, NotaryByHand.voucher(a, c));
        net.tell(
                b,
                new Input.Succeed(net.standby.records(), 1, NotaryByHand.succession(c, voucher)));
        net.pass(Duration.ofMillis(100));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchOrdered.class)).isEmpty();
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
    }

    @Test
    void aCallOverItThatSomebodyHasChangedOrRepeatsMovesNobody() {
        Neighbourhood net = behindANat();
        net.cutOff(a);
        net.cutOff(b);
        int before = net.said.size();
        succeed(net, b, net.notary.sign(a, NotaryByHand.voucher(a, b)));
        net.pass(Duration.ofMillis(100));
        net.reconnect(b);
        List<Effect.Send> calls = List.copyOf(net.said.subList(before, net.said.size()));
        assertThat(calls).isNotEmpty();
        for (Effect.Send call : calls) {
            for (int i = 0; i < call.octets().length; i += 3) {
                byte[] changed = call.octets().clone();
                changed[i] ^= 0x10;
                net.deliver(b.address(), changed);
            }
            assertThat(net.current()).isEqualTo(a.name());
            assertThat(net.all(Event.SwitchOrdered.class)).isEmpty();
        }
        calls.forEach(call -> net.deliver(b.address(), call.octets().clone()));
        net.pass(Duration.ofMillis(50));
        assertThat(net.current()).as("as it was said").isEqualTo(b.name());
        int moves = net.all(Event.SwitchCompleted.class).size();
        calls.forEach(call -> net.deliver(b.address(), call.octets().clone()));
        net.pass(Duration.ofMillis(50));
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(moves);
    }

    /// Where the client is a moment after gw-b has stood in for gw-a, which nobody has suspected.
    private String calledByStandby(boolean auxiliary) {
        Neighbourhood net =
                Neighbourhood.with(
                        new AuxiliaryPolicy(auxiliary ? 1 : 0, Use.AFTER_RESUME, AFTER),
                        Suites.BOTH_PROTOCOLS,
                        a,
                        b);
        net.ownPools = true;
        net.behindNat = true;
        for (GatewaySettings each : List.of(a, b)) {
            net.tell(each, new Input.HoldVouchers(net.notary.held(each, a, b)));
        }
        net.start();
        net.pass(Duration.ofSeconds(20));
        assertThat(net.all(Event.AuxiliaryStands.class)).hasSize(auxiliary ? 1 : 0);
        net.cutOff(a);
        Octets voucher = net.notary.sign(a, NotaryByHand.voucher(a, b));
        net.tell(
                b,
                new Input.Succeed(net.standby.records(), 1, NotaryByHand.succession(b, voucher)));
        net.pass(Duration.ofMillis(100));
        if (auxiliary) {
            assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                    .isEqualTo(Origin.RESUMED_1RTT);
        }
        return net.current();
    }
}
