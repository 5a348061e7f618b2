package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Event;
import dev.postern.ike.FoundGateway;
import dev.postern.ike.GatewayName;
import dev.postern.ike.Path;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A client that knows gateways by name, and one whose application knows more of them.
class DiscoveryTest {
    private static final String NAME = "vpn.example";

    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');

    private static NamedGateway named(GatewaySettings gateway, int priority) {
        return new NamedGateway(
                GatewayName.addresses(NAME, 4500),
                gateway.identity(),
                List.of(),
                new Rank(priority, 1));
    }

    private static NamedGateway service(GatewaySettings gateway) {
        return new NamedGateway(
                GatewayName.service("isakmp", NAME), gateway.identity(), List.of(), new Rank(0, 1));
    }

    /// @param ranks of `known`
    private static Neighbourhood knowing(
            NamedGateway name,
            List<Rank> ranks,
            List<GatewaySettings> there,
            GatewaySettings... known) {
        return new Neighbourhood(
                RedirectAllowance.DEFAULT,
                CalmPolicy.DEFAULT,
                DiscoveryPolicy.of(ranks, List.of(name)),
                there,
                known);
    }

    private static InetSocketAddress host(int number) {
        return Net.port4500(Net.ip(192, 0, 2, number));
    }

    @Test
    void aGatewayThatIsKnownByNameAloneServesTheClient() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a));
        net.names.says(NAME, 60, net.found(a.address(), 0, 1));
        net.start();
        assertThat(net.current()).startsWith(a.identity() + "@");
        assertThat(net.overview().candidates())
                .singleElement()
                .satisfies(only -> {
                    assertThat(only.source()).isEqualTo(GatewaySource.DNS_ADDRESS);
                    assertThat(only.origin()).isEqualTo(NAME);
                    assertThat(only.serving()).isTrue();
                    assertThat(only.lastResult()).isEqualTo("serves us");
                });
    }

    @Test
    void aNameThatStandsFirstIsTriedFirst() {
        Neighbourhood net = knowing(named(a, 0), List.of(new Rank(1, 1)), List.of(a, b), b);
        net.start();
        assertThat(net.exchangesSent).as("the answer is waited for").isEmpty();
        net.answer(
                net.names.asked.getFirst().askId(),
                new Answer.GatewaysFound(List.of(net.found(a.address(), 0, 1)), 60));
        assertThat(net.current()).startsWith(a.identity() + "@");
    }

    @Test
    void aNameThatIsNotAnsweredHoldsTheOthersUpForASecond() {
        Neighbourhood net = knowing(named(a, 0), List.of(new Rank(1, 1)), List.of(a, b), b);
        net.start();
        net.pass(Duration.ofMillis(1_001));
        assertThat(net.current()).isEqualTo(b.name());
    }

    @Test
    void aNameThatDoesNotStandFirstHoldsNobodyUp() {
        Neighbourhood net = knowing(named(b, 1), List.of(new Rank(0, 1)), List.of(a, b), a);
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
    }

    @Test
    void theNameIsAskedForAgainWhenItsTtlEndsAndNotBefore() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a));
        net.names.says(NAME, 60, net.found(a.address(), 0, 1));
        net.start();
        net.pass(Duration.ofSeconds(59));
        assertThat(net.names.asked).hasSize(1);
        net.pass(Duration.ofSeconds(2));
        assertThat(net.names.asked).hasSize(2);
    }

    @Test
    void aTtlOfNothingIsNotTakenAtItsWord() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a));
        net.names.says(NAME, 0, net.found(a.address(), 0, 1));
        net.start();
        net.pass(Duration.ofSeconds(61));
        assertThat(net.names.asked).hasSizeLessThanOrEqualTo(7);
    }

    @Test
    void whenEveryGatewayHasFailedTheNameIsAskedForAgainLongBeforeItsTtlEnds() {
        NamedGateway anybody =
                new NamedGateway(
                        GatewayName.addresses(NAME, 4500), null, List.of(), new Rank(0, 1));
        Neighbourhood net = knowing(anybody, List.of(), List.of(a, b));
        net.names.says(NAME, 86_400, net.found(a.address(), 0, 1));
        net.start();
        net.pass(Duration.ofSeconds(30));
        net.cutOff(a);
        net.names.says(NAME, 86_400, net.found(b.address(), 0, 1));
        net.suspect();
        net.pass(Duration.ofMinutes(2));
        assertThat(net.sessionsAt(b)).isEqualTo(1);
        assertThat(net.overview().candidates())
                .as("what the name does not stand for any more is not tried")
                .extracting(GatewayOverview.Candidate::address)
                .containsExactly(b.address());
    }

    @Test
    void aGatewayThatTheNameNoLongerStandsForServesOn() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a, b));
        net.names.says(NAME, 10, net.found(a.address(), 0, 1));
        net.start();
        net.names.says(NAME, 10, net.found(b.address(), 0, 1));
        net.pass(Duration.ofSeconds(30));
        assertThat(net.sessionsAt(a)).isEqualTo(1);
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
        assertThat(net.overview().waiting())
                .as("and is seen")
                .anyMatch(each -> each.serving() && each.address().equals(a.address()));
    }

    @Test
    void aNameThatCannotBeResolvedForOnceTakesNoGatewayAway() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a));
        net.names.says(NAME, 10, net.found(a.address(), 0, 1));
        net.start();
        net.names.denies(NAME, "the name does not exist");
        net.pass(Duration.ofSeconds(30));
        assertThat(net.overview().candidates()).hasSize(1);
        assertThat(net.overview().names().getFirst().state()).contains("does not exist");
        assertThat(net.all(Event.GatewaysLookedUp.class))
                .anyMatch(event -> event.trouble().equals("the name does not exist"));
    }

    @Test
    void addressesOfNoUseArePassedOverAndTheHonestOneServes() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a));
        FoundGateway unreachable = new FoundGateway("host.example", host(77), null, 0, 1);
        net.names.says(
                NAME,
                60,
                net.found(Net.port4500(Net.ip(127, 0, 0, 1)), 0, 1),
                net.found(Net.port4500(Net.ip(169, 254, 0, 1)), 0, 1),
                net.found(Net.port4500(Net.ip(224, 0, 0, 1)), 0, 1),
                net.found(Net.port4500(Net.ip(255, 255, 255, 255)), 0, 1),
                net.found(Net.port4500(Net.ip(0, 0, 0, 0)), 0, 1),
                unreachable,
                net.found(a.address(), 0, 1));
        net.start();
        assertThat(net.sessionsAt(a)).isEqualTo(1);
        Event.GatewaysLookedUp told = net.all(Event.GatewaysLookedUp.class).getFirst();
        assertThat(told.found()).hasSize(1);
        assertThat(told.passedOver())
                .hasSize(6)
                .anySatisfy(why -> assertThat(why).contains("127.0.0.1").contains("this host"))
                .anySatisfy(why -> assertThat(why).contains("224.0.0.1").contains("no host"))
                .anySatisfy(why -> assertThat(why).contains("192.0.2.77").contains("no way"));
    }

    @Test
    void aStrangerBehindTheNameIsLeftForTheHonestGateway() {
        GatewaySettings stranger = new GatewaySettings('d');
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a, stranger));
        net.names.says(NAME, 60, net.found(stranger.address(), 0, 1), net.found(a.address(), 0, 1));
        net.start();
        net.pass(Duration.ofSeconds(2));
        assertThat(net.sessionsAt(a)).isEqualTo(1);
        assertThat(net.sessionsAt(stranger)).isZero();
    }

    @Test
    void thousandsOfAddressesAreBoundedAndTheOverviewWithThem() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a));
        List<FoundGateway> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add(net.found(Net.port4500(Net.ip(198, 18 + i / 65_536, i / 256, i % 256)), 0, 1));
        }
        net.names.says(NAME, 60, many.toArray(FoundGateway[]::new));
        net.start();
        assertThat(net.overview().candidates()).hasSize(RosterOfNames.MAXIMUM_BEHIND_A_NAME);
        assertThat(net.all(Event.GatewaysLookedUp.class).getFirst().passedOver())
                .hasSize(9)
                .last()
                .asString()
                .contains("more");
    }

    /// Those that have failed make room.
    @Test
    void anHonestGatewayBehindMoreDeadAddressesThanThereIsRoomForServes() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a));
        List<FoundGateway> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(net.found(Net.port4500(Net.ip(198, 18, i / 256, i % 256)), 0, 1));
        }
        many.add(net.found(a.address(), 0, 1));
        net.names.says(NAME, 60, many.toArray(FoundGateway[]::new));
        net.start();
        net.pass(Duration.ofHours(2));

        assertThat(net.current()).startsWith(a.identity() + "@");
        assertThat(net.overview().candidates())
                .hasSizeLessThanOrEqualTo(RosterOfNames.MAXIMUM_BEHIND_A_NAME);
    }

    @Test
    void oneOfLowerPriorityBehindAsManyDeadOnesServesToo() {
        Neighbourhood net = knowing(service(a), List.of(), List.of(a));
        List<FoundGateway> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(net.found(Net.port4500(Net.ip(198, 18, 0, i)), 10, 1));
        }
        many.add(net.found(a.address(), 20, 1));
        net.names.says("_isakmp._udp." + NAME, 60, many.toArray(FoundGateway[]::new));
        net.start();
        net.pass(Duration.ofMinutes(10));

        assertThat(net.current()).startsWith(a.identity() + "@");
    }

    @Test
    void gatewaysThatNothingIsKnownAgainstKeepTheirPlacesInALongAnswer() {
        Neighbourhood net = knowing(service(a), List.of(), List.of(a));
        List<FoundGateway> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(net.found(Net.port4500(Net.ip(198, 18, 0, i)), 10, 1));
        }
        many.add(net.found(a.address(), 0, 1));
        net.names.says("_isakmp._udp." + NAME, 60, many.toArray(FoundGateway[]::new));
        net.start();
        assertThat(net.current()).startsWith(a.identity() + "@");
        Set<String> before = namesIn(net);
        int asked = net.names.asked.size();
        net.pass(Duration.ofMinutes(10));

        assertThat(net.names.asked).as("look-ups").hasSizeGreaterThan(asked + 5);
        assertThat(namesIn(net)).isEqualTo(before);
    }

    private static Set<String> namesIn(Neighbourhood net) {
        return net.overview().candidates().stream()
                .map(GatewayOverview.Candidate::name)
                .collect(Collectors.toSet());
    }

    @Test
    void lateDoubledAndUnaskedAnswersChangeNothing() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a, b));
        net.start();
        long askId = net.names.asked.getFirst().askId();
        net.pass(Duration.ofSeconds(6));
        assertThat(net.overview().names().getFirst().state()).contains("in time");
        Answer answer = new Answer.GatewaysFound(List.of(net.found(b.address(), 0, 1)), 60);
        net.answer(askId, answer);
        net.answer(-999, answer);
        assertThat(net.overview().candidates()).isEmpty();
    }

    @Test
    void aParkedClientAsksForNothing() {
        Neighbourhood net = knowing(named(a, 0), List.of(), List.of(a));
        net.names.says(NAME, 10, net.found(a.address(), 0, 1));
        net.start();
        net.park();
        assertThat(net.isParked()).isTrue();
        int asked = net.names.asked.size();
        net.pass(Duration.ofHours(1));
        assertThat(net.names.asked).hasSize(asked);
        net.wake();
        assertThat(net.names.asked).as("what is stale is asked for again").hasSize(asked + 1);
        assertThat(net.sessionsAt(a)).isEqualTo(1);
    }

    @Test
    void aGatewayThatFailedLatelyComesAfterThoseThatDidNot() {
        GatewaySettings c = new GatewaySettings('c');
        Neighbourhood net = new Neighbourhood(a, b, c);
        net.cutOff(a);
        net.start();
        net.pass(Duration.ofSeconds(8));
        assertThat(net.current()).isEqualTo(b.name());
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofSeconds(8));
        assertThat(net.current()).isEqualTo(c.name());
        assertThat(net.all(Event.SwitchStarted.class).stream().skip(1).map(Event.SwitchStarted::to))
                .as("the first one, which is dead, is not waited for again")
                .doesNotContain(a.name());
        assertThat(net.overview().candidates().getLast().avoidedForNanos()).isPositive();
    }

    @Test
    void aGatewayOfTheApplicationsIsTriedWhereItsRankPutsIt() {
        Neighbourhood net = new Neighbourhood(RedirectAllowance.DEFAULT, List.of(a, b), a);
        net.cutOff(a);
        net.start();
        assertThat(net.add(b, Rank.LAST)).isTrue();
        net.pass(Duration.ofSeconds(30));
        assertThat(net.sessionsAt(b)).isEqualTo(1);
        assertThat(net.overview().candidates())
                .anyMatch(each -> each.source() == GatewaySource.APPLICATION && each.serving());
    }

    @Test
    void aGatewayThatTheApplicationTakesBackMakesRoomAndIsNotGoneTo() {
        Neighbourhood net = new Neighbourhood(RedirectAllowance.DEFAULT, List.of(a, b), a);
        net.start();
        assertThat(net.add(b, Rank.LAST)).isTrue();
        assertThat(net.remove(b)).isTrue();
        assertThat(net.remove(b)).isFalse();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(30));
        assertThat(net.sessionsAt(b)).isZero();
        assertThat(net.add(a, Rank.LAST)).as("the file's own").isTrue();
        assertThat(net.remove(a)).isTrue();
        assertThat(net.remove(a)).as("stays").isFalse();
        assertThat(net.overview().candidates())
                .anyMatch(each -> each.source() == GatewaySource.CONFIGURED);
        Roster roster = new Roster(List.of(), DiscoveryPolicy.NONE, new Draw(new SeededEntropy(1)));
        for (int i = 0; i < 10_000; i++) {
            InetSocketAddress address = Net.port4500(Net.ip(198, 18, i / 256, i % 256));
            GatewayCandidate candidate =
                    new GatewayCandidate(
                            "x", null, new Path(Net.port4500(Net.ip(10, 0, 0, 1)), address, true));
            assertThat(roster.add(candidate, Rank.LAST, _ -> true)).isNotNull().isLessThan(100);
            assertThat(roster.remove(address)).isTrue();
        }
    }

    @Test
    void aTargetOfTheDomainShowsItsOwnNameOnlyWhereThatIsKnown() {
        Identity domain = Identity.fqdn("vpn.example");
        NamedGateway gateways =
                new NamedGateway(
                        GatewayName.service("isakmp", "vpn.example"),
                        domain,
                        List.of(Identity.fqdn("gw-1.vpn.example")),
                        new Rank(0, 1));
        assertThat(gateways.name().owner()).isEqualTo("_isakmp._udp.vpn.example");
        assertThat(gateways.expectedAt("GW-1.vpn.example"))
                .isEqualTo(Identity.fqdn("gw-1.vpn.example"));
        assertThat(gateways.expectedAt("gw-evil.example")).isEqualTo(domain);
        assertThat(GatewayName.portOf(500)).isEqualTo(4500);
        assertThat(GatewayName.portOf(4501)).isEqualTo(4501);
    }
}
