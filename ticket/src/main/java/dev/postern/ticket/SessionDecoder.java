package dev.postern.ticket;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadCodec;
import dev.postern.wire.Proposal;
import dev.postern.wire.Protocol;
import dev.postern.wire.TrafficSelector;
import dev.postern.wire.Transform;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One chain on its way to a session: strict about what it knows and the order of it, and keeps
/// what it does not know.
final class SessionDecoder {
    private final List<Payload> known;
    private int next;

    private SessionDecoder(List<Payload> known) {
        this.known = known;
    }

    static Session decode(WireReader reader, Session.Kind kind) throws MalformedException {
        List<Payload> known = new ArrayList<>();
        List<Payload.Unknown> unknown = new ArrayList<>();
        List<Payload> chain =
                PayloadCodec.decodeChain(
                        reader, TicketFormat.FIRST_PAYLOAD, PayloadCodec.Chain.STORED);
        for (Payload payload : chain) {
            switch (payload) {
                case Payload.Unknown foreign when foreign.critical() ->
                        throw new MalformedException(
                                Malformation.FIELD, "unknown critical payload");
                case Payload.Unknown foreign -> unknown.add(foreign);
                case Payload.Notify notify when !isKnown(notify) -> unknown.add(opaque(notify));
                case Payload other -> known.add(other);
            }
        }
        bound(unknown.size(), TicketFormat.MAXIMUM_UNKNOWN, "unknown payloads");
        return new SessionDecoder(known).session(kind, unknown);
    }

    private static boolean isKnown(Payload.Notify notify) {
        return notify.is(NotifyType.USE_TRANSPORT_MODE)
                || notify.type() == TicketNotify.SESSION
                || notify.type() == TicketNotify.AUTHENTICATED_IDENTITY
                || notify.type() == TicketNotify.PEER_CERTIFICATE
                || notify.type() == TicketNotify.AAA_ATTRIBUTES;
    }

    /// A notification of a newer version as mere octets, so that it is copied on like any other
    /// payload.
    private static Payload.Unknown opaque(Payload.Notify notify) {
        WireWriter body =
                new WireWriter(4 + notify.spi().length() + notify.data().length())
                        .u8(notify.protocol())
                        .u8(notify.spi().length())
                        .u16(notify.type())
                        .octets(notify.spi())
                        .octets(notify.data());
        return new Payload.Unknown(notify.typeCode(), false, Octets.of(body.finish()));
    }

    private Session session(Session.Kind kind, List<Payload.Unknown> unknown)
            throws MalformedException {
        Identity initiator = expect(Payload.IdInitiator.class).identity();
        Identity responder = expect(Payload.IdResponder.class).identity();
        Proposal ikeProposal = proposal(expect(Payload.SecurityAssociation.class));
        if (ikeProposal.protocol() != Protocol.IKE) {
            throw new MalformedException(
                    Malformation.FIELD, "the first SA payload is not the IKE SA's");
        }
        Octets state = expectNotify(TicketNotify.SESSION);
        Octets identity = takeNotify(TicketNotify.AUTHENTICATED_IDENTITY);
        Identity authenticated = identity == null ? initiator : identity(identity);
        Octets certificate = takeNotify(TicketNotify.PEER_CERTIFICATE);
        if (certificate != null && certificate.length() != TicketFormat.FINGERPRINT_LENGTH) {
            throw new MalformedException(Malformation.FIELD, "peer certificate");
        }
        List<ConfigurationAttribute> configuration = configuration();

        WireReader fields = new WireReader(state);
        Octets sessionId = fields.octets(TicketFormat.SESSION_ID_LENGTH, "session id");
        int generation = fields.i32("generation");
        int gatewaySwitchCount = fields.u8("gateway switch count");
        if (gatewaySwitchCount > 15) {
            throw new MalformedException(Malformation.FIELD, "gateway switch count");
        }
        int authenticationMethod = fields.u8("authentication method");
        int extensions = fields.u16("extensions");
        int defaultIndex = fields.u8("default Child SA");
        long authenticatedAt = time(fields);
        long issuedAt = time(fields);
        long expiresAt = time(fields);
        long hardDeadline = time(fields);
        Octets sessionHash = fields.octets(fields.u8("length of SH"), "SH");
        Octets secret = fields.octets(fields.u8("length of the secret"), "secret");
        String profile = name(fields);
        String domain = name(fields);
        fields.end("SESSION");

        List<SessionChildSa> childSas =
                childSas(
                        defaultIndex,
                        TicketFormat.innerAddresses(configuration),
                        TicketFormat.everything(configuration));
        List<Octets> aaaAttributes = aaaAttributes(takeNotify(TicketNotify.AAA_ATTRIBUTES));
        if (next != known.size()) {
            throw new MalformedException(Malformation.PAYLOAD_ORDER, "a payload out of its place");
        }
        // This copy was made for this decoder alone and held the secret, which `secret` now owns.
        Arrays.fill(state.array(), (byte) 0);
        return new Session(
                kind,
                sessionId,
                generation,
                gatewaySwitchCount,
                initiator,
                responder,
                authenticated,
                ikeProposal,
                SecretBytes.owning(secret.array()),
                sessionHash,
                childSas,
                configuration,
                authenticationMethod,
                authenticatedAt,
                issuedAt,
                expiresAt,
                hardDeadline,
                profile,
                domain,
                extensions,
                certificate == null ? Octets.EMPTY : certificate,
                aaaAttributes,
                unknown);
    }

    private List<ConfigurationAttribute> configuration() throws MalformedException {
        Payload.Configuration cp = take(Payload.Configuration.class);
        if (cp == null) {
            return List.of();
        }
        if (cp.kind() != Payload.Configuration.REPLY || cp.attributes().isEmpty()) {
            throw new MalformedException(Malformation.FIELD, "CP");
        }
        bound(cp.attributes().size(), TicketFormat.MAXIMUM_ATTRIBUTES, "configuration attributes");
        return cp.attributes();
    }

    private List<SessionChildSa> childSas(
            int defaultIndex,
            List<TrafficSelector> innerAddresses,
            List<TrafficSelector> everything)
            throws MalformedException {
        List<SessionChildSa> childSas = new ArrayList<>(1);
        Payload.SecurityAssociation sa = take(Payload.SecurityAssociation.class);
        while (sa != null) {
            boolean isDefault = childSas.size() == defaultIndex;
            childSas.add(childSa(proposal(sa), isDefault, innerAddresses, everything));
            bound(childSas.size(), TicketFormat.MAXIMUM_CHILD_SAS, "Child SAs");
            sa = take(Payload.SecurityAssociation.class);
        }
        if (defaultIndex != TicketFormat.NO_DEFAULT && defaultIndex >= childSas.size()) {
            throw new MalformedException(Malformation.FIELD, "default Child SA");
        }
        return childSas;
    }

    private SessionChildSa childSa(
            Proposal proposal,
            boolean isDefault,
            List<TrafficSelector> innerAddresses,
            List<TrafficSelector> everything)
            throws MalformedException {
        Payload.TsInitiator tsi = take(Payload.TsInitiator.class);
        List<TrafficSelector> initiator = tsi == null ? innerAddresses : tsi.selectors();
        Payload.TsResponder tsr = take(Payload.TsResponder.class);
        List<TrafficSelector> responder = tsr == null ? everything : tsr.selectors();
        if (initiator.isEmpty() || responder.isEmpty()) {
            throw new MalformedException(
                    Malformation.FIELD, "neither traffic selectors nor an inner address");
        }
        bound(initiator.size(), TicketFormat.MAXIMUM_SELECTORS, "selectors of TSi");
        bound(responder.size(), TicketFormat.MAXIMUM_SELECTORS, "selectors of TSr");
        boolean transportMode = takeNotify(NotifyType.USE_TRANSPORT_MODE.code()) != null;
        return new SessionChildSa(proposal, initiator, responder, transportMode, isDefault);
    }

    private static Proposal proposal(Payload.SecurityAssociation sa) throws MalformedException {
        Proposal proposal = sa.proposals().getFirst();
        boolean understood = proposal.transforms().stream().allMatch(Transform::understood);
        if (sa.proposals().size() != 1 || !proposal.spi().isEmpty() || !understood) {
            throw new MalformedException(
                    Malformation.FIELD, "an SA payload of a session is one chosen proposal");
        }
        return proposal;
    }

    private static Identity identity(Octets body) throws MalformedException {
        WireReader reader = new WireReader(body);
        int type = reader.u8("id type");
        reader.skip(3, "reserved");
        return new Identity(type, reader.rest());
    }

    private static List<Octets> aaaAttributes(@Nullable Octets data) throws MalformedException {
        List<Octets> attributes = new ArrayList<>();
        int from = 0;
        while (data != null && from < data.length()) {
            int length = from + 1 < data.length() ? data.at(from + 1) : 0;
            if (length < 2 || from + length > data.length()) {
                throw new MalformedException(Malformation.FIELD, "AAA attribute");
            }
            bound(attributes.size() + 1, TicketFormat.MAXIMUM_ATTRIBUTES, "AAA attributes");
            attributes.add(data.slice(from, from + length));
            from += length;
        }
        return attributes;
    }

    private static long time(WireReader fields) throws MalformedException {
        long high = fields.u8("time");
        return high << 32 | (fields.i32("time") & 0xffffffffL);
    }

    private static String name(WireReader fields) throws MalformedException {
        Octets octets = fields.octets(fields.u8("length of a name"), "name");
        String name = new String(octets.array(), StandardCharsets.UTF_8);
        if (!Arrays.equals(name.getBytes(StandardCharsets.UTF_8), octets.array())) {
            throw new MalformedException(Malformation.FIELD, "a name that is not UTF-8");
        }
        return name;
    }

    private <P extends Payload> @Nullable P take(Class<P> type) {
        if (next < known.size() && type.isInstance(known.get(next))) {
            return type.cast(known.get(next++));
        }
        return null;
    }

    private <P extends Payload> P expect(Class<P> type) throws MalformedException {
        P payload = take(type);
        if (payload == null) {
            throw new MalformedException(Malformation.PAYLOAD_ORDER, "no " + type.getSimpleName());
        }
        return payload;
    }

    private @Nullable Octets takeNotify(int type) {
        if (next < known.size()
                && known.get(next) instanceof Payload.Notify notify
                && notify.type() == type) {
            next++;
            return notify.data();
        }
        return null;
    }

    private Octets expectNotify(int type) throws MalformedException {
        Octets data = takeNotify(type);
        if (data == null) {
            throw new MalformedException(Malformation.PAYLOAD_ORDER, "no notify " + type);
        }
        return data;
    }

    private static void bound(int count, int maximum, String what) throws MalformedException {
        if (count > maximum) {
            throw new MalformedException(Malformation.TOO_MANY, what);
        }
    }
}
