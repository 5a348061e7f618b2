package dev.postern.wire;

import org.jspecify.annotations.Nullable;

/// Payload types, RFC 7296 section 3.2, RFC 7383, RFC 8019.
public enum PayloadType {
    SA(33),
    KE(34),
    IDI(35),
    IDR(36),
    CERT(37),
    CERTREQ(38),
    AUTH(39),
    NONCE(40),
    NOTIFY(41),
    DELETE(42),
    VENDOR_ID(43),
    TSI(44),
    TSR(45),
    SK(46),
    CP(47),
    EAP(48),
    SKF(53),
    PS(54);

    /// No next payload.
    public static final int NONE = 0;

    private static final @Nullable PayloadType[] BY_CODE = new @Nullable PayloadType[256];

    static {
        for (PayloadType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    PayloadType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static @Nullable PayloadType of(int code) {
        return BY_CODE[code & 0xff];
    }
}
