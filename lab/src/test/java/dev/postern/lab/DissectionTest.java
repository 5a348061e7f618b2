package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// With the key logs of the client and both gateways, Wireshark's dissectors, which know nothing of
/// Postern, read a whole failover.
@Tag("privileged")
final class DissectionTest {
    private static final String IKE_SA_INIT = "34";
    private static final String IKE_AUTH = "35";
    private static final String INFORMATIONAL = "37";
    private static final String RESUME = "240";
    private static final String ENCRYPTED_AND_AUTHENTICATED = "46";

    @AutoClose private final Lab lab = Lab.open("Dissection");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Interop: every message of a failover, decrypted and dissected | tshark | neither
    @Test
    void everyMessageOfAFailoverIsDecryptedAndNoneIsMalformed() {
        Path pcap = captureFailover();

        List<DissectedPacket> packets = dissect(keys(""), pcap);
        List<DissectedPacket> responses =
                dissect(keys("resume-responses"), pcap).stream()
                        .filter(DissectionTest::isResumeResponse)
                        .toList();
        List<DissectedPacket> ike =
                packets.stream().filter(p -> !p.first("isakmp.exchangetype").isEmpty()).toList();
        List<DissectedPacket> others = packets.stream().filter(p -> !isResumeResponse(p)).toList();

        assertThat(ike)
                .extracting(p -> p.first("isakmp.exchangetype"))
                .containsOnly(IKE_SA_INIT, IKE_AUTH, INFORMATIONAL, RESUME)
                .contains(IKE_SA_INIT, IKE_AUTH, INFORMATIONAL, RESUME);
        assertThat(others).flatExtracting(DissectedPacket::complaints).isEmpty();
        assertThat(responses).flatExtracting(DissectedPacket::complaints).isEmpty();
        assertThat(responses).isNotEmpty();
        assertThat(Stream.concat(others.stream(), responses.stream()))
                .filteredOn(DissectionTest::isEncrypted)
                .allMatch(DissectionTest::isDecrypted);
        assertThat(packets).filteredOn(p -> p.has("esp")).isNotEmpty().allMatch(p -> p.has("icmp"));
        assertThat(dissect(KeyLog.none(), pcap)).noneMatch(DissectionTest::isDecrypted);
    }

    private Path captureFailover() {
        PosternDaemon gwA = domain.gatewayA(PROXY_NEIGHBOUR + keyLog("gwA"));
        domain.gatewayB(PROXY_NEIGHBOUR + keyLog("gwB"));
        Capture capture =
                Capture.start(net.outside().host(), net.outside().device(), "udp port 4500");
        PosternDaemon client = domain.client(keyLog("client") + "[liveness]\nidle = \"1s\"\n");
        gwA.crash();
        int crashed = client.process().mark();
        client.process().awaitLineAfter(crashed, SWITCHED, SOON);
        Await.until("the client reaches lanhost again", SOON, domain::clientReachesLanhost);
        client.process().terminate();
        return capture.stop();
    }

    private String keyLog(String name) {
        return SecureDomain.keyLog(domain.keyLogDirectory("keys/" + name));
    }

    private KeyLog keys(String profile) {
        List<String> ike = new ArrayList<>();
        List<String> esp = new ArrayList<>();
        for (String name : List.of("client", "gwA", "gwB")) {
            Path directory = lab.file("keys/" + name);
            Path table = directory.resolve(profile).resolve("ikev2_decryption_table");
            if (Files.exists(table)) {
                KeyLog log = KeyLog.of(table, directory.resolve("esp_sa"));
                ike.addAll(log.ikev2Lines());
                esp.addAll(log.espLines());
            }
        }
        return new KeyLog(ike, esp);
    }

    private List<DissectedPacket> dissect(KeyLog keys, Path pcap) {
        return new Tshark(lab, keys)
                .dissect(
                        pcap,
                        "",
                        "isakmp.exchangetype",
                        "isakmp.flag_r",
                        "isakmp.typepayload",
                        "isakmp.enc.decrypted");
    }

    private static boolean isEncrypted(DissectedPacket packet) {
        return packet.all("isakmp.typepayload").contains(ENCRYPTED_AND_AUTHENTICATED)
                || packet.has("esp");
    }

    private static boolean isDecrypted(DissectedPacket packet) {
        return !packet.all("isakmp.enc.decrypted").isEmpty() || packet.has("icmp");
    }

    private static boolean isResumeResponse(DissectedPacket packet) {
        return packet.first("isakmp.exchangetype").equals(RESUME)
                && packet.first("isakmp.flag_r").equals("1");
    }
}
