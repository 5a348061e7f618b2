package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What a gateway finds when it starts: whose its addresses were, who the other members are, and
/// how full.
public final class GatewayFilesFuzz {
    /// Of octets that are no text each may take three when it is written again, and a field has
    /// room for this many.
    private static final int SURELY_FITS = 0xffff / 3;

    /// A file that is not understood gives no address away: it is read whole or not at all.
    @FuzzTest
    void leases(byte[] octets) {
        switch (LeaseText.parse(new String(octets, StandardCharsets.ISO_8859_1))) {
            case LeaseText.Parsed.Valid(Map<InetAddress, Identity> read) -> {
                LeaseText.Parsed again = LeaseText.parse(LeaseText.write(read));
                assertThat(again).isEqualTo(new LeaseText.Parsed.Valid(read));
            }
            case LeaseText.Parsed.Invalid(int line, String message) -> {
                assertThat(line).isPositive();
                assertThat(message.chars().noneMatch(Character::isISOControl)).isTrue();
            }
        }
    }

    /// What a member says of itself, in the grid: understood whole or passed over.
    @FuzzTest
    void anIntroduction(byte[] octets) {
        Introduction said = Introduction.decode(octets);
        if (said != null) {
            assertThat(Introduction.decode(said.encode())).isEqualTo(said);
        }
    }

    /// How much of its clients a member has taken, in the grid, which says who gets clients that
    /// are sent away: a share of all, or nothing at all.
    @FuzzTest
    void anOccupancy(byte[] octets) {
        Occupancy said = Occupancy.decode(octets);
        if (said == null) {
            return;
        }
        assertThat(said.load()).isBetween(0.0, 1.0);
        if (said.site().length() <= SURELY_FITS) {
            assertThat(Occupancy.decode(said.encode())).isEqualTo(said);
        }
        AlternativeGateways backups =
                new AlternativeGateways(
                        said.gateways().stream().map(each -> new Backup(each, 1, 0)).toList());
        Map<String, Occupancy> told = Map.of("gw-b", said);
        assertThat(Neighbours.standing(backups, told, (_, _) -> true).backups())
                .allMatch(backup -> backup.load() == said.load());
        assertThat(Neighbours.standing(backups, told, (_, _) -> false).backups())
                .allMatch(backup -> backup.load() == 1);
    }

    /// Addresses in a lease file, or -1 where it is none.
    public static int leasesIn(byte[] octets) {
        return LeaseText.parse(new String(octets, StandardCharsets.ISO_8859_1))
                        instanceof LeaseText.Parsed.Valid(Map<InetAddress, Identity> read)
                ? read.size()
                : -1;
    }

    /// A lease file, for the seeds.
    public static byte[] leaseFile(Map<InetAddress, Identity> leases) {
        return LeaseText.write(leases).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// An introduction, for the seeds.
    public static byte[] introduction(Identity identity, List<GatewayList.Entry> gateways) {
        Octets thumbprint = Octets.of(new byte[32]);
        return new Introduction(identity, gateways, thumbprint, Octets.EMPTY).encode();
    }

    /// What a member says of how full it is, for the seeds.
    public static byte[] occupancy(String site, List<GatewayList.Entry> gateways, int tenths) {
        return new Occupancy(site, gateways, tenths).encode();
    }

    /// What it says, or -1 where it is not understood.
    public static int tenths(byte[] octets) {
        Occupancy said = Occupancy.decode(octets);
        return said == null ? -1 : said.tenths();
    }

    /// Whether it is understood.
    public static boolean introduces(byte[] octets) {
        return Introduction.decode(octets) != null;
    }
}
