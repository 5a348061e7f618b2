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
import dev.postern.esp.VirtioHeader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What arrives on the port for ESP (RFC 3948, RFC 4303 section 3.4), and what the host behind
/// hands in.
final class EspFuzz {
    private static final int SPI = 0x1000_0001;
    private static final int OUTBOUND_SPI = 0x2000_0002;
    private static final int KEY_AND_SALT = 20;
    private static final int ROOM = 1 << 16;

    /// Of a train that the host hands in, how many packets are opened again.
    private static final int OPENED = 64;

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

    /// A packet from the inside, with and without the virtio header in front. What leaves is the
    /// packet itself, or segments of it, under numbers of their own.
    @FuzzTest
    void whatTheHostHandsIn(byte[] packet) {
        byte[] bounded = Arrays.copyOf(packet, Math.min(packet.length, ROOM / 2));
        List<byte[]> whole = sealedOf(bounded, EspSealer::sealPacket);
        assertThat(whole).hasSizeLessThanOrEqualTo(1);
        whole.forEach(text -> assertThat(bounded).startsWith(EspText.of(text).packet()));
        for (byte[] text : sealedOf(bounded, EspSealer::sealFrame)) {
            EspText segment = EspText.of(text);
            assertThat(segment.version()).isEqualTo(bounded[VirtioHeader.LENGTH] >>> 4);
            byte[] inside = Arrays.copyOfRange(bounded, VirtioHeader.LENGTH, bounded.length);
            assertThat(segment.packet()).hasSizeLessThanOrEqualTo(inside.length);
            if (isPlain(bounded)) {
                assertThat(inside).startsWith(segment.packet());
            }
        }
    }

    /// Whether the host has left nothing to do: neither a checksum nor a train to be cut.
    private static boolean isPlain(byte[] frame) {
        return (frame[0] & 1) == 0 && (frame[1] & 0x7f) == 0;
    }

    /// What is sealed of a frame or packet, opened again.
    List<byte[]> sealedOf(byte[] octets, Seal seal) {
        List<byte[]> sealed = new ArrayList<>();
        associations.install(parameters());
        OutgoingBatch batch = new OutgoingBatch(BATCH, 16, trains -> collect(trains, sealed));
        EspSealer sealer = new EspSealer(associations, new VerdictCounters(), batch, SCRATCH);
        seal.apply(sealer, MEMORY, 0, fill(octets));
        sealer.flush();
        associations.close();
        sealer.closeRetired();
        List<byte[]> texts = new ArrayList<>();
        for (int i = 0; i < Math.min(sealed.size(), OPENED); i++) {
            texts.add(opened(sealed.get(i), i + 1));
        }
        return texts;
    }

    /// One of the ways in.
    interface Seal {
        void apply(EspSealer sealer, MemorySegment memory, long offset, int length);
    }

    private static void collect(OutgoingBatch batch, List<byte[]> sealed) {
        for (int train = 0; train < batch.trains(); train++) {
            for (int i = 0; i < batch.segments(train); i++) {
                int from = i * batch.segmentLength(train);
                int length = Math.min(batch.segmentLength(train), batch.length(train) - from);
                sealed.add(
                        batch.memory()
                                .asSlice(batch.offset(train) + from, length)
                                .toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    @FuzzTest
    void anInnerPacket(byte[] packet) {
        InnerPackets.readEchoReply(packet)
                .ifPresent(reply -> {
                    ByteBuffer head = beforePayload(packet, reply.payload());
                    assertThat(Short.toUnsignedInt(head.getShort(4))).isEqualTo(reply.identifier());
                    assertThat(Short.toUnsignedInt(head.getShort(6))).isEqualTo(reply.sequence());
                });
        InnerPackets.readUdp(packet)
                .ifPresent(udp -> {
                    ByteBuffer head = beforePayload(packet, udp.payload());
                    assertThat(Short.toUnsignedInt(head.getShort(0))).isEqualTo(udp.sourcePort());
                    assertThat(Short.toUnsignedInt(head.getShort(2)))
                            .isEqualTo(udp.destinationPort());
                });
    }

    /// The 8 octets that both headers have, if the payload ends where the IP header says.
    private static ByteBuffer beforePayload(byte[] packet, ByteBuffer payload) {
        ByteBuffer all = ByteBuffer.wrap(packet);
        int end =
                packet[0] >>> 4 == 4
                        ? Short.toUnsignedInt(all.getShort(2))
                        : 40 + Short.toUnsignedInt(all.getShort(4));
        int begin = end - payload.remaining();
        assertThat(payload).isEqualTo(all.slice(begin, payload.remaining()));
        return all.slice(begin - 8, 8);
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
        byte[] body = gcm(Cipher.ENCRYPT_MODE, material, nonce, head.array(), text);
        return ByteBuffer.allocate(16 + body.length).put(head.array()).put(body).array();
    }

    /// What is under the key, if it is a packet of ours with this sequence number.
    private static byte[] opened(byte[] packet, int sequence) {
        byte[] material = material();
        assertThat(ByteBuffer.wrap(packet).getInt(0)).isEqualTo(OUTBOUND_SPI);
        assertThat(ByteBuffer.wrap(packet).getInt(4)).isEqualTo(sequence);
        byte[] nonce = new byte[12];
        System.arraycopy(material, 16, nonce, 0, 4);
        System.arraycopy(packet, 8, nonce, 4, 8);
        byte[] body = Arrays.copyOfRange(packet, 16, packet.length);
        return gcm(Cipher.DECRYPT_MODE, material, nonce, packet, body);
    }

    private static byte[] gcm(int mode, byte[] material, byte[] nonce, byte[] head, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    mode,
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
                OUTBOUND_SPI,
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
