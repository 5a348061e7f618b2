package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

class AnnouncementTest {
    private static final byte[] HARDWARE = HexFormat.of().parseHex("020102030405");
    private static final Inet4Address FOUR = (Inet4Address) InetAddress.ofLiteral("192.0.2.1");
    private static final Inet6Address SIX = (Inet6Address) InetAddress.ofLiteral("2001:db8::1");
    private static final Inet6Address PROXY = (Inet6Address) InetAddress.ofLiteral("fe80::1");

    @Test
    void aGratuitousRequestNamesTheAddressTwiceAndNoTargetHardware() {
        assertThat(hex(Announcement.arpRequest(FOUR, HARDWARE)))
                .isEqualTo(
                        "0001"
                                + "0800"
                                + "06"
                                + "04"
                                + "0001"
                                + "020102030405"
                                + "c0000201"
                                + "000000000000"
                                + "c0000201");
    }

    @Test
    void aGratuitousReplyNamesTheHardwareTwice() {
        assertThat(hex(Announcement.arpReply(FOUR, HARDWARE)))
                .isEqualTo(
                        "0001"
                                + "0800"
                                + "06"
                                + "04"
                                + "0002"
                                + "020102030405"
                                + "c0000201"
                                + "020102030405"
                                + "c0000201");
    }

    @Test
    void anUnsolicitedAdvertisementOverridesAndCarriesTheHardwareAddress() {
        byte[] packet = Announcement.neighbourAdvertisement(SIX, PROXY, HARDWARE, true);

        String ip = "60000000" + "0020" + "3a" + "ff";
        String addresses = "fe800000000000000000000000000001" + "ff020000000000000000000000000001";
        assertThat(hex(packet)).startsWith(ip + addresses + "8800");
        assertThat(hex(packet))
                .endsWith(
                        "a0000000" + "20010db8000000000000000000000001" + "0201" + "020102030405");
        assertThat(hex(Announcement.neighbourAdvertisement(SIX, SIX, HARDWARE, false)))
                .contains("20000000" + "20010db8000000000000000000000001");
    }

    @Test
    void theChecksumOfAnAdvertisementCompletesTheSumToAllOnes() {
        byte[] packet = Announcement.neighbourAdvertisement(SIX, PROXY, HARDWARE, true);

        int sum = 58 + 32;
        for (int i = 8; i < packet.length; i += 2) {
            sum += ((packet[i] & 0xff) << 8) | (packet[i + 1] & 0xff);
        }
        assertThat((sum & 0xffff) + (sum >>> 16)).isEqualTo(0xffff);
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }
}
