package dev.postern.wire;

/// One EAP packet, RFC 3748 section 4: what an EAP payload of IKEv2 and an EAP-Message of RADIUS
/// carry.
///
/// @param identifier 0 to 255, the same in a request and in its response
/// @param type of a Request or Response; 0 in Success and Failure
/// @param data Type-Data; empty in Success and Failure
public record EapPacket(Code code, int identifier, int type, Octets data) {
    /// Types of RFC 3748 section 5 and of the methods spoken here.
    public static final int IDENTITY = 1;

    public static final int NOTIFICATION = 2;
    public static final int NAK = 3;
    public static final int TLS = 13;
    public static final int MSCHAPV2 = 26;
    public static final int EXPANDED = 254;

    /// Code | Identifier | Length.
    public static final int HEADER_LENGTH = 4;

    private static final int LONGEST = 0xffff;

    /// Which way a packet goes, and whether it is the last.
    public enum Code {
        /// From the authenticator.
        REQUEST(1),
        /// From the peer.
        RESPONSE(2),
        SUCCESS(3),
        FAILURE(4);

        private final int octet;

        Code(int octet) {
            this.octet = octet;
        }
    }

    public EapPacket {
        if (HEADER_LENGTH + 1 + data.length() > LONGEST) {
            throw new IllegalArgumentException(data.length() + " octets fit in no EAP packet");
        }
    }

    public static EapPacket request(int identifier, int type, Octets data) {
        return new EapPacket(Code.REQUEST, identifier, type, data);
    }

    public static EapPacket response(int identifier, int type, Octets data) {
        return new EapPacket(Code.RESPONSE, identifier, type, data);
    }

    public static EapPacket success(int identifier) {
        return new EapPacket(Code.SUCCESS, identifier, 0, Octets.EMPTY);
    }

    public static EapPacket failure(int identifier) {
        return new EapPacket(Code.FAILURE, identifier, 0, Octets.EMPTY);
    }

    /// Whether it ends the conversation.
    public boolean isLast() {
        return code == Code.SUCCESS || code == Code.FAILURE;
    }

    /// Decodes one packet. Octets beyond its Length are padding and passed over (section 4.1).
    public static EapPacket decode(Octets octets) throws MalformedException {
        WireReader header = new WireReader(octets);
        int octet = header.u8("EAP code");
        int identifier = header.u8("EAP identifier");
        int length = header.u16("EAP length");
        if (length < HEADER_LENGTH) {
            throw new MalformedException(Malformation.LENGTH_TOO_SMALL, "EAP length");
        }
        WireReader body = header.narrow(length - HEADER_LENGTH, "EAP length");
        for (Code code : Code.values()) {
            if (code.octet == octet) {
                return decode(code, identifier, body);
            }
        }
        throw new MalformedException(Malformation.FIELD, "EAP code " + octet);
    }

    private static EapPacket decode(Code code, int identifier, WireReader body)
            throws MalformedException {
        if (code == Code.SUCCESS || code == Code.FAILURE) {
            body.end("EAP " + code);
            return new EapPacket(code, identifier, 0, Octets.EMPTY);
        }
        int type = body.u8("EAP type");
        return new EapPacket(code, identifier, type, body.rest());
    }

    public Octets encode() {
        int length = isLast() ? HEADER_LENGTH : HEADER_LENGTH + 1 + data.length();
        WireWriter writer = new WireWriter(length).u8(code.octet).u8(identifier).u16(length);
        if (!isLast()) {
            writer.u8(type).octets(data);
        }
        return Octets.of(writer.finish());
    }
}
