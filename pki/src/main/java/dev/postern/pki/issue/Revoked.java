package dev.postern.pki.issue;

import dev.postern.crypto.Der;

import java.math.BigInteger;
import java.time.Instant;

/// One entry of a list (RFC 5280 section 5.3).
public record Revoked(BigInteger serial, Instant at, Reason reason) {
    /// Why, with its number in the list (RFC 5280 section 5.3.1).
    public enum Reason {
        UNSPECIFIED(0),
        KEY_COMPROMISE(1),
        CA_COMPROMISE(2),
        AFFILIATION_CHANGED(3),
        SUPERSEDED(4),
        CESSATION_OF_OPERATION(5),
        PRIVILEGE_WITHDRAWN(9);

        private final int number;

        Reason(int number) {
            this.number = number;
        }
    }

    private static final byte[] REASON_CODE = {0x55, 0x1d, 0x15};

    /// The reason is left out where there is none to tell.
    byte[] encoded() {
        byte[] extensions =
                reason == Reason.UNSPECIFIED
                        ? new byte[0]
                        : Der.write(
                                Der.SEQUENCE,
                                Der.write(
                                        Der.SEQUENCE,
                                        Der.write(Der.OBJECT_IDENTIFIER, REASON_CODE),
                                        Der.write(
                                                Der.OCTET_STRING,
                                                Der.write(
                                                        Der.ENUMERATED,
                                                        new byte[] {(byte) reason.number}))));
        return Der.write(Der.SEQUENCE, Der.write(serial), Times.encoded(at), extensions);
    }
}
