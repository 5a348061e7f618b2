package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;

/// RFC 4459 section 3.2: the tunnel lowers the maximum segment size that both ends of an inner TCP
/// connection offer. What is expected is built with the lower value from the start, and its
/// checksum summed up anew.
class Rfc4459_3_2_SegmentSizeTest {
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;
    private static final int MTU = 1400;

    @ParameterizedTest(name = "IPv6 {0}, offered {1}, passed on {2}")
    @CsvSource({
        "false, 1460, 1360",
        "false, 1361, 1360",
        "false, 1360, 1360",
        "false, 536, 536",
        "false, 0, 0",
        "false, 65535, 1360",
        "true, 1440, 1340",
        "true, 1341, 1340",
        "true, 1340, 1340",
        "true, 1220, 1220",
    })
    void anOfferIsLoweredToTheInnerMtuWithoutTheFixedHeaders(
            boolean ipv6, int offered, int passedOn) {
        byte[] packet = segment(ipv6, SYN, options(offered));
        byte[] expected = segment(ipv6, SYN, options(passedOn));
        assertThat(sealedWith(MTU, packet)).isEqualTo(expected);
        assertThat(openedWith(MTU, packet)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theAnswerIsLoweredAsTheRequestIs(boolean ipv6) {
        int fits = ipv6 ? 1340 : 1360;
        assertThat(sealedWith(MTU, segment(ipv6, SYN | ACK, options(9000))))
                .isEqualTo(segment(ipv6, SYN | ACK, options(fits)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSegmentWithoutSynIsLeftAsItIs(boolean ipv6) {
        assertStays(segment(ipv6, ACK, options(1460)));
    }

    @Test
    void withoutAnMtuNothingIsLowered() {
        byte[] packet = segment(false, SYN, options(1460));
        assertThat(sealedWith(0, packet)).isEqualTo(packet);
        assertThat(openedWith(0, packet)).isEqualTo(packet);
    }

    /// RFC 9293 section 3.2: options may begin at any octet.
    @ParameterizedTest
    @CsvSource({
        "01 02 04 05b4 01 01 00,          01 02 04 0550 01 01 00",
        "01 01 02 04 05b4 01 01,          01 01 02 04 0550 01 01",
        "03 03 07 02 04 05b4 01,          03 03 07 02 04 0550 01",
        "04 02 02 04 05b4 01 01,          04 02 02 04 0550 01 01",
        "0402 0101 03 03 07 02 04 05b4 00, 0402 0101 03 03 07 02 04 0550 00",
        "02 04 05b4 02 04 05b4,           02 04 0550 02 04 0550",
    })
    void theOptionIsFoundWhereverItLies(String options, String expected) {
        assertThat(sealedWith(MTU, segment(false, SYN, hex(options))))
                .isEqualTo(segment(false, SYN, hex(expected)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00 02 04 05b4 01 01 01", // behind the end of the options
                "08 00 02 04 05b4 01 01", // an option of no octets
                "08 01 02 04 05b4 01 01", // an option shorter than its own two
                "08 09 02 04 05b4 01 01", // beyond the header
                "01 01 01 01 01 02 04 05", // cut off
                "02 03 05 02 06 05b4 05b4", // of another length
                "01 01 01 01 01 01 01 02", // a kind without a length
                "01 01 01 01", // no offer at all
                ""
            })
    void whatIsNoOfferIsLeftAsItIs(String options) {
        assertStays(segment(false, SYN, hex(options)));
    }

    @Test
    void aHeaderThatClaimsMoreThanThePacketHasIsLeftAsItIs() {
        byte[] packet = segment(false, SYN, options(1460));
        packet[20 + 12] = (byte) 0xf0;
        assertStays(packet);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x10, 0x40})
    void aHeaderShorterThanTheFixedPartIsLeftAsItIs(int dataOffset) {
        byte[] packet = segment(false, SYN, options(1460));
        packet[20 + 12] = (byte) dataOffset;
        assertStays(packet);
    }

    @Test
    void aFragmentIsLeftAsItIs() {
        byte[] packet = segment(false, SYN, options(1460));
        ByteBuffer.wrap(packet).putShort(6, (short) 0x2000).putShort(10, (short) 0);
        ByteBuffer.wrap(packet).putShort(10, (short) (~Traffic.sum(packet, 0, 20, 0) & 0xffff));
        assertStays(packet);
    }

    /// RFC 4302 authenticates what follows.
    @Test
    void aSegmentBehindAnAuthenticationHeaderIsLeftAsItIs() {
        byte[] tcp = transport(SYN, options(1460));
        ByteBuffer payload = ByteBuffer.allocate(16 + tcp.length);
        payload.put((byte) 6).put((byte) 2).position(16);
        payload.put(tcp);
        assertStays(Traffic.ip(true, 1, 51, payload.array(), 12));
    }

    @Test
    void anotherProtocolIsLeftAsItIs() {
        assertStays(Traffic.udp(false, 1, 53, transport(SYN, options(1460))));
    }

    /// A checksum that was wrong before must not look right behind the tunnel.
    @Test
    void aWrongChecksumStaysWrong() {
        byte[] packet = segment(false, SYN, options(1460));
        packet[20 + 16] ^= 0x55;
        byte[] passedOn = openedWith(MTU, packet);
        assertThat(passedOn[20 + 23]).isEqualTo((byte) (1360 & 0xff));
        assertThat(Traffic.transportChecksum(packet)).isNotZero();
        assertThat(Traffic.transportChecksum(passedOn)).isNotZero();
    }

    /// The kernel leaves the checksum to whoever takes the packet from the TUN device.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUnfinishedChecksumIsFinishedOverTheLowerValue(boolean ipv6) {
        int header = ipv6 ? 40 : 20;
        byte[] partial = segment(ipv6, SYN, options(1460));
        int pseudo =
                Traffic.sum(partial, ipv6 ? 8 : 12, ipv6 ? 32 : 8, 6 + partial.length - header);
        ByteBuffer.wrap(partial).putShort(header + 16, (short) pseudo);
        Tunnel tunnel = Tunnel.clamping(MTU, 0);
        tunnel.open(tunnel.sealFrame(Traffic.frame(partial, 0, 0, header, 16)).getFirst());
        assertThat(tunnel.packets.getFirst())
                .isEqualTo(segment(ipv6, SYN, options(ipv6 ? 1340 : 1360)));
    }

    @Test
    void anyOfferAtAnyPlaceWithAnyMtuEndsAsItsLowerSelf() {
        Random random = new Random(4459);
        for (int i = 0; i < 400; i++) {
            boolean ipv6 = random.nextBoolean();
            int mtu = 576 + random.nextInt(9_000);
            int offered = random.nextInt(65_536);
            int before = random.nextInt(9);
            int fits = Math.min(offered, mtu - (ipv6 ? 60 : 40));
            byte[] packet = segment(ipv6, SYN, placed(before, offered));
            assertThat(openedWith(mtu, packet))
                    .as("mtu %d, offered %d behind %d", mtu, offered, before)
                    .isEqualTo(segment(ipv6, SYN, placed(before, fits)));
        }
    }

    private static void assertStays(byte[] packet) {
        assertThat(sealedWith(MTU, packet)).isEqualTo(packet);
        assertThat(openedWith(MTU, packet)).isEqualTo(packet);
    }

    private static byte[] sealedWith(int mtu, byte[] packet) {
        return through(Tunnel.clamping(mtu, 0), packet);
    }

    private static byte[] openedWith(int mtu, byte[] packet) {
        return through(Tunnel.clamping(0, mtu), packet);
    }

    private static byte[] through(Tunnel tunnel, byte[] packet) {
        assertThat(tunnel.open(tunnel.seal(packet))).isEqualTo(Verdict.OPENED);
        return tunnel.packets.getFirst();
    }

    /// As Linux writes them: MSS, SACK permitted, timestamps, window scale.
    private static byte[] options(int offered) {
        return ByteBuffer.allocate(20)
                .putShort((short) 0x0204)
                .putShort((short) offered)
                .put(hex("0402 080a 11112222 00000000 01 030307"))
                .array();
    }

    private static byte[] placed(int before, int offered) {
        ByteBuffer options = ByteBuffer.allocate(16);
        for (int i = 0; i < before; i++) {
            options.put((byte) 1);
        }
        return options.putShort((short) 0x0204).putShort((short) offered).array();
    }

    private static byte[] segment(boolean ipv6, int flags, byte[] options) {
        return Traffic.ip(ipv6, 1, 6, transport(flags, options), 16);
    }

    private static byte[] transport(int flags, byte[] options) {
        ByteBuffer tcp = ByteBuffer.allocate(20 + options.length);
        tcp.putShort((short) 40_000).putShort((short) 443).putInt(0x1234_5678).putInt(0);
        tcp.put((byte) ((5 + options.length / 4) << 4)).put((byte) flags);
        return tcp.putShort((short) 64_240).putInt(0).put(options).array();
    }

    private static byte[] hex(String octets) {
        return HexFormat.of().parseHex(octets.replace(" ", ""));
    }
}
