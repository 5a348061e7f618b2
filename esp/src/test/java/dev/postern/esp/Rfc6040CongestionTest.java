package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

/// RFC 6040: ECN at both ends of a tunnel, and DSCP by policy (RFC 4301 section 5.1.2).
class Rfc6040CongestionTest {
    private static byte[] packet(boolean ipv6, int trafficClass) {
        byte[] packet = Traffic.udp(ipv6, 1, 53, Traffic.octets(5, 200));
        if (ipv6) {
            ByteBuffer.wrap(packet).putInt(0, 0x6000_0000 | trafficClass << 20);
        } else {
            packet[1] = (byte) trafficClass;
            packet[10] = 0;
            packet[11] = 0;
            ByteBuffer.wrap(packet).putShort(10, (short) ~Traffic.sum(packet, 0, 20, 0));
        }
        return packet;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOuterHeaderHasTheInnerOnesEcnAndDscp(boolean ipv6) {
        Tunnel tunnel = Tunnel.aesGcm();
        for (int value : new int[] {0, 1, 2, 3, 0xb8, 0xba}) {
            tunnel.seal(packet(ipv6, value));
            assertThat(tunnel.trafficClasses.getLast()).isEqualTo(value);
        }
    }

    @Test
    void theDscpIsHiddenWhereThatIsWanted() {
        Tunnel tunnel = Tunnel.clearingDscp();
        tunnel.seal(packet(false, 0xba));
        tunnel.seal(packet(true, 0xb9));
        assertThat(tunnel.trafficClasses).containsExactly(2, 1);
    }

    @Test
    void packetsOfDifferentClassesShareNoTrain() {
        Tunnel tunnel = Tunnel.aesGcm();
        for (int value : new int[] {0, 0, 0xb8, 0xb8, 0}) {
            byte[] frame = Traffic.frame(packet(false, value));
            tunnel.sealer.sealFrame(tunnel.natively(frame), 0, frame.length);
        }
        tunnel.sealer.flush();
        assertThat(tunnel.trainLengths).containsExactly(2, 2, 1);
        assertThat(tunnel.trafficClasses).containsExactly(0, 0xb8, 0);
    }

    /// Figure 4. Inner and outer: 0 Not-ECT, 1 ECT(1), 2 ECT(0), 3 CE; -1 is dropped.
    @ParameterizedTest(name = "inner {0} under outer {1} becomes {2}")
    @CsvSource({
        "0, 0, 0", "0, 2, 0", "0, 1, 0", "0, 3, -1",
        "2, 0, 2", "2, 2, 2", "2, 1, 1", "2, 3, 3",
        "1, 0, 1", "1, 2, 1", "1, 1, 1", "1, 3, 3",
        "3, 0, 3", "3, 2, 3", "3, 1, 3", "3, 3, 3",
    })
    void whatTheNetworkMarksIsCarriedInwards(int inner, int outer, int result) {
        for (boolean ipv6 : new boolean[] {false, true}) {
            Tunnel tunnel = Tunnel.aesGcm();
            byte[] packet = packet(ipv6, 0xb8 | inner);
            byte[] datagram = tunnel.seal(packet);
            tunnel.outerTrafficClass = 0x28 | outer;
            Verdict verdict = tunnel.open(datagram);
            if (result < 0) {
                assertThat(verdict).isEqualTo(Verdict.ILLEGAL_ECN);
                assertThat(tunnel.packets).isEmpty();
            } else {
                assertThat(verdict).isEqualTo(Verdict.OPENED);
                // RFC 2983: the inner DSCP is the sender's, whatever became of the outer one.
                assertThat(tunnel.packets.getLast()).isEqualTo(packet(ipv6, 0xb8 | result));
            }
        }
    }
}
