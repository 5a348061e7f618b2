package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.jgroups.Address;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/// Who was there before, when sides of a split become one.
class MergeOrderTest {
    private static final InetSocketAddress LISTEN =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 7800);

    private static Address member(long since) {
        ExtendedUUID uuid =
                org.infinispan.remoting.transport.Address.randomUUID("gw-a", "east", "1", "gw-a");
        Seat.put(uuid, since, LISTEN);
        return uuid;
    }

    private static List<Address> merged(List<List<Address>> sides) {
        Collection<Collection<Address>> given = new ArrayList<>(sides);
        return new MergeOrder().getNewMembership(given);
    }

    private static void assertOrder(List<Address> wanted, List<List<Address>> sides) {
        assertThat(merged(sides)).isEqualTo(wanted);
        List<List<Address>> others = new ArrayList<>(sides);
        Collections.reverse(others);
        assertThat(merged(others)).isEqualTo(wanted);
    }

    @Test
    void theMembersOfTheLargerSideComeFirst() {
        Address a = member(1);
        Address b = member(2);
        Address c = member(3);
        assertOrder(List.of(c, b, a), List.of(List.of(a), List.of(c, b)));
    }

    @Test
    void ofEqualSidesTheOneWhoseFirstMemberBeganFirstComesFirst() {
        Address a = member(1);
        Address b = member(2);
        assertOrder(List.of(a, b), List.of(List.of(a), List.of(b)));
    }

    @Test
    void ofSidesThatBeganAtOnceThereIsOneOrderAllTheSame() {
        Address a = member(1);
        Address b = member(1);
        List<Address> one = merged(List.of(List.of(a), List.of(b)));
        assertThat(one).containsExactlyInAnyOrder(a, b);
        assertOrder(one, List.of(List.of(a), List.of(b)));
    }

    /// Views that differ on who is there may both have a member.
    @Test
    void aMemberOfTwoSidesStandsOnceAndTheEmptyOneIsNone() {
        Address a = member(1);
        Address b = member(2);
        assertOrder(List.of(a, b), List.of(List.of(a, b), List.of(b), List.of()));
    }

    @Test
    void aSeatIsReadAsItWasWritten() {
        Seat seat = Seat.of((ExtendedUUID) member(1_800_000_000_000L));
        assertThat(seat.since()).isEqualTo(1_800_000_000_000L);
        assertThat(seat.listen()).isEqualTo("192.0.2.1:7800");
        assertThat(seat.member().node()).isEqualTo("gw-a");
        assertThat(seat.member().number()).isEqualTo(1);
        InetSocketAddress zoned = new InetSocketAddress(InetAddress.ofLiteral("fe80::1%1"), 7800);
        assertThat(Seat.text(zoned)).isEqualTo("fe80:0:0:0:0:0:0:1:7800");
    }
}
