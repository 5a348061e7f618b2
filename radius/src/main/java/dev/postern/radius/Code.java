package dev.postern.radius;

import org.jspecify.annotations.Nullable;

/// What a RADIUS packet is (RFC 2865 section 3, RFC 2866 section 3, RFC 5176 section 2.3).
public enum Code {
    ACCESS_REQUEST(1),
    ACCESS_ACCEPT(2),
    ACCESS_REJECT(3),
    ACCOUNTING_REQUEST(4),
    ACCOUNTING_RESPONSE(5),
    ACCESS_CHALLENGE(11),
    DISCONNECT_REQUEST(40),
    DISCONNECT_ACK(41),
    DISCONNECT_NAK(42),
    COA_REQUEST(43),
    COA_ACK(44),
    COA_NAK(45);

    private final int number;

    Code(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    static @Nullable Code of(int number) {
        for (Code code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return null;
    }

    /// Whether a packet of this code may answer a request of the code `request`.
    boolean answers(Code request) {
        return switch (this) {
            case ACCESS_ACCEPT, ACCESS_REJECT, ACCESS_CHALLENGE -> request == ACCESS_REQUEST;
            case ACCOUNTING_RESPONSE -> request == ACCOUNTING_REQUEST;
            case DISCONNECT_ACK, DISCONNECT_NAK -> request == DISCONNECT_REQUEST;
            case COA_ACK, COA_NAK -> request == COA_REQUEST;
            case ACCESS_REQUEST, ACCOUNTING_REQUEST, DISCONNECT_REQUEST, COA_REQUEST -> false;
        };
    }
}
