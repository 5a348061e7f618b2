package dev.postern.ike.standby;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Path;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.PeersAddresses;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketFormat;
import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadCodec;
import dev.postern.wire.PayloadType;
import dev.postern.wire.WireReader;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Octets on their way to a [StandbyRecord]: strict about what it knows, and keeps what it does
/// not.
final class StandbyReader {
    private final List<Payload> chain;
    private int next;

    private StandbyReader(List<Payload> chain) {
        this.chain = chain;
    }

    static StandbyRecord read(byte[] octets) throws MalformedException {
        WireReader reader = new WireReader(octets);
        int version = reader.u8("version");
        if (version != StandbyFormat.VERSION) {
            throw new MalformedException(Malformation.VERSION, "standby record " + version);
        }
        List<Payload> chain =
                PayloadCodec.decodeChain(
                        reader, PayloadType.NOTIFY.code(), PayloadCodec.Chain.STORED);
        try {
            return new StandbyReader(chain).record();
        } finally {
            // These copies were made for this reader alone.
            for (Payload payload : chain) {
                if (payload instanceof Payload.Notify notify && isSecret(notify.type())) {
                    Arrays.fill(notify.data().array(), (byte) 0);
                }
            }
        }
    }

    static StandbyCounters readCounters(Octets octets) throws MalformedException {
        WireReader reader = new WireReader(octets);
        int version = reader.u8("version");
        if (version != StandbyFormat.VERSION) {
            throw new MalformedException(Malformation.VERSION, "standby counters " + version);
        }
        Octets key = reader.octets(16, "key");
        int next = reader.i32("next Message ID");
        int expected = reader.i32("expected Message ID");
        List<StandbyCounters.Sequences> sequences = new ArrayList<>(1);
        while (!reader.isAtEnd()) {
            if (sequences.size() == StandbyFormat.MAXIMUM_CHILD_SAS) {
                throw new MalformedException(Malformation.TOO_MANY, "Child SAs");
            }
            sequences.add(
                    new StandbyCounters.Sequences(
                            reader.i32("inbound SPI"),
                            reader.i64("outbound sequence"),
                            reader.i64("inbound sequence")));
        }
        return new StandbyCounters(key, next, expected, sequences);
    }

    private static boolean isSecret(int type) {
        return type == StandbyFormat.IKE_SA
                || type == StandbyFormat.SESSION
                || type == StandbyFormat.CHILD_SA;
    }

    private StandbyRecord record() throws MalformedException {
        WireReader sa = new WireReader(expect(StandbyFormat.IKE_SA));
        long spiI = sa.i64("SPIi");
        long spiR = sa.i64("SPIr");
        int flags = sa.u8("flags");
        int failoverCount = sa.i32("failover count");
        int nextRequestId = sa.i32("next Message ID");
        int expectedRequestId = sa.i32("expected Message ID");
        long lastHeard = sa.i64("when last heard");
        long rekeyAt = sa.i64("when rekeyed");
        long endsAt = sa.i64("when it ends");
        InetSocketAddress local = address(sa);
        InetSocketAddress remote = address(sa);
        SecretBytes ikeKeys = secret(sa);
        sa.end("STANDBY_IKE_SA");
        Session session = TicketFormat.decode(expect(StandbyFormat.SESSION), Session.Kind.RFC_5723);
        int hash = 0;
        List<Octets> response = new ArrayList<>(0);
        Octets kept = take(StandbyFormat.RESPONSE);
        if (kept != null) {
            WireReader fields = new WireReader(kept);
            hash = fields.i32("hash of the last request");
            while (!fields.isAtEnd()) {
                response.add(fields.octets(fields.u16("length of a datagram"), "datagram"));
            }
        }
        List<StandbyChildSa> children = children();
        return new StandbyRecord(
                spiI,
                spiR,
                (flags & StandbyFormat.INITIATOR) != 0,
                new Path(local, remote, (flags & StandbyFormat.NON_ESP_MARKER) != 0),
                session,
                ikeKeys,
                failoverCount,
                (flags & StandbyFormat.REPLACED) != 0,
                (flags & StandbyFormat.TICKETED) != 0,
                (flags & StandbyFormat.STORED) != 0
                        ? Session.Kind.ONE_ROUND_TRIP
                        : (flags & StandbyFormat.STORED_OPAQUE) != 0 ? Session.Kind.RFC_5723 : null,
                lastHeard,
                rekeyAt,
                endsAt,
                nextRequestId,
                expectedRequestId,
                hash,
                response,
                children,
                rest());
    }

    private List<StandbyChildSa> children() throws MalformedException {
        List<StandbyChildSa> children = new ArrayList<>(1);
        Octets data = take(StandbyFormat.CHILD_SA);
        while (data != null) {
            if (children.size() == StandbyFormat.MAXIMUM_CHILD_SAS) {
                throw new MalformedException(Malformation.TOO_MANY, "Child SAs");
            }
            children.add(child(new WireReader(data)));
            data = take(StandbyFormat.CHILD_SA);
        }
        return children;
    }

    private StandbyChildSa child(WireReader fields) throws MalformedException {
        int inboundSpi = fields.i32("inbound SPI");
        int outboundSpi = fields.i32("outbound SPI");
        int transform = fields.u16("encryption");
        int keyLength = fields.u16("key length");
        EncryptionAlgorithm encryption = EncryptionAlgorithm.of(transform, keyLength).orElse(null);
        int flags = fields.u8("flags");
        StandbyChildSa.Standing standing = StandbyChildSa.Standing.of(fields.u8("standing"));
        int replaces = fields.i32("replaced SPI");
        long lastOutbound = fields.i64("outbound sequence");
        long highestInbound = fields.i64("inbound sequence");
        long endsAt = fields.i64("when it ends");
        SecretBytes keys = secret(fields);
        PeersAddresses transport =
                (flags & StandbyFormat.TRANSPORT) == 0
                        ? null
                        : new PeersAddresses(inetAddress(fields), inetAddress(fields));
        fields.end("STANDBY_CHILD_SA");
        if (encryption == null
                || !encryption.isAead()
                || keys.length() != 2 * encryption.keyMaterialLength()
                || standing == null
                || inboundSpi >>> 8 == 0
                || outboundSpi >>> 8 == 0
                || lastOutbound < 0
                || highestInbound < 0) {
            throw new MalformedException(Malformation.FIELD, "STANDBY_CHILD_SA");
        }
        boolean esn = (flags & StandbyFormat.EXTENDED_SEQUENCE_NUMBERS) != 0;
        return new StandbyChildSa(
                new ChildSa(
                        inboundSpi,
                        outboundSpi,
                        new EspSuite(encryption, esn),
                        expect(Payload.TsInitiator.class).selectors(),
                        expect(Payload.TsResponder.class).selectors(),
                        transport),
                keys,
                standing,
                (flags & StandbyFormat.SEALING) != 0,
                replaces,
                lastOutbound,
                highestInbound,
                endsAt);
    }

    private static InetSocketAddress address(WireReader reader) throws MalformedException {
        return new InetSocketAddress(inetAddress(reader), reader.u16("port"));
    }

    private static InetAddress inetAddress(WireReader reader) throws MalformedException {
        Octets octets = reader.octets(reader.u8("length of an address"), "address");
        try {
            return InetAddress.getByAddress(octets.array());
        } catch (UnknownHostException e) {
            throw new MalformedException(Malformation.FIELD, "an address of other length");
        }
    }

    private static SecretBytes secret(WireReader reader) throws MalformedException {
        return SecretBytes.owning(reader.octets(reader.u8("length of keys"), "keys").array());
    }

    private List<Payload.Notify> rest() throws MalformedException {
        List<Payload.Notify> unknown = new ArrayList<>(0);
        for (; next < chain.size(); next++) {
            if (!(chain.get(next) instanceof Payload.Notify notify) || isSecret(notify.type())) {
                throw new MalformedException(Malformation.PAYLOAD_ORDER, "a payload out of place");
            }
            if (unknown.size() == StandbyFormat.MAXIMUM_UNKNOWN) {
                throw new MalformedException(Malformation.TOO_MANY, "unknown notifications");
            }
            unknown.add(notify);
        }
        return unknown;
    }

    private @Nullable Octets take(int type) {
        if (next < chain.size()
                && chain.get(next) instanceof Payload.Notify notify
                && notify.type() == type) {
            next++;
            return notify.data();
        }
        return null;
    }

    private Octets expect(int type) throws MalformedException {
        Octets data = take(type);
        if (data == null) {
            throw new MalformedException(Malformation.PAYLOAD_ORDER, "no notify " + type);
        }
        return data;
    }

    private <P extends Payload> P expect(Class<P> type) throws MalformedException {
        if (next < chain.size() && type.isInstance(chain.get(next))) {
            return type.cast(chain.get(next++));
        }
        throw new MalformedException(Malformation.PAYLOAD_ORDER, "no " + type.getSimpleName());
    }
}
