package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

/// Dissection with keys, shown on a tunnel whose ends are both strongSwan.
@Tag("privileged")
final class TsharkTest {
    private static final String IKE_AUTH = "35";

    @Test
    void withTheKeysEveryMessageIsDecryptedAndNoneIsMalformed() {
        try (Lab lab = Lab.open("Tshark")) {
            StrongSwanPair pair =
                    StrongSwanPair.create(lab, StrongSwanSettings.usual().loggingKeys());
            Capture capture = Capture.start(pair.gateway().host(), "eth0", "udp");
            pair.client().initiate("net");
            assertThat(Ping.send(pair.client().host(), StrongSwanPair.GATEWAY_INNER, 5).lost())
                    .isZero();
            Path pcap = capture.stop();
            KeyLog keys =
                    StrongSwanKeyLog.of(
                            pair.client(),
                            StrongSwanPair.CLIENT_OUTER,
                            StrongSwanPair.GATEWAY_OUTER);

            List<DissectedPacket> packets =
                    new Tshark(lab, keys)
                            .dissect(
                                    pcap,
                                    "",
                                    "isakmp.exchangetype",
                                    "isakmp.typepayload",
                                    "isakmp.auth.method");

            assertThat(packets).flatExtracting(DissectedPacket::complaints).isEmpty();
            assertThat(packets.stream().filter(packet -> packet.has("icmp"))).hasSize(10);
            // Both AUTH payloads, which only the keys show.
            assertThat(
                            packets.stream()
                                    .filter(p -> p.first("isakmp.exchangetype").equals(IKE_AUTH))
                                    .filter(p -> !p.all("isakmp.auth.method").isEmpty()))
                    .hasSize(2);
        }
    }

    @Test
    void withoutTheKeysTheInnerPacketsStayHidden() {
        try (Lab lab = Lab.open("TsharkBlind")) {
            StrongSwanPair pair = StrongSwanPair.create(lab, StrongSwanSettings.usual());
            Capture capture = Capture.start(pair.gateway().host(), "eth0", "udp");
            pair.client().initiate("net");
            Ping.send(pair.client().host(), StrongSwanPair.GATEWAY_INNER, 5);

            List<DissectedPacket> packets =
                    new Tshark(lab, KeyLog.none()).dissect(capture.stop(), "");

            assertThat(packets.stream().filter(packet -> packet.has("esp"))).hasSize(10);
            assertThat(packets.stream().filter(packet -> packet.has("icmp"))).isEmpty();
        }
    }

    @Test
    void aWrongKeyIsAComplaint() {
        try (Lab lab = Lab.open("TsharkWrongKey")) {
            StrongSwanPair pair =
                    StrongSwanPair.create(lab, StrongSwanSettings.usual().loggingKeys());
            Capture capture = Capture.start(pair.gateway().host(), "eth0", "udp");
            pair.client().initiate("net");
            KeyLog keys =
                    StrongSwanKeyLog.of(
                            pair.client(),
                            StrongSwanPair.CLIENT_OUTER,
                            StrongSwanPair.GATEWAY_OUTER);
            String[] columns = keys.ikev2Lines().getFirst().split(",", -1);
            columns[2] = columns[3];
            KeyLog wrong = new KeyLog(List.of(String.join(",", columns)), keys.espLines());

            List<DissectedPacket> packets = new Tshark(lab, wrong).dissect(capture.stop(), "");

            assertThat(packets).flatExtracting(DissectedPacket::complaints).isNotEmpty();
        }
    }
}
