package dev.postern.crypto;

import java.util.Objects;

/// The layout that `PayloadCipher` documents, checked before any octet is touched: a caller's
/// error, not the peer's.
final class PayloadLayout {
    private PayloadLayout() {}

    static void check(
            PayloadCipher cipher, byte[] octets, int offset, int aadLength, int textLength) {
        if (aadLength < 0 || textLength < 0 || textLength % cipher.blockLength() != 0) {
            throw new IllegalArgumentException(
                    aadLength + " octets of associated data, " + textLength + " octets of text");
        }
        long total = (long) aadLength + cipher.ivLength() + textLength + cipher.icvLength();
        Objects.checkFromIndexSize((long) offset, total, (long) octets.length);
    }
}
