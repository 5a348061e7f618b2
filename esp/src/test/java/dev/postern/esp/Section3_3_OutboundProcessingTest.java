package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IvPrefix;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// RFC 4303 section 3.3, RFC 4106, and the explicit IV of the failover profile.
class Section3_3_OutboundProcessingTest {
    private static final byte[] PACKET = Traffic.udp(false, 1, 9, Traffic.octets(3, 100));

    @Test
    void anIndependentDecryptionYieldsPacketPaddingAndNextHeader() throws Exception {
        for (int length = 0; length < 8; length++) {
            Tunnel tunnel = Tunnel.aesGcm();
            byte[] packet = Traffic.udp(false, 1, 9, Traffic.octets(4, length));
            ByteBuffer text = ByteBuffer.wrap(decrypt(tunnel.seal(packet), 8, 0));
            assertThat(text.capacity() % 4).isZero();
            byte[] inner = new byte[packet.length];
            text.get(inner);
            assertThat(inner).isEqualTo(packet);
            int padding = text.get(text.capacity() - 2);
            assertThat(padding).isBetween(0, 3).isEqualTo(text.capacity() - packet.length - 2);
            for (int i = 1; i <= padding; i++) {
                assertThat(text.get()).isEqualTo((byte) i);
            }
            assertThat(text.get(text.capacity() - 1)).isEqualTo((byte) 4);
        }
    }

    @Test
    void ipv6InsideIsNextHeader41() throws Exception {
        byte[] packet = Traffic.udp(true, 1, 9, Traffic.octets(4, 50));
        byte[] text = decrypt(Tunnel.aesGcm().seal(packet), 8, 0);
        assertThat(text[text.length - 1]).isEqualTo((byte) 41);
    }

    @Test
    void theFirstSequenceNumberIsOneAndEachPacketCountsOn() {
        Tunnel tunnel = Tunnel.aesGcm();
        for (int i = 1; i <= 5; i++) {
            ByteBuffer datagram = ByteBuffer.wrap(tunnel.seal(PACKET));
            assertThat(datagram.getInt(0)).isEqualTo(Tunnel.SPI);
            assertThat(datagram.getInt(4)).isEqualTo(i);
        }
    }

    @Test
    void theIvIsMemberEpochAndCounter() {
        Tunnel tunnel = Tunnel.aesGcm();
        assertThat(ByteBuffer.wrap(tunnel.seal(PACKET)).getLong(8))
                .isEqualTo(0xa1b2_c300_0000_0000L);
        assertThat(ByteBuffer.wrap(tunnel.seal(PACKET)).getLong(8))
                .isEqualTo(0xa1b2_c300_0000_0001L);
    }

    @Test
    void noTwoSegmentsShareAnIv() {
        Tunnel tunnel = Tunnel.aesGcm();
        Set<Long> ivs = new HashSet<>();
        int datagrams = 0;
        for (int i = 0; i < 20; i++) {
            byte[] packet = Traffic.tcp(false, i, i, 0x10, Traffic.octets(i, 60_000));
            for (byte[] datagram : tunnel.sealFrame(Traffic.train(packet, 1, 1300))) {
                ivs.add(ByteBuffer.wrap(datagram).getLong(8));
                datagrams++;
            }
        }
        assertThat(datagrams).isEqualTo(20 * 47);
        assertThat(ivs).hasSize(datagrams);
    }

    @Test
    void withEsnTheUpperHalfIsAuthenticatedButNotSent() throws Exception {
        Tunnel tunnel = Tunnel.extended();
        tunnel.outboundSa().startAt(0x2_ffff_ffffL, 0);
        byte[] datagram = tunnel.seal(PACKET);
        assertThat(ByteBuffer.wrap(datagram).getInt(4)).isZero();
        assertThat(decrypt(datagram, 12, 3)).startsWith(PACKET);
    }

    @Test
    void aShortSequenceNumberNeverCycles() {
        Tunnel tunnel = Tunnel.aesGcm();
        tunnel.outboundSa().startAt(0xffff_fffeL, 0);
        assertThat(ByteBuffer.wrap(tunnel.seal(PACKET)).getInt(4)).isEqualTo(-1);
        assertThat(tunnel.sealFrame(Traffic.frame(PACKET))).isEmpty();
        assertThat(tunnel.sealed.of(Verdict.SEQUENCE_EXHAUSTED)).isEqualTo(1);
    }

    @Test
    void theIvCounterNeverRunsIntoTheEpoch() {
        Tunnel tunnel = Tunnel.extended();
        tunnel.outboundSa().startAt(7, IvPrefix.MAXIMUM_COUNTER);
        assertThat(ByteBuffer.wrap(tunnel.seal(PACKET)).getLong(8))
                .isEqualTo(0xa1b2_c3ff_ffff_ffffL);
        assertThat(tunnel.sealFrame(Traffic.frame(PACKET))).isEmpty();
        assertThat(tunnel.sealed.of(Verdict.IV_EXHAUSTED)).isEqualTo(1);
    }

    @Test
    void theNumbersMayRunOutInTheMiddleOfATrain() {
        Tunnel tunnel = Tunnel.aesGcm();
        tunnel.outboundSa().startAt(0xffff_fffcL, 0);
        byte[] packet = Traffic.tcp(false, 1, 1, 0x10, Traffic.octets(1, 10_000));
        assertThat(tunnel.sealFrame(Traffic.train(packet, 1, 1000))).hasSize(3);
        assertThat(tunnel.sealed.of(Verdict.SEQUENCE_EXHAUSTED)).isEqualTo(7);
    }

    @Test
    void aPacketForWhichNoSaWasNegotiatedIsRefused() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] packet = PACKET.clone();
        packet[16] = 11;
        assertThat(tunnel.sealFrame(Traffic.frame(packet))).isEmpty();
        assertThat(tunnel.sealed.of(Verdict.NO_POLICY)).isEqualTo(1);
    }

    @Test
    void aPacketThatNoDatagramCanCarryIsRefused() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] longest = Traffic.udp(false, 1, 9, new byte[65_472 - 2 - 28]);
        assertThat(tunnel.sealFrame(Traffic.frame(longest))).hasSize(1);
        byte[] longer = Traffic.udp(false, 1, 9, new byte[65_472 - 1 - 28]);
        assertThat(tunnel.sealFrame(Traffic.frame(longer))).isEmpty();
        assertThat(tunnel.sealed.of(Verdict.TOO_LONG)).isEqualTo(1);
    }

    @Test
    void equalPacketsOfOnePathFormTrainsOfAtMost64() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] packet = Traffic.tcp(false, 1, 1, 0x10, Traffic.octets(1, 15_000));
        List<byte[]> datagrams = tunnel.sealFrame(Traffic.train(packet, 1, 100));
        assertThat(datagrams).hasSize(150);
        assertThat(tunnel.trainLengths).containsExactly(64, 64, 22);
    }

    @Test
    void aShorterDatagramEndsItsTrain() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] packet = Traffic.tcp(false, 1, 1, 0x10, Traffic.octets(1, 2_500));
        byte[] frame = Traffic.train(packet, 1, 1000);
        tunnel.sealer.sealFrame(tunnel.natively(frame), 0, frame.length);
        tunnel.sealer.sealFrame(tunnel.natively(frame), 0, frame.length);
        tunnel.sealer.flush();
        assertThat(tunnel.trainLengths).containsExactly(3, 3);
    }

    @Test
    void everyPrefixOfAPacketIsRefused() {
        for (byte[] packet : List.of(PACKET, Traffic.tcp(true, 1, 1, 0x10, new byte[30]))) {
            Tunnel tunnel = Tunnel.aesGcm();
            byte[] frame = Traffic.frame(packet);
            for (int length = 0; length < frame.length; length++) {
                tunnel.sealer.sealFrame(tunnel.natively(frame), 0, length);
            }
            assertThat(tunnel.sealed.of(Verdict.MALFORMED_OUTBOUND)).isEqualTo(frame.length);
        }
    }

    @Test
    void aSegmentationRequestThatDoesNotFitItsPacketIsRefused() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] tcp = Traffic.tcp(false, 1, 1, 0x10, new byte[3000]);
        List<byte[]> frames =
                List.of(
                        Traffic.frame(tcp, 1, 0, 20, 16), // no size
                        Traffic.frame(tcp, 4, 1000, 20, 16), // IPv6
                        Traffic.frame(tcp, 5, 1000, 20, 6), // UDP
                        Traffic.frame(tcp, 9, 1000, 20, 16), // unknown
                        Traffic.frame(tcp, 0, 0, 3040, 16), // checksum outside
                        Traffic.frame(tcp, 0, 0, 20, 0xffff));
        for (byte[] frame : frames) {
            assertThat(tunnel.sealFrame(frame)).isEmpty();
        }
        assertThat(tunnel.sealed.of(Verdict.MALFORMED_OUTBOUND)).isEqualTo(frames.size());
    }

    /// Opens with the JDK alone, as RFC 4106 says.
    private static byte[] decrypt(byte[] datagram, int aadLength, int upperHalf)
            throws GeneralSecurityException {
        EncryptionAlgorithm algorithm =
                aadLength == 12
                        ? EncryptionAlgorithm.AES_GCM_16_256
                        : EncryptionAlgorithm.AES_GCM_16_128;
        byte[] material = Tunnel.key(algorithm, 1).expose();
        byte[] nonce = new byte[12];
        System.arraycopy(material, algorithm.keyLength(), nonce, 0, 4);
        System.arraycopy(datagram, 8, nonce, 4, 8);
        ByteBuffer aad = ByteBuffer.allocate(aadLength).put(datagram, 0, 4);
        if (aadLength == 12) {
            aad.putInt(upperHalf);
        }
        aad.put(datagram, 4, 4);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(material, 0, algorithm.keyLength(), "AES"),
                new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad.array());
        return cipher.doFinal(datagram, 16, datagram.length - 16);
    }
}
