package dev.postern.wire;

/// The IKE header, RFC 7296 section 3.1, in its 28 octets.
///
/// @param fromInitiator the I flag: the sender is the original initiator of the IKE SA
/// @param response the R flag
/// @param messageId 32 bits; the failover profile splits them into [MessageId]'s parts
public record Header(
        long spiI,
        long spiR,
        ExchangeType exchange,
        boolean fromInitiator,
        boolean response,
        int messageId) {
    public static final int LENGTH = 28;

    private static final int VERSION = 0x20;
    private static final int FLAG_INITIATOR = 0x08;
    private static final int FLAG_RESPONSE = 0x20;

    /// The header that answers this request with the same exchange, SPIs and Message ID.
    public Header toResponse() {
        return new Header(spiI, spiR, exchange, !fromInitiator, true, messageId);
    }

    public Header withSpiR(long newSpiR) {
        return new Header(spiI, newSpiR, exchange, fromInitiator, response, messageId);
    }

    /// Writes the header with length 0, to be set with [#setLength] once the message is complete.
    void encode(WireWriter writer, int firstPayload) {
        writer.i64(spiI)
                .i64(spiR)
                .u8(firstPayload)
                .u8(VERSION)
                .u8(exchange.code())
                .u8((fromInitiator ? FLAG_INITIATOR : 0) | (response ? FLAG_RESPONSE : 0))
                .i32(messageId)
                .i32(0);
    }

    /// Sets the length field of a message that starts at the writer's first octet.
    public static void setLength(WireWriter writer, int length) {
        writer.setI32(24, length);
    }

    /// Reads and judges the 28 octets at the start of a datagram; the whole datagram must be the
    /// message.
    static Header decode(WireReader reader, int datagramLength) throws MalformedException {
        long spiI = reader.i64("SPIi");
        long spiR = reader.i64("SPIr");
        reader.skip(1, "next payload");
        int version = reader.u8("version");
        int exchangeCode = reader.u8("exchange type");
        int flags = reader.u8("flags");
        int messageId = reader.i32("message id");
        int length = reader.i32("length");
        if (version >>> 4 != 2) {
            throw new MalformedException(Malformation.VERSION, "major version " + (version >>> 4));
        }
        if (length != datagramLength) {
            throw new MalformedException(Malformation.LENGTH_MISMATCH, "header length");
        }
        if (spiI == 0) {
            throw new MalformedException(Malformation.HEADER, "SPIi is zero");
        }
        ExchangeType exchange = ExchangeType.of(exchangeCode);
        if (exchange == null) {
            throw new MalformedException(
                    Malformation.EXCHANGE_TYPE, "exchange type " + exchangeCode);
        }
        return new Header(
                spiI,
                spiR,
                exchange,
                (flags & FLAG_INITIATOR) != 0,
                (flags & FLAG_RESPONSE) != 0,
                messageId);
    }
}
