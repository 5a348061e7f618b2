package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// ALT_GW_LIST and SESSION_RESUMPTION_SUPPORTED, draft-dondeti-ipsec-failover-sol-00 section 5.2.
class Section_5_2_GatewayListTest {
    private static final Octets IPV4 = Octets.ofHex("c0000201");
    private static final Octets IPV6 = Octets.ofHex("20010db8000000000000000000000001");

    @Test
    void everyKindOfEntryHasTheFormOfTheProfile() throws MalformedException {
        Octets data =
                Octets.ofHex(
                        "0104c0000201"
                                + ("0210" + IPV6.hex())
                                + ("030c" + Octets.ofAscii("gw-b.example").hex())
                                + "8106c00002011194"
                                + ("8212" + IPV6.hex() + "01f4"));
        List<GatewayList.Entry> gateways =
                List.of(
                        new GatewayList.Address(IPV4, 0),
                        new GatewayList.Address(IPV6, 0),
                        new GatewayList.Name("gw-b.example"),
                        new GatewayList.Address(IPV4, 4500),
                        new GatewayList.Address(IPV6, 500));
        assertThat(GatewayList.encode(gateways)).isEqualTo(data);
        assertThat(GatewayList.decode(data)).isEqualTo(gateways);
    }

    @Test
    void everyListComesBackInItsOrder() throws MalformedException {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<GatewayList.Entry> gateways = new ArrayList<>();
            for (int i = random.nextInt(65); i > 0; i--) {
                int port = random.nextBoolean() ? 0 : random.nextInt(65536);
                gateways.add(
                        switch (random.nextInt(3)) {
                            case 0 -> new GatewayList.Address(Messages.octets(random, 4), port);
                            case 1 -> new GatewayList.Address(Messages.octets(random, 16), port);
                            default -> new GatewayList.Name("gw-" + random.nextInt() + ".example");
                        });
            }
            assertThat(GatewayList.decode(GatewayList.encode(gateways)))
                    .as("seed %d", seed)
                    .isEqualTo(gateways);
        }
    }

    @Test
    void anEmptyListIsAListOfNobody() throws MalformedException {
        assertThat(GatewayList.decode(Octets.EMPTY)).isEmpty();
    }

    @Test
    void entriesOfUnknownTypeArePassedOver() throws MalformedException {
        assertThat(
                        GatewayList.decode(
                                Octets.ofHex("0400" + "7f03aabbcc" + "0104c0000201" + "0000")))
                .containsExactly(new GatewayList.Address(IPV4, 0));
    }

    @Test
    void aTruncatedEntryIsMalformedEvenWhereItsTypeIsUnknown() throws MalformedException {
        byte[] list = Octets.ofHex("0104c0000201" + "7f03aabbcc").array();
        for (int length = 1; length < list.length; length++) {
            if (length != 6) {
                assertMalformed(Octets.of(list).slice(0, length));
            }
        }
        assertThat(GatewayList.decode(Octets.of(list))).hasSize(1);
    }

    @Test
    void anAddressOfTheWrongLengthIsMalformed() {
        assertMalformed(Octets.ofHex("0103c00002"));
        assertMalformed(Octets.ofHex("0105c000020100"));
        assertMalformed(Octets.ofHex("0204c0000201"));
        assertMalformed(Octets.ofHex("8104c0000201"));
        assertMalformed(Octets.ofHex("8105c000020111"));
    }

    @Test
    void portZeroIsMalformed() {
        assertMalformed(Octets.ofHex("8106c00002010000"));
    }

    @Test
    void aNameThatIsNotOneIsMalformed() {
        assertMalformed(Octets.ofHex("0300"));
        assertMalformed(Octets.ofHex("0303" + "61000a"));
        assertMalformed(Octets.ofHex("0302" + "c3a4"));
        assertMalformed(Octets.ofHex("03fe" + "61".repeat(254)));
        assertThatIllegalArgumentException().isThrownBy(() -> new GatewayList.Name("a b"));
    }

    @Test
    void moreThan64EntriesAreMalformedWhateverTheirType() throws MalformedException {
        assertThat(GatewayList.decode(Octets.ofHex("0104c0000201".repeat(64)))).hasSize(64);
        assertMalformed(Octets.ofHex("0104c0000201".repeat(65)));
        assertMalformed(Octets.ofHex("7700".repeat(65)));
    }

    @Test
    void anAddressMustBeOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatewayList.Address(Octets.ofHex("c00002"), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new GatewayList.Address(IPV4, 65536));
        assertThatIllegalArgumentException().isThrownBy(() -> new GatewayList.Address(IPV4, -1));
        assertThat(new GatewayList.Address(IPV4, 0).inetAddress().getHostAddress())
                .isEqualTo("192.0.2.1");
    }

    @Test
    void theFlagsAreTheTwoMostSignificantBits() throws MalformedException {
        assertThat(new ResumptionFlags(true, false).encode()).isEqualTo(Octets.ofHex("80"));
        assertThat(new ResumptionFlags(false, true).encode()).isEqualTo(Octets.ofHex("40"));
        assertThat(ResumptionFlags.decode(Octets.ofHex("00")))
                .isEqualTo(new ResumptionFlags(false, false));
        assertThat(ResumptionFlags.decode(Octets.ofHex("c0")))
                .isEqualTo(new ResumptionFlags(true, true));
    }

    @Test
    void unknownFlagsAreIgnored() throws MalformedException {
        assertThat(ResumptionFlags.decode(Octets.ofHex("bf")))
                .isEqualTo(new ResumptionFlags(true, false));
    }

    @Test
    void flagsAreExactlyOneOctet() {
        assertThatThrownBy(() -> ResumptionFlags.decode(Octets.EMPTY))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> ResumptionFlags.decode(Octets.ofHex("8000")))
                .isInstanceOf(MalformedException.class);
    }

    private static void assertMalformed(Octets data) {
        assertThatThrownBy(() -> GatewayList.decode(data)).isInstanceOf(MalformedException.class);
    }
}
