package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Path;
import dev.postern.ike.world.Net;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Which gateway a client tries next, with and without ALT_GW_LIST.
class GatewayOrderTest {
    private final GatewayOrder order =
            Orders.of(List.of(candidate(1, "a"), candidate(2, "b"), candidate(3, "c")));

    private static GatewayCandidate candidate(int host, String letter) {
        return new GatewayCandidate(
                letter,
                Identity.fqdn("gw-" + letter + ".example"),
                new Path(
                        Net.port4500(Net.ip(10, 0, 0, 1)),
                        Net.port4500(Net.ip(192, 0, 2, host)),
                        true));
    }

    private static GatewayList.Entry address(int host) {
        return new GatewayList.Address(Octets.of(Net.ip(192, 0, 2, host).getAddress()), 0);
    }

    @Test
    void withoutAListTheOneThatIsLeftComesLast() {
        assertThat(order.from(0)).containsExactly(0, 1, 2);
        assertThat(order.after(0)).containsExactly(1, 2, 0);
        assertThat(order.after(2)).containsExactly(0, 1, 2);
    }

    @Test
    void theListDecidesTheOrderByAddressOrName() {
        order.learn(List.of(address(3), new GatewayList.Name("gw-b.example")), 0);
        assertThat(order.after(0)).containsExactly(2, 1, 0);
        order.learn(List.of(address(2), address(3)), 0);
        assertThat(order.after(0)).containsExactly(1, 2, 0);
    }

    @Test
    void aGatewayThatTheListDoesNotNameIsStillTriedAndTheOneLeftIsLastAllTheSame() {
        order.learn(List.of(address(1), address(3)), 0);
        assertThat(order.after(0)).containsExactly(2, 1, 0);
    }

    @Test
    void anUnknownAddressJoinsWithoutAnIdentityOfItsOwn() {
        order.learn(List.of(address(9), address(2)), 0);
        assertThat(order.after(0)).containsExactly(3, 1, 2, 0);
        assertThat(order.get(3).identity()).isNull();
        assertThat(order.get(3).path().remote().getPort()).isEqualTo(4500);
        assertThat(order.get(3).path().local()).isEqualTo(order.get(0).path().local());
    }

    @Test
    void learntGatewaysAreBounded() {
        List<GatewayList.Entry> many = new ArrayList<>();
        for (int host = 100; host < 164; host++) {
            many.add(address(host));
        }
        order.learn(many, 0);
        order.learn(many.reversed(), 0);
        assertThat(order.after(0)).hasSize(3 + GatewayOrder.MAXIMUM_LEARNT);
    }

    /// However many gateways earlier lists have named: those of the newest one can be reached.
    @Test
    void theNewestListCounts() {
        List<GatewayList.Entry> gone = new ArrayList<>();
        for (int host = 100; host < 100 + GatewayOrder.MAXIMUM_LEARNT; host++) {
            gone.add(address(host));
        }
        order.learn(gone, 0);
        List<Integer> before = order.after(0);
        order.learn(List.of(gone.getFirst(), address(200), address(201)), 0);
        assertThat(order.after(0)).hasSize(3 + GatewayOrder.MAXIMUM_LEARNT);
        List<Integer> first = order.after(0).subList(0, 3);
        assertThat(first).startsWith(before.getFirst());
        assertThat(first.stream().map(order::get).map(each -> each.path().remote()))
                .containsExactly(
                        Net.port4500(Net.ip(192, 0, 2, 100)),
                        Net.port4500(Net.ip(192, 0, 2, 200)),
                        Net.port4500(Net.ip(192, 0, 2, 201)));
    }

    @Test
    void namesThatNobodyKnowsArePassedOver() {
        order.learn(List.of(new GatewayList.Name("gw-z.example")), 0);
        assertThat(order.after(0)).containsExactly(1, 2, 0);
    }
}
