package dev.postern.ike.standby;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.PeersAddresses;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketFormat;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadCodec;
import dev.postern.wire.PayloadType;
import dev.postern.wire.WireWriter;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A [StandbyRecord] as octets: a version and a chain of IKEv2 payloads, the session's own chain
/// within it (`TicketFormat`).
///
///     version, N(STANDBY_IKE_SA), N(STANDBY_SESSION), [N(STANDBY_RESPONSE)],
///         { N(STANDBY_CHILD_SA), TSi, TSr }*, { notification of a newer version }*
///
/// A member of the next version adds notifications, which an older one keeps and copies on; a change
/// that an older one must not overlook takes another version, which it refuses. Pure, for any thread.
public final class StandbyFormat {
    static final int VERSION = 1;

    /// The most children that an IKE SA has.
    static final int MAXIMUM_CHILD_SAS = 32;

    public static final int MAXIMUM_UNKNOWN = 16;

    /// Notifications that stand in these records and nowhere else.
    static final int IKE_SA = 61728;

    static final int SESSION = 61729;
    static final int RESPONSE = 61730;
    static final int CHILD_SA = 61731;

    /// The epoch of the member that has written the record; earlier versions pass it over.
    public static final int WRITTEN_UNDER = 61732;

    static final int INITIATOR = 1;
    static final int NON_ESP_MARKER = 2;
    static final int REPLACED = 4;
    static final int TICKETED = 8;
    static final int STORED = 16;
    static final int STORED_OPAQUE = 32;
    static final int SEALING = 1;
    static final int EXTENDED_SEQUENCE_NUMBERS = 2;
    static final int TRANSPORT = 4;

    private StandbyFormat() {}

    /// The octets of a record, which hold its keys: the caller owns them.
    public static SecretBytes encode(StandbyRecord record) {
        List<byte[]> secrets = new ArrayList<>();
        List<Payload> chain = new ArrayList<>();
        chain.add(notify(IKE_SA, secret(secrets, ikeSa(record))));
        chain.add(notify(SESSION, secret(secrets, TicketFormat.encode(record.session()))));
        if (!record.lastResponse().isEmpty()) {
            chain.add(notify(RESPONSE, response(record)));
        }
        for (StandbyChildSa child : record.childSas()) {
            chain.add(notify(CHILD_SA, secret(secrets, childSa(child))));
            chain.add(new Payload.TsInitiator(child.child().initiatorSelectors()));
            chain.add(new Payload.TsResponder(child.child().responderSelectors()));
        }
        chain.addAll(record.unknown());
        WireWriter writer = new WireWriter(1024).u8(VERSION);
        PayloadCodec.encodeChain(writer, chain, PayloadType.NONE);
        secrets.forEach(octets -> Arrays.fill(octets, (byte) 0));
        return SecretBytes.owning(writer.finishSecret());
    }

    /// The record that another member has written; the octets stay the caller's.
    ///
    /// @throws MalformedException also where a newer version has written what this one cannot read
    public static StandbyRecord decode(SecretBytes octets) throws MalformedException {
        return StandbyReader.read(octets.expose());
    }

    /// The octets of counters, which hold no secret: version, Message IDs, and per Child SA its
    /// inbound SPI and two sequence numbers.
    public static Octets encode(StandbyCounters counters) {
        WireWriter writer =
                new WireWriter(64)
                        .u8(VERSION)
                        .octets(counters.key())
                        .i32(counters.nextRequestId())
                        .i32(counters.expectedRequestId());
        for (StandbyCounters.Sequences one : counters.sequences()) {
            writer.i32(one.inboundSpi()).i64(one.outbound()).i64(one.inbound());
        }
        return Octets.of(writer.finish());
    }

    public static StandbyCounters decodeCounters(Octets octets) throws MalformedException {
        return StandbyReader.readCounters(octets);
    }

    private static byte[] secret(List<byte[]> secrets, byte[] octets) {
        secrets.add(octets);
        return octets;
    }

    private static byte[] ikeSa(StandbyRecord record) {
        int flags =
                (record.initiator() ? INITIATOR : 0)
                        | (record.path().nonEspMarker() ? NON_ESP_MARKER : 0)
                        | (record.replaced() ? REPLACED : 0)
                        | (record.ticketed() ? TICKETED : 0)
                        | (record.stored() == Session.Kind.ONE_ROUND_TRIP ? STORED : 0)
                        | (record.stored() == Session.Kind.RFC_5723 ? STORED_OPAQUE : 0);
        WireWriter writer =
                new WireWriter(256)
                        .i64(record.spiI())
                        .i64(record.spiR())
                        .u8(flags)
                        .i32(record.failoverCount())
                        .i32(record.nextRequestId())
                        .i32(record.expectedRequestId())
                        .i64(record.lastHeard())
                        .i64(record.rekeyAt())
                        .i64(record.endsAt());
        address(writer, record.path().local());
        address(writer, record.path().remote());
        counted(writer, record.ikeKeys().expose());
        return writer.finishSecret();
    }

    private static byte[] response(StandbyRecord record) {
        WireWriter writer = new WireWriter(512).i32(record.lastRequestHash());
        for (Octets datagram : record.lastResponse()) {
            writer.u16(datagram.length()).octets(datagram);
        }
        return writer.finish();
    }

    private static byte[] childSa(StandbyChildSa one) {
        ChildSa child = one.child();
        WireWriter writer =
                new WireWriter(160)
                        .i32(child.inboundSpi())
                        .i32(child.outboundSpi())
                        .u16(child.suite().encryption().transformId())
                        .u16(child.suite().encryption().keyLengthAttribute())
                        .u8(
                                (one.sealing() ? SEALING : 0)
                                        | (child.isTransport() ? TRANSPORT : 0)
                                        | (child.suite().extendedSequenceNumbers()
                                                ? EXTENDED_SEQUENCE_NUMBERS
                                                : 0))
                        .u8(one.standing().code())
                        .i32(one.replaces())
                        .i64(one.lastOutbound())
                        .i64(one.highestInbound())
                        .i64(one.endsAt());
        counted(writer, one.keys().expose());
        PeersAddresses transport = child.transport();
        if (transport != null) {
            counted(writer, transport.own().getAddress());
            counted(writer, transport.ours().getAddress());
        }
        return writer.finishSecret();
    }

    private static void address(WireWriter writer, InetSocketAddress address) {
        counted(writer, address.getAddress().getAddress());
        writer.u16(address.getPort());
    }

    private static void counted(WireWriter writer, byte[] octets) {
        writer.u8(octets.length).octets(octets);
    }

    private static Payload.Notify notify(int type, byte[] data) {
        return new Payload.Notify(0, Octets.EMPTY, type, Octets.of(data));
    }
}
