package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What a gateway finds when it starts: whose its addresses were, and who the other members are.
public final class GatewayFilesFuzz {
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

    /// Whether it is understood.
    public static boolean introduces(byte[] octets) {
        return Introduction.decode(octets) != null;
    }
}
