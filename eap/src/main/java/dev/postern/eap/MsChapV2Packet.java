package dev.postern.eap;

import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import java.nio.charset.StandardCharsets;

/// Type-Data of EAP type 26, draft-kamath-pppext-eap-mschapv2-02 section 2: OpCode | MS-CHAPv2-ID |
/// MS-Length | data; the two responses that only acknowledge are the OpCode alone.
sealed interface MsChapV2Packet {
    /// @param name of the server
    record Challenge(int id, byte[] challenge, String name) implements MsChapV2Packet {}

    /// @param name of the user
    record Response(int id, byte[] peerChallenge, byte[] ntResponse, String name)
            implements MsChapV2Packet {}

    /// @param message `S=` and so on in a request; empty in a response
    record Success(int id, String message) implements MsChapV2Packet {}

    /// @param message `E=` and so on in a request; empty in a response
    record Failure(int id, String message) implements MsChapV2Packet {}

    int CHALLENGE = 1;
    int RESPONSE = 2;
    int SUCCESS = 3;
    int FAILURE = 4;

    int HEADER_LENGTH = 4;
    int RESERVED_LENGTH = 8;
    int RESPONSE_VALUE_LENGTH =
            MsChapV2.CHALLENGE_LENGTH + RESERVED_LENGTH + MsChapV2.NT_RESPONSE_LENGTH + 1;

    static MsChapV2Packet decode(Octets data) throws MalformedException {
        WireReader header = new WireReader(data);
        int code = header.u8("MS-CHAP-V2 OpCode");
        if (header.isAtEnd()) {
            return acknowledgement(code);
        }
        int id = header.u8("MS-CHAP-V2 ID");
        int length = header.u16("MS-Length");
        if (length < HEADER_LENGTH) {
            throw new MalformedException(Malformation.LENGTH_TOO_SMALL, "MS-Length");
        }
        WireReader body = header.narrow(length - HEADER_LENGTH, "MS-Length");
        return switch (code) {
            case CHALLENGE -> challenge(id, body);
            case RESPONSE -> response(id, body);
            case SUCCESS -> new Success(id, message(body.rest()));
            case FAILURE -> new Failure(id, message(body.rest()));
            default -> throw new MalformedException(Malformation.FIELD, "MS-CHAP-V2 OpCode");
        };
    }

    private static MsChapV2Packet acknowledgement(int code) throws MalformedException {
        return switch (code) {
            case SUCCESS -> new Success(0, "");
            case FAILURE -> new Failure(0, "");
            default -> throw new MalformedException(Malformation.TRUNCATED, "MS-CHAP-V2");
        };
    }

    private static Challenge challenge(int id, WireReader body) throws MalformedException {
        expectLength(body.u8("Value-Size"), MsChapV2.CHALLENGE_LENGTH);
        Octets challenge = body.octets(MsChapV2.CHALLENGE_LENGTH, "challenge");
        return new Challenge(id, challenge.array(), text(body.rest()));
    }

    private static Response response(int id, WireReader body) throws MalformedException {
        expectLength(body.u8("Value-Size"), RESPONSE_VALUE_LENGTH);
        Octets challenge = body.octets(MsChapV2.CHALLENGE_LENGTH, "peer challenge");
        body.skip(RESERVED_LENGTH, "reserved");
        Octets response = body.octets(MsChapV2.NT_RESPONSE_LENGTH, "NT-Response");
        body.skip(1, "flags");
        return new Response(id, challenge.array(), response.array(), text(body.rest()));
    }

    private static void expectLength(int seen, int wanted) throws MalformedException {
        if (seen != wanted) {
            throw new MalformedException(Malformation.FIELD, "Value-Size");
        }
    }

    /// For the machine at its beginning and for people behind it; strongSwan ends it with a zero
    /// octet. Nobody prints it.
    private static String message(Octets octets) {
        return new String(octets.array(), StandardCharsets.UTF_8);
    }

    private static String text(Octets octets) throws MalformedException {
        String text = EapIdentity.decode(octets);
        if (text == null) {
            throw new MalformedException(Malformation.FIELD, "text");
        }
        return text;
    }

    /// This packet with all its fields.
    default Octets encode() {
        WireWriter writer = new WireWriter();
        switch (this) {
            case Challenge(int id, byte[] challenge, String name) ->
                    header(writer, CHALLENGE, id)
                            .u8(MsChapV2.CHALLENGE_LENGTH)
                            .octets(challenge)
                            .octets(utf8(name));
            case Response(int id, byte[] peerChallenge, byte[] ntResponse, String name) ->
                    header(writer, RESPONSE, id)
                            .u8(RESPONSE_VALUE_LENGTH)
                            .octets(peerChallenge)
                            .zeros(RESERVED_LENGTH)
                            .octets(ntResponse)
                            .u8(0)
                            .octets(utf8(name));
            case Success(int id, String message) ->
                    header(writer, SUCCESS, id).octets(utf8(message));
            case Failure(int id, String message) ->
                    header(writer, FAILURE, id).octets(utf8(message));
        }
        writer.setU16(2, writer.position());
        return Octets.of(writer.toArray());
    }

    private static WireWriter header(WireWriter writer, int code, int id) {
        return writer.u8(code).u8(id).u16(0);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
