package dev.postern.wire;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Payload chains: of a message, inside SK, and inside a ticket. RFC 7296 sections 3.2 to 3.16.
public final class PayloadCodec {
    /// Where a chain stands, which decides what it may hold.
    public enum Chain {
        /// The outer chain of a message: SK or SKF may end it.
        MESSAGE,
        /// The chain inside SK: no further SK.
        PROTECTED,
        /// A stored chain, where the payloads of several Child SAs follow each other.
        STORED
    }

    /// More payloads than this are an attack on whoever walks them.
    static final int MAXIMUM_PAYLOADS = 128;

    private static final int GENERIC_HEADER = 4;
    private static final int CRITICAL = 0x80;

    /// Payloads that RFC 7296 never repeats within a message.
    private static final Set<PayloadType> SINGLE =
            EnumSet.of(
                    PayloadType.SA,
                    PayloadType.KE,
                    PayloadType.IDI,
                    PayloadType.IDR,
                    PayloadType.AUTH,
                    PayloadType.NONCE,
                    PayloadType.TSI,
                    PayloadType.TSR,
                    PayloadType.EAP,
                    PayloadType.CP,
                    PayloadType.PS);

    private PayloadCodec() {}

    /// Decodes the chain that fills the rest of `reader`.
    public static List<Payload> decodeChain(WireReader reader, int firstType, Chain chain)
            throws MalformedException {
        List<Payload> payloads = new ArrayList<>();
        EnumSet<PayloadType> seen = EnumSet.noneOf(PayloadType.class);
        int typeCode = firstType;
        while (typeCode != PayloadType.NONE) {
            if (payloads.size() == MAXIMUM_PAYLOADS) {
                throw new MalformedException(Malformation.TOO_MANY, "payloads");
            }
            int nextCode = reader.u8("next payload");
            boolean critical = (reader.u8("critical bit") & CRITICAL) != 0;
            int length = reader.u16("payload length");
            if (length < GENERIC_HEADER) {
                throw new MalformedException(Malformation.LENGTH_TOO_SMALL, "payload length");
            }
            WireReader body = reader.narrow(length - GENERIC_HEADER, "payload length");
            PayloadType type = PayloadType.of(typeCode);
            if (type != null && chain != Chain.STORED && SINGLE.contains(type) && !seen.add(type)) {
                throw new MalformedException(Malformation.PAYLOAD_ORDER, type + " stands twice");
            }
            if (type == PayloadType.SK || type == PayloadType.SKF) {
                payloads.add(encrypted(type, nextCode, body, reader, chain));
                return payloads;
            }
            payloads.add(decode(type, typeCode, critical, body));
            typeCode = nextCode;
        }
        reader.end("after the last payload");
        return payloads;
    }

    private static Payload encrypted(
            PayloadType type, int firstInner, WireReader body, WireReader rest, Chain chain)
            throws MalformedException {
        if (chain != Chain.MESSAGE || !rest.isAtEnd()) {
            throw new MalformedException(
                    Malformation.PAYLOAD_ORDER, type + " must come last and only once");
        }
        if (type == PayloadType.SK) {
            return new Payload.Encrypted(firstInner, body.position(), body.remaining());
        }
        int number = body.u16("fragment number");
        int total = body.u16("total fragments");
        if (number == 0 || number > total) {
            throw new MalformedException(Malformation.FIELD, "fragment " + number + " of " + total);
        }
        return new Payload.EncryptedFragment(
                firstInner, number, total, body.position(), body.remaining());
    }

    private static Payload decode(
            @Nullable PayloadType type, int typeCode, boolean critical, WireReader body)
            throws MalformedException {
        if (type == null) {
            return new Payload.Unknown(typeCode, critical, body.rest());
        }
        Payload payload =
                switch (type) {
                    case SA -> new Payload.SecurityAssociation(ProposalCodec.decode(body));
                    case KE -> keyExchange(body);
                    case IDI -> new Payload.IdInitiator(identity(body));
                    case IDR -> new Payload.IdResponder(identity(body));
                    case CERT ->
                            new Payload.Certificate(body.u8("certificate encoding"), body.rest());
                    case CERTREQ ->
                            new Payload.CertificateRequest(
                                    body.u8("certificate encoding"), body.rest());
                    case AUTH -> authentication(body);
                    case NONCE -> nonce(body);
                    case NOTIFY -> notify(body);
                    case DELETE -> delete(body);
                    case VENDOR_ID -> new Payload.VendorId(body.rest());
                    case TSI -> new Payload.TsInitiator(SelectorCodec.decode(body));
                    case TSR -> new Payload.TsResponder(SelectorCodec.decode(body));
                    case CP -> configuration(body);
                    case EAP -> new Payload.Eap(body.rest());
                    case PS -> new Payload.PuzzleSolution(body.rest());
                    case SK, SKF -> throw new IllegalStateException("SK is handled before");
                };
        body.end(type.name());
        return payload;
    }

    private static Payload keyExchange(WireReader body) throws MalformedException {
        int method = body.u16("key exchange method");
        body.skip(2, "reserved");
        return new Payload.KeyExchange(method, body.rest());
    }

    private static Identity identity(WireReader body) throws MalformedException {
        int type = body.u8("id type");
        body.skip(3, "reserved");
        return new Identity(type, body.rest());
    }

    private static Payload authentication(WireReader body) throws MalformedException {
        int method = body.u8("auth method");
        body.skip(3, "reserved");
        return new Payload.Authentication(method, body.rest());
    }

    private static Payload nonce(WireReader body) throws MalformedException {
        if (body.remaining() < Payload.Nonce.MINIMUM_LENGTH
                || body.remaining() > Payload.Nonce.MAXIMUM_LENGTH) {
            throw new MalformedException(
                    Malformation.FIELD, "nonce of " + body.remaining() + " octets");
        }
        return new Payload.Nonce(body.rest());
    }

    private static Payload notify(WireReader body) throws MalformedException {
        int protocol = body.u8("protocol id");
        int spiLength = body.u8("spi size");
        int type = body.u16("notify type");
        Octets spi = body.octets(spiLength, "spi");
        return new Payload.Notify(protocol, spi, type, body.rest());
    }

    private static Payload delete(WireReader body) throws MalformedException {
        int protocol = body.u8("protocol id");
        int spiLength = body.u8("spi size");
        int count = body.u16("number of spis");
        if (protocol == Protocol.IKE ? spiLength != 0 || count != 0 : spiLength != 4) {
            throw new MalformedException(Malformation.FIELD, "delete with spi size " + spiLength);
        }
        if (count * spiLength != body.remaining()) {
            throw new MalformedException(Malformation.LENGTH_MISMATCH, "number of spis");
        }
        List<Octets> spis = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            spis.add(body.octets(spiLength, "spi"));
        }
        return new Payload.Delete(protocol, spis);
    }

    private static Payload configuration(WireReader body) throws MalformedException {
        int kind = body.u8("cfg type");
        body.skip(3, "reserved");
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        while (!body.isAtEnd()) {
            if (attributes.size() == 256) {
                throw new MalformedException(Malformation.TOO_MANY, "configuration attributes");
            }
            int type = body.u16("attribute type") & 0x7fff;
            int length = body.u16("attribute length");
            if (length > body.remaining()) {
                throw new MalformedException(Malformation.LENGTH_TOO_LARGE, "attribute length");
            }
            attributes.add(
                    new ConfigurationAttribute(type, body.octets(length, "attribute value")));
        }
        return new Payload.Configuration(kind, attributes);
    }

    /// Writes a chain; the last payload announces `nextType` ([PayloadType#NONE] at the end of a
    /// message).
    public static void encodeChain(WireWriter writer, List<Payload> payloads, int nextType) {
        for (int i = 0; i < payloads.size(); i++) {
            int next = i + 1 < payloads.size() ? payloads.get(i + 1).typeCode() : nextType;
            int start = writer.position();
            Payload payload = payloads.get(i);
            boolean critical = payload instanceof Payload.Unknown unknown && unknown.critical();
            writer.u8(next).u8(critical ? CRITICAL : 0).u16(0);
            encodeBody(writer, payload);
            writer.setU16(start + 2, writer.position() - start);
        }
    }

    private static void encodeBody(WireWriter writer, Payload payload) {
        switch (payload) {
            case Payload.SecurityAssociation sa -> ProposalCodec.encode(writer, sa.proposals());
            case Payload.KeyExchange ke -> writer.u16(ke.method()).u16(0).octets(ke.data());
            case Payload.IdInitiator id -> writer.octets(id.identity().body());
            case Payload.IdResponder id -> writer.octets(id.identity().body());
            case Payload.Certificate cert -> writer.u8(cert.encoding()).octets(cert.data());
            case Payload.CertificateRequest request ->
                    writer.u8(request.encoding()).octets(request.authorities());
            case Payload.Authentication auth ->
                    writer.u8(auth.method()).zeros(3).octets(auth.data());
            case Payload.Nonce nonce -> writer.octets(nonce.data());
            case Payload.Notify n ->
                    writer.u8(n.protocol())
                            .u8(n.spi().length())
                            .u16(n.type())
                            .octets(n.spi())
                            .octets(n.data());
            case Payload.Delete delete -> encodeDelete(writer, delete);
            case Payload.VendorId vendor -> writer.octets(vendor.data());
            case Payload.TsInitiator ts -> SelectorCodec.encode(writer, ts.selectors());
            case Payload.TsResponder ts -> SelectorCodec.encode(writer, ts.selectors());
            case Payload.Configuration cp -> encodeConfiguration(writer, cp);
            case Payload.Eap eap -> writer.octets(eap.message());
            case Payload.PuzzleSolution solution -> writer.octets(solution.data());
            case Payload.Unknown unknown -> writer.octets(unknown.body());
            case Payload.Encrypted sk ->
                    throw new IllegalArgumentException("SK is sealed, not encoded: " + sk);
            case Payload.EncryptedFragment skf ->
                    throw new IllegalArgumentException("SKF is sealed, not encoded: " + skf);
        }
    }

    private static void encodeDelete(WireWriter writer, Payload.Delete delete) {
        int spiLength = delete.protocol() == Protocol.IKE ? 0 : 4;
        writer.u8(delete.protocol()).u8(spiLength).u16(delete.spis().size());
        for (Octets spi : delete.spis()) {
            writer.octets(spi);
        }
    }

    private static void encodeConfiguration(WireWriter writer, Payload.Configuration cp) {
        writer.u8(cp.kind()).zeros(3);
        for (ConfigurationAttribute attribute : cp.attributes()) {
            writer.u16(attribute.type()).u16(attribute.value().length()).octets(attribute.value());
        }
    }
}
