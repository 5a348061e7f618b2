package dev.postern.gateway.tickets;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/// One question to the ticket service, or its answer:
///
///     length of the rest (4) | code (1) | kind (1) | number (4) | body
///
/// In a question the code is an [Op], in an answer a [Status]; the number of an answer is that of
/// its question.
///
/// @param kind of the ticket, as [dev.postern.ticket.Session.Kind#code]; 0 where there is none
/// @param body the ticket for OPEN and for SEALED, the session's chain for SEAL and OPENED, the
///   domain's name for HELLO, a reason in ASCII for REFUSED
public record TicketFrame(int code, int kind, int number, byte[] body) {
    /// The protocol's name in ALPN (RFC 7301).
    public static final String PROTOCOL = "postern-tickets/1";

    /// No ticket is longer than 8192 octets, and no session's chain is longer than its ticket.
    public static final int LONGEST_BODY = 8_192;

    static final int HEADER = 6;

    /// What a gateway asks.
    enum Op {
        /// That the service serves this domain, and lives; at the beginning and while nothing else
        /// is asked.
        HELLO(1),
        OPEN(2),
        SEAL(3);

        private final int code;

        Op(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /// What the service answers.
    enum Status {
        /// To HELLO.
        WELCOME(1),
        OPENED(2),
        SEALED(3),
        REFUSED(4);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    static TicketFrame of(Op op, int kind, int number, byte[] body) {
        return new TicketFrame(op.code(), kind, number, body);
    }

    static TicketFrame of(Status status, int number, byte[] body) {
        return new TicketFrame(status.code(), 0, number, body);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(HEADER + body.length);
        out.writeByte(code);
        out.writeByte(kind);
        out.writeInt(number);
        out.write(body);
    }

    /// @throws IOException where the stream ends, or says what no frame is
    static TicketFrame read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < HEADER || length > HEADER + LONGEST_BODY) {
            throw new IOException(
                    "a frame of " + length + " octets; legal are 6 to " + (HEADER + LONGEST_BODY));
        }
        int code = in.readUnsignedByte();
        int kind = in.readUnsignedByte();
        int number = in.readInt();
        byte[] body = new byte[length - HEADER];
        in.readFully(body);
        return new TicketFrame(code, kind, number, body);
    }

    /// Without the body, which may be a session.
    @Override
    public String toString() {
        return "TicketFrame[" + code + ", " + number + ", " + body.length + " octets]";
    }
}
