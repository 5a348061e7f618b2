package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.configuration.Listen;
import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.RedirectPolicy;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Who gets clients that are sent away (RFC 5685), by what the others have told and whether they
/// are in sight.
final class NeighboursTest {
    private static final GatewayList.Entry B = address("c0000202");
    private static final GatewayList.Entry C = new GatewayList.Name("gw-c.example");
    private static final GatewayList.Entry STRANGER = address("c0000209");
    private static final AlternativeGateways BACKUPS =
            new AlternativeGateways(
                    List.of(new Backup(B, 1, 0), new Backup(C, 2, 0), new Backup(STRANGER, 1, 0)));

    private static GatewayList.Entry address(String hexadecimal) {
        return new GatewayList.Address(Octets.ofHex(hexadecimal), 0);
    }

    private static Occupancy told(int tenths, GatewayList.Entry... gateways) {
        return new Occupancy("east", List.of(gateways), tenths);
    }

    private static List<Double> loads(Map<String, Occupancy> told, String... inSight) {
        return Neighbours.standing(
                        BACKUPS, told, (node, _) -> Arrays.asList(inSight).contains(node))
                .backups()
                .stream()
                .map(Backup::load)
                .toList();
    }

    @Test
    void aBackupHasTheLoadThatItsGatewayHasTold() {
        Map<String, Occupancy> told =
                Map.of("gw-b", told(3, address("c0000303"), B), "gw-c", told(Occupancy.FULL, C));
        assertThat(loads(told, "gw-b", "gw-c")).containsExactly(0.3, 1.0, 0.0);
        assertThat(Neighbours.standing(BACKUPS, told, (_, _) -> true).backups())
                .extracting(Backup::weight)
                .containsExactly(1.0, 2.0, 1.0);
    }

    @Test
    void whoIsOutOfSightGetsNobody() {
        Map<String, Occupancy> told = Map.of("gw-b", told(0, B), "gw-c", told(0, C));
        assertThat(loads(told, "gw-c")).containsExactly(1.0, 0.0, 0.0);
        assertThat(loads(told)).containsExactly(1.0, 1.0, 0.0);
    }

    @Test
    void ofWhomNothingWasToldNothingIsKnown() {
        assertThat(loads(Map.of())).containsExactly(0.0, 0.0, 0.0);
        assertThat(loads(Map.of("gw-d", told(Occupancy.FULL, address("c0000204")))))
                .containsExactly(0.0, 0.0, 0.0);
    }

    /// Members that move an address between them both say that it is theirs, for a moment.
    @Test
    void whoeverTakesClientsAtABackupsAddressDecides() {
        Map<String, Occupancy> told = Map.of("gw-b", told(0, B), "gw-c", told(4, B));
        assertThat(loads(told, "gw-c")).containsExactly(0.4, 0.0, 0.0);
        assertThat(loads(told, "gw-b", "gw-c")).containsExactly(0.0, 0.0, 0.0);
        assertThat(loads(told)).containsExactly(1.0, 0.0, 0.0);
    }

    private static List<GatewayList.Entry> reachedAt(String... listen) {
        List<InetAddress> ofHost =
                Stream.of("192.0.2.2", "198.51.100.2", "2001:db8::2")
                        .map(InetAddress::ofLiteral)
                        .toList();
        return Neighbours.reachedAt(
                Identity.fqdn("gw-c.example"),
                new Listen(Stream.of(listen).map(InetAddress::ofLiteral).toList(), 500, 4500),
                null,
                () -> ofHost);
    }

    @Test
    void aWildcardStandsForTheAddressesOfTheHost() {
        assertThat(reachedAt("192.0.2.2")).containsExactly(C, B);
        assertThat(reachedAt("0.0.0.0")).containsExactly(C, B, address("c6336402"));
        assertThat(reachedAt("198.51.100.2", "::"))
                .containsExactly(
                        C, address("c6336402"), address("20010db8000000000000000000000002"));
    }

    /// A list of gateways has no room for more.
    @Test
    void aHostOfManyAddressesTellsTheFirst() {
        List<InetAddress> many =
                IntStream.range(0, 200)
                        .mapToObj(i -> InetAddress.ofLiteral("10.0.0." + i))
                        .toList();
        assertThat(
                        Neighbours.reachedAt(
                                Identity.fqdn("gw-c.example"),
                                new Listen(List.of(InetAddress.ofLiteral("0.0.0.0")), 500, 4500),
                                null,
                                () -> many))
                .hasSize(GatewayList.MAXIMUM_ENTRIES)
                .startsWith(C, address("0a000000"));
    }

    @Test
    void aGatewayIsFullAtTheSessionsFromWhichOnItSendsNewOnesAway() {
        assertThat(Occupancy.tenths(0, 100)).isZero();
        assertThat(Occupancy.tenths(99, 100)).isEqualTo(9);
        assertThat(Occupancy.tenths(100, 100)).isEqualTo(Occupancy.FULL);
        assertThat(Occupancy.tenths(1_000, 100)).isEqualTo(Occupancy.FULL);
        assertThat(Occupancy.tenths(1_000_000, RedirectPolicy.NEVER_FULL)).isZero();
        assertThat(Occupancy.tenths(9_999_999, 10_000_000)).isEqualTo(9);
    }

    @Test
    void anOccupancyComesBackAsItWasTold() {
        Occupancy told = told(7, B, C);
        byte[] octets = told.encode();
        assertThat(Occupancy.decode(octets)).isEqualTo(told);
        for (int length = 0; length < octets.length; length++) {
            assertThat(Occupancy.decode(Arrays.copyOf(octets, length))).isNotEqualTo(told);
        }
        byte[] more = octets.clone();
        more[octets.length - 1] = (byte) (Occupancy.FULL + 1);
        assertThat(Occupancy.decode(more)).as("more than full").isNull();
    }
}
