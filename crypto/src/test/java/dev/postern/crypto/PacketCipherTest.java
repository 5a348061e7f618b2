package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/// ESP packets: RFC 4106 and RFC 7634.
class PacketCipherTest {
    private static final int AT = 16;
    private static final int PACKETS = 10_000;

    /// What the measurement itself may cost: less than one object for every tenth packet.
    private static final long NEXT_TO_NOTHING = 10_000;

    /// One algorithm of one provider.
    record Variant(EncryptionAlgorithm algorithm, Primitives from) {
        PacketCipher cipher(int seed) {
            byte[] key = new SeededEntropy(seed).octets(algorithm.keyMaterialLength());
            return from.packets().create(algorithm, key);
        }

        @Override
        public String toString() {
            return algorithm + " " + from.name();
        }
    }

    static List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
            if (algorithm.isAead()) {
                for (Primitives primitives : TestVectors.providers()) {
                    variants.add(new Variant(algorithm, primitives));
                }
            }
        }
        return variants;
    }

    @Test
    void everyVariantIsCovered() {
        assertThat(variants()).hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void oneCipherSealsAndOpensManyPacketsInAnyOrder(Variant variant) {
        try (Arena arena = Arena.ofConfined();
                PacketCipher sealer = variant.cipher(1);
                PacketCipher opener = variant.cipher(1)) {
            for (int length : new int[] {0, 1, 15, 16, 17, 64, 1400, 9000}) {
                for (int aadLength : new int[] {8, 12}) {
                    long iv = length * 100L + aadLength;
                    MemorySegment packet = packet(arena, length);
                    byte[] plain = packet.toArray(ValueLayout.JAVA_BYTE);
                    sealer.seal(packet, 0, aadLength, iv, packet, AT, length);
                    assertThat(
                                    opener.open(
                                            packet,
                                            0,
                                            aadLength,
                                            iv + 1,
                                            copy(arena, packet),
                                            AT,
                                            length))
                            .isFalse();
                    assertThat(opener.open(packet, 0, aadLength, iv, packet, AT, length)).isTrue();
                    MemorySegment.copy(
                            plain, AT + length, packet, ValueLayout.JAVA_BYTE, AT + length, 16);
                    assertThat(packet.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(plain);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void everyFlippedBitIsRefusedAndTheNextPacketStillOpens(Variant variant) {
        int length = 40;
        try (Arena arena = Arena.ofConfined();
                PacketCipher cipher = variant.cipher(2)) {
            MemorySegment sealed = packet(arena, length);
            cipher.seal(sealed, 0, 8, 7, sealed, AT, length);
            for (int bit = 0; bit < (AT + length + 16) * 8; bit++) {
                if (bit / 8 >= 8 && bit / 8 < AT) {
                    continue; // between associated data and text nothing is covered
                }
                MemorySegment forged = copy(arena, sealed);
                byte octet = forged.get(ValueLayout.JAVA_BYTE, bit / 8);
                forged.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (octet ^ 1 << bit % 8));
                assertThat(cipher.open(forged, 0, 8, 7, forged, AT, length))
                        .as("bit %d", bit)
                        .isFalse();
            }
            assertThat(cipher.open(sealed, 0, 8, 7, sealed, AT, length)).isTrue();
        }
    }

    @Test
    void bothProvidersWriteTheSamePackets() {
        Primitives ours = Primitives.libCrypto().orElseThrow();
        for (Variant variant : variants()) {
            Variant other = new Variant(variant.algorithm(), ours);
            try (Arena arena = Arena.ofConfined();
                    PacketCipher one = variant.cipher(3);
                    PacketCipher two = other.cipher(3)) {
                MemorySegment first = packet(arena, 333);
                MemorySegment second = copy(arena, first);
                one.seal(first, 0, 12, Long.MIN_VALUE + 5, first, AT, 333);
                two.seal(second, 0, 12, Long.MIN_VALUE + 5, second, AT, 333);
                assertThat(first.mismatch(second)).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void aClosedCipherThrowsInsteadOfTouchingFreedMemory(Variant variant) {
        try (Arena arena = Arena.ofConfined()) {
            PacketCipher cipher = variant.cipher(4);
            MemorySegment packet = packet(arena, 64);
            cipher.close();
            cipher.close();

            assertThatIllegalStateException()
                    .isThrownBy(() -> cipher.seal(packet, 0, 8, 1, packet, AT, 64));
            assertThatIllegalStateException()
                    .isThrownBy(() -> cipher.open(packet, 0, 8, 1, packet, AT, 64));
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void aPacketThatDoesNotFitItsMemoryThrowsInsteadOfOverrunning(Variant variant) {
        try (Arena arena = Arena.ofConfined();
                PacketCipher cipher = variant.cipher(5)) {
            MemorySegment packet = arena.allocate(AT + 64 + 15);
            assertThatThrownBy(() -> cipher.seal(packet, 0, 8, 1, packet, AT, 64))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> cipher.open(packet, 0, 8, 1, packet, AT, 64))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> cipher.open(packet, 0, 8, 1, packet, -1, 16))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(
                            () -> cipher.seal(packet, packet.byteSize() - 7, 8, 1, packet, AT, 16))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> cipher.seal(packet, 0, 8, 1, packet, AT, Integer.MAX_VALUE))
                    .isInstanceOf(RuntimeException.class);
            assertThat(packet.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }

    @Test
    void memoryThatLibcryptoMustNotTouchIsRefused() {
        Variant variant =
                new Variant(
                        EncryptionAlgorithm.AES_GCM_16_128, Primitives.libCrypto().orElseThrow());
        try (PacketCipher cipher = variant.cipher(6)) {
            MemorySegment heap = MemorySegment.ofArray(new byte[100]);
            Arena arena = Arena.ofConfined();
            MemorySegment freed = arena.allocate(100);
            MemorySegment readOnly = Arena.ofAuto().allocate(100).asReadOnly();
            arena.close();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cipher.seal(heap, 0, 8, 1, heap, AT, 40));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cipher.open(readOnly, 0, 8, 1, readOnly, AT, 40));
            assertThatIllegalStateException()
                    .isThrownBy(() -> cipher.seal(freed, 0, 8, 1, freed, AT, 40));
        }
    }

    @Test
    void keyMaterialOfAnotherLengthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> PacketCipher.of(EncryptionAlgorithm.AES_GCM_16_128, new byte[16]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PacketCipher.of(EncryptionAlgorithm.AES_CBC_128, new byte[16]));
    }

    @Test
    void aPacketCostsNoGarbageWithLibcrypto() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Variant variant =
                new Variant(
                        EncryptionAlgorithm.AES_GCM_16_128, Primitives.libCrypto().orElseThrow());
        try (Arena arena = Arena.ofConfined();
                PacketCipher sealer = variant.cipher(7);
                PacketCipher opener = variant.cipher(7)) {
            MemorySegment packet = packet(arena, 1400);
            long least = Long.MAX_VALUE;
            // The compiler decides when it has warmed up: the cheapest of the rounds counts.
            for (int round = 0; round < 100 && least >= NEXT_TO_NOTHING; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                assertThat(pass(sealer, opener, packet)).isEqualTo(PACKETS);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isLessThan(NEXT_TO_NOTHING);
        }
    }

    private static int pass(PacketCipher sealer, PacketCipher opener, MemorySegment packet) {
        int opened = 0;
        for (int iv = 0; iv < PACKETS; iv++) {
            sealer.seal(packet, 0, 8, iv, packet, AT, 1400);
            opened += opener.open(packet, 0, 8, iv, packet, AT, 1400) ? 1 : 0;
        }
        return opened;
    }

    private static MemorySegment packet(Arena arena, int length) {
        byte[] octets = new SeededEntropy(length).octets(AT + length + 16);
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, octets);
    }

    private static MemorySegment copy(Arena arena, MemorySegment packet) {
        return arena.allocate(packet.byteSize()).copyFrom(packet);
    }
}
