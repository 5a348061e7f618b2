package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.esp.EspOpener;
import dev.postern.esp.EspSaParameters;
import dev.postern.esp.EspSealer;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.InnerPackets;
import dev.postern.esp.OutgoingBatch;
import dev.postern.esp.SecurityAssociations;
import dev.postern.esp.Selector;
import dev.postern.esp.UdpEndpoint;
import dev.postern.esp.VerdictCounters;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What arrives on the port for ESP (RFC 3948, RFC 4303 section 3.4), and what the host behind
/// hands in.
final class EspFuzz {
    private static final int SPI = 0x1000_0001;
    private static final int KEY_AND_SALT = 20;
    private static final int ROOM = 1 << 16;
    private static final InetSocketAddress HERE = address(1);
    private static final InetSocketAddress THERE = address(2);

    /// One piece of memory for every input: a fuzzer is faster than a collector of garbage.
    private static final MemorySegment MEMORY = Arena.global().allocate(ROOM, 64);

    private static final MemorySegment BATCH = Arena.global().allocate(1 << 18, 64);
    private static final SegmentAllocator SCRATCH =
            SegmentAllocator.prefixAllocator(Arena.global().allocate(1 << 12, 64));

    /// The one packet under the key of [#whatArrivesOnThePort] that a fuzzer may come upon.
    private static final byte[] AS_SEALED = asSealed();

    private final SecurityAssociations associations = new SecurityAssociations();
    private int delivered;
    private int evidence;

    /// The first octet cuts a train of datagrams. Of all that may be in it only the one packet that
    /// the peer has sealed may come out of the tunnel, once.
    @FuzzTest
    void whatArrivesOnThePort(byte[] input) {
        if (input.length > 0) {
            byte[] octets = Arrays.copyOfRange(input, 1, input.length);
            open(octets, Byte.toUnsignedInt(input[0]));
            int sealed = holds(octets, AS_SEALED) ? 1 : 0;
            assertThat(delivered).isLessThanOrEqualTo(sealed);
            // That the peer is there, and that it has moved.
            assertThat(evidence).isLessThanOrEqualTo(2 * sealed);
        }
    }

    private static boolean holds(byte[] octets, byte[] part) {
        for (int at = 0; at + part.length <= octets.length; at++) {
            if (Arrays.equals(octets, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] asSealed() {
        byte[] seed = LastBit.turnedBack(EspFuzz.class, "whatArrivesOnThePort", "another-tag");
        return Arrays.copyOfRange(seed, 1, seed.length);
    }

    /// An authentic peer may still send nonsense under its key: padding, next header and the inner
    /// packet are its own.
    @FuzzTest
    void whatAnAuthenticPeerSeals(byte[] text) {
        assertThat(deliveredOf(text)).isLessThanOrEqualTo(1);
    }

    /// How many packets come out of the tunnel.
    int deliveredOf(byte[] text) {
        byte[] bounded = Arrays.copyOf(text, Math.min(text.length, ROOM / 4));
        open(sealed(bounded), 0);
        return delivered;
    }

    /// A packet from the inside, with and without the virtio header in front.
    @FuzzTest
    void whatTheHostHandsIn(byte[] packet) {
        associations.install(parameters());
        OutgoingBatch batch = new OutgoingBatch(BATCH, 16, trains -> {});
        EspSealer sealer = new EspSealer(associations, new VerdictCounters(), batch, SCRATCH);
        int length = fill(packet);
        sealer.sealPacket(MEMORY, 0, length);
        fill(packet);
        sealer.sealFrame(MEMORY, 0, length);
        sealer.flush();
        associations.close();
    }

    @FuzzTest
    void anInnerPacket(byte[] packet) {
        InnerPackets.readEchoReply(packet)
                .ifPresent(reply -> assertThat(reply.payload().remaining()).isNotNegative());
        InnerPackets.readUdp(packet).ifPresent(udp -> assertThat(packet.length).isPositive());
    }

    private void open(byte[] octets, int segmentLength) {
        delivered = 0;
        evidence = 0;
        associations.install(parameters());
        EspOpener opener =
                new EspOpener(
                        associations,
                        new VerdictCounters(),
                        (packets, offset, packet) -> {
                            assertThat(packet.length()).isLessThanOrEqualTo(octets.length);
                            delivered++;
                        },
                        (packets, offset, length) ->
                                assertThat(length).isLessThanOrEqualTo(octets.length),
                        new InboundEvidence() {
                            @Override
                            public void firstPacket(int inboundSpi) {
                                evidence++;
                            }

                            @Override
                            public void peerMoved(int inboundSpi, UdpEndpoint source) {
                                evidence++;
                            }
                        },
                        SCRATCH);
        opener.open(MEMORY, 0, fill(octets), segmentLength, 0, 0, 0, 4500);
        associations.close();
        opener.closeRetired();
    }

    private int fill(byte[] octets) {
        int length = Math.min(octets.length, ROOM / 2);
        MemorySegment.copy(octets, 0, MEMORY, ValueLayout.JAVA_BYTE, 0, length);
        return length;
    }

    /// SPI | sequence number 1 | IV | AES-128-GCM of the text (RFC 4106).
    static byte[] sealed(byte[] text) {
        byte[] material = material();
        ByteBuffer head = ByteBuffer.allocate(16).putInt(SPI).putInt(1).putLong(7);
        byte[] nonce = new byte[12];
        System.arraycopy(material, 16, nonce, 0, 4);
        System.arraycopy(head.array(), 8, nonce, 4, 8);
        byte[] body = encrypt(material, nonce, head.array(), text);
        return ByteBuffer.allocate(16 + body.length).put(head.array()).put(body).array();
    }

    private static byte[] encrypt(byte[] material, byte[] nonce, byte[] head, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(material, 0, 16, "AES"),
                    new GCMParameterSpec(128, nonce));
            cipher.updateAAD(head, 0, 8);
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EspSaParameters parameters() {
        return new EspSaParameters(
                SPI,
                0x2000_0002,
                EncryptionAlgorithm.AES_GCM_16_128,
                SecretBytes.owning(material()),
                SecretBytes.owning(material()),
                false,
                new IvPrefix(1, 1),
                List.of(Selector.network(HERE.getAddress(), 0)),
                List.of(Selector.network(THERE.getAddress(), 0)),
                HERE,
                THERE,
                EspSaParameters.DEFAULT_REPLAY_WINDOW,
                null,
                EspSaParameters.Standing.CONFIRMED,
                EspSaParameters.Sequences.NEW);
    }

    private static byte[] material() {
        byte[] material = new byte[KEY_AND_SALT];
        Arrays.fill(material, (byte) 0x33);
        return material;
    }

    private static InetSocketAddress address(int last) {
        try {
            byte[] octets = {(byte) 192, 0, 2, (byte) last};
            return new InetSocketAddress(InetAddress.getByAddress(octets), 4500);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
