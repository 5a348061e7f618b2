package dev.postern.crypto;

import static dev.postern.crypto.LibCrypto.INT;
import static dev.postern.crypto.LibCrypto.OBJECT;
import static dev.postern.crypto.LibCrypto.OCTETS;
import static dev.postern.crypto.LibCrypto.SIZE;
import static dev.postern.crypto.LibCrypto.failed;
import static dev.postern.crypto.LibCrypto.succeeded;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/// ESP packets under libcrypto's AEADs: one context with the key set once; a packet sets the nonce
/// only. Nothing is allocated for a packet, on either heap.
///
/// Packets go to the library as bare addresses, because slices would be objects. `checked`
/// therefore does first what a memory segment would do: bounds, life and thread of the memory.
final class LibCryptoPacketCipher implements PacketCipher {
    private static final MethodHandle SET_NONCE =
            LibCrypto.critical(
                    "EVP_CipherInit_ex2",
                    FunctionDescriptor.of(INT, OBJECT, OBJECT, OBJECT, OCTETS, INT, OBJECT));
    private static final MethodHandle UPDATE =
            LibCrypto.critical(
                    "EVP_CipherUpdate",
                    FunctionDescriptor.of(INT, OBJECT, SIZE, OCTETS, SIZE, INT));
    private static final MethodHandle FINAL =
            LibCrypto.critical(
                    "EVP_CipherFinal_ex", FunctionDescriptor.of(INT, OBJECT, SIZE, OCTETS));
    private static final MethodHandle CONTROL =
            LibCrypto.critical(
                    "EVP_CIPHER_CTX_ctrl", FunctionDescriptor.of(INT, OBJECT, INT, INT, SIZE));
    private static final ValueLayout.OfLong IV =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int GET_TAG = 0x10;
    private static final int SET_TAG = 0x11;

    private final int saltLength;

    /// Salt first. On the Java heap, like `written`: an SA that comes and goes leaves nothing to
    /// free but its context.
    private final MemorySegment nonce = MemorySegment.ofArray(new byte[Aead.NONCE_LENGTH]);

    /// The length that the library insists on reporting.
    private final MemorySegment written = MemorySegment.ofArray(new int[1]);

    private long context;

    LibCryptoPacketCipher(EncryptionAlgorithm algorithm, byte[] keyMaterial) {
        if (!algorithm.isAead() || keyMaterial.length != algorithm.keyMaterialLength()) {
            throw new IllegalArgumentException(
                    algorithm
                            + " for packets with "
                            + keyMaterial.length
                            + " octets of key material");
        }
        this.saltLength = algorithm.saltLength();
        MemorySegment.copy(
                keyMaterial, algorithm.keyLength(), nonce, ValueLayout.JAVA_BYTE, 0, saltLength);
        this.context = LibCryptoCipher.newContext();
        // The direction is named again with each nonce; an AEAD has one key schedule for both.
        LibCryptoCipher.begin(
                context,
                LibCryptoCipher.of(algorithm),
                MemorySegment.ofArray(keyMaterial),
                MemorySegment.NULL,
                LibCryptoCipher.SEAL);
    }

    @Override
    public void seal(
            MemorySegment aad,
            long aadOffset,
            int aadLength,
            long iv,
            MemorySegment packet,
            long offset,
            int length) {
        long aadAddress = checked(aad, aadOffset, aadLength);
        long text = checkedWritable(packet, offset, length);
        try {
            begin(LibCryptoCipher.SEAL, iv);
            feed(aadAddress, aadLength, text, length);
            succeeded((int) FINAL.invokeExact(context, text + length, written));
            succeeded((int) CONTROL.invokeExact(context, GET_TAG, ICV_LENGTH, text + length));
        } catch (Throwable thrown) {
            throw failed(thrown);
        } finally {
            Reference.reachabilityFence(aad);
            Reference.reachabilityFence(packet);
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean open(
            MemorySegment aad,
            long aadOffset,
            int aadLength,
            long iv,
            MemorySegment packet,
            long offset,
            int length) {
        long aadAddress = checked(aad, aadOffset, aadLength);
        long text = checkedWritable(packet, offset, length);
        try {
            begin(LibCryptoCipher.OPEN, iv);
            succeeded((int) CONTROL.invokeExact(context, SET_TAG, ICV_LENGTH, text + length));
            feed(aadAddress, aadLength, text, length);
            return (int) FINAL.invokeExact(context, text + length, written) > 0;
        } catch (Throwable thrown) {
            throw failed(thrown);
        } finally {
            Reference.reachabilityFence(aad);
            Reference.reachabilityFence(packet);
            Reference.reachabilityFence(this);
        }
    }

    private void begin(int direction, long iv) throws Throwable {
        if (context == 0) {
            throw new IllegalStateException("a packet cipher was used after it was closed");
        }
        nonce.set(IV, saltLength, iv);
        succeeded((int) SET_NONCE.invokeExact(context, 0L, 0L, nonce, direction, 0L));
    }

    private void feed(long aad, int aadLength, long text, int length) throws Throwable {
        succeeded((int) UPDATE.invokeExact(context, 0L, written, aad, aadLength));
        if (length > 0) {
            succeeded((int) UPDATE.invokeExact(context, text, written, text, length));
        }
    }

    /// The address of the text, of which the first octet of text and the last of the ICV are known
    /// to be there.
    private static long checkedWritable(MemorySegment packet, long offset, int length) {
        if (packet.isReadOnly()) {
            throw new IllegalArgumentException(
                    "a packet is protected in place, and this is read-only");
        }
        return checked(packet, offset, Math.addExact(length, ICV_LENGTH));
    }

    private static long checked(MemorySegment memory, long offset, int length) {
        if (!memory.isNative() || length <= 0) {
            throw new IllegalArgumentException(
                    length + " octets of native memory are wanted, got " + memory);
        }
        memory.get(ValueLayout.JAVA_BYTE, offset);
        memory.get(ValueLayout.JAVA_BYTE, offset + length - 1);
        return memory.address() + offset;
    }

    @Override
    public void close() {
        if (context == 0) {
            return;
        }
        LibCryptoCipher.free(context);
        context = 0;
        nonce.fill((byte) 0);
    }
}
