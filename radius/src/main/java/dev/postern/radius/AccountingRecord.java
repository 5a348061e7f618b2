package dev.postern.radius;

import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// One accounting record until a server has acknowledged it.
///
/// @param session Acct-Session-Id; records of one session go out one after the other. Empty for a
///   record about the gateway itself
/// @param happenedAt epoch seconds
public record AccountingRecord(String session, Kind kind, Attributes attributes, long happenedAt) {
    private static final int ACCOUNTING_ON = 7;
    private static final int ACCOUNTING_OFF = 8;

    /// What the record says.
    public enum Kind {
        START(1),
        INTERIM(2),
        STOP(3),
        /// Accounting-On or -Off: no session of this gateway from before is open any more.
        GATEWAY(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        static @Nullable Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    /// The gateway begins: whatever was open here before is not.
    public static AccountingRecord gatewayStarted(Nas nas, long nowSeconds) {
        return gateway(nas, ACCOUNTING_ON, nowSeconds);
    }

    /// The gateway ends.
    public static AccountingRecord gatewayStopped(Nas nas, long nowSeconds) {
        return gateway(nas, ACCOUNTING_OFF, nowSeconds);
    }

    private static AccountingRecord gateway(Nas nas, int status, long nowSeconds) {
        Attributes attributes =
                new Attributes(List.of(Attribute.integer(Attribute.ACCT_STATUS_TYPE, status)))
                        .with(nas.attributes())
                        .with(
                                List.of(
                                        Attribute.text(
                                                Attribute.ACCT_SESSION_ID,
                                                nas.identifier() + "-" + nowSeconds),
                                        Attribute.integer(Attribute.EVENT_TIMESTAMP, nowSeconds)));
        return new AccountingRecord("", Kind.GATEWAY, attributes, nowSeconds);
    }

    /// The record as one line of octets for a journal.
    public byte[] encode() {
        WireWriter writer = new WireWriter(256);
        writer.u8(kind.code).i64(happenedAt).u8(session.length()).octets(Octets.ofAscii(session));
        attributes.write(writer);
        return writer.toArray();
    }

    public static AccountingRecord decode(byte[] octets) throws MalformedException {
        WireReader reader = new WireReader(octets);
        Kind kind = Kind.of(reader.u8("kind"));
        if (kind == null) {
            throw new MalformedException(Malformation.FIELD, "kind of record");
        }
        long happenedAt = reader.i64("time");
        Octets session = reader.octets(reader.u8("length of the session's name"), "session");
        String name = new String(session.array(), StandardCharsets.US_ASCII);
        return new AccountingRecord(name, kind, Attributes.read(reader), happenedAt);
    }
}
