package dev.postern.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.Arrays;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/// ESP packets under the JDK's AEADs, for machines without libcrypto: slower, and each packet is
/// copied and leaves garbage.
final class JdkPacketCipher implements PacketCipher {
    private final EncryptionAlgorithm algorithm;
    private final Cipher cipher;
    private final Key key;
    private final SecretBytes keyOctets;
    private final SecretBytes salt;
    private boolean closed;

    JdkPacketCipher(EncryptionAlgorithm algorithm, byte[] keyMaterial) {
        if (!algorithm.isAead() || keyMaterial.length != algorithm.keyMaterialLength()) {
            throw new IllegalArgumentException(
                    algorithm
                            + " for packets with "
                            + keyMaterial.length
                            + " octets of key material");
        }
        this.algorithm = algorithm;
        this.keyOctets = SecretBytes.owning(Arrays.copyOf(keyMaterial, algorithm.keyLength()));
        this.salt =
                SecretBytes.owning(
                        Arrays.copyOfRange(keyMaterial, algorithm.keyLength(), keyMaterial.length));
        this.key = JdkAead.keyOf(algorithm, keyOctets.expose());
        try {
            this.cipher = JdkAead.cipher(algorithm);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime has no " + algorithm, missing);
        }
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
        byte[] text = copy(packet, offset, length);
        try {
            byte[] sealed = run(Cipher.ENCRYPT_MODE, copy(aad, aadOffset, aadLength), iv, text);
            MemorySegment.copy(sealed, 0, packet, ValueLayout.JAVA_BYTE, offset, sealed.length);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(
                    "the JDK refused to seal with " + algorithm, impossible);
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
        byte[] sealed = copy(packet, offset, length + ICV_LENGTH);
        try {
            byte[] text = run(Cipher.DECRYPT_MODE, copy(aad, aadOffset, aadLength), iv, sealed);
            MemorySegment.copy(text, 0, packet, ValueLayout.JAVA_BYTE, offset, text.length);
            return true;
        } catch (AEADBadTagException forged) {
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(
                    "the JDK refused to open with " + algorithm, impossible);
        }
    }

    private byte[] run(int mode, byte[] aad, long iv, byte[] input)
            throws GeneralSecurityException {
        if (closed) {
            throw new IllegalStateException("a packet cipher was used after it was closed");
        }
        byte[] nonce =
                ByteBuffer.allocate(Aead.NONCE_LENGTH).put(salt.expose()).putLong(iv).array();
        cipher.init(mode, key, JdkAead.parametersOf(algorithm, nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(input);
    }

    private static byte[] copy(MemorySegment segment, long offset, int length) {
        return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
        closed = true;
        keyOctets.close();
        salt.close();
    }
}
