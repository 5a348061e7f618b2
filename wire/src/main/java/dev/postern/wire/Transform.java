package dev.postern.wire;

/// One transform, RFC 7296 section 3.3.2.
///
/// @param keyLength the Key Length attribute in bits, or 0 where it is absent
/// @param understood false where an attribute other than Key Length is present; such a transform is
///   never chosen
public record Transform(int type, int id, int keyLength, boolean understood) {
    public static final int ENCR = 1;
    public static final int PRF = 2;
    public static final int INTEG = 3;
    public static final int KE = 4;
    public static final int ESN = 5;

    /// Additional Key Exchange 1, the first of seven (RFC 9370 section 2.2.1).
    public static final int ADDKE1 = 6;

    public static final int ADDKE7 = 12;

    /// The transform id that stands for no algorithm.
    public static final int NONE = 0;

    public Transform(int type, int id, int keyLength) {
        this(type, id, keyLength, true);
    }

    public Transform(int type, int id) {
        this(type, id, 0, true);
    }
}
