package dev.postern.ticket;

import dev.postern.wire.Identity;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadCodec;
import dev.postern.wire.PayloadType;
import dev.postern.wire.Proposal;
import dev.postern.wire.TrafficSelector;
import dev.postern.wire.Transform;
import dev.postern.wire.WireWriter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One session on its way into a chain. What it refuses is a mistake of the gateway that writes,
/// never of a peer.
final class SessionEncoder {
    private final Session session;
    private final List<Payload> chain = new ArrayList<>();

    SessionEncoder(Session session) {
        this.session = session;
    }

    void encode(WireWriter writer) {
        byte[] state = state();
        chain.add(new Payload.IdInitiator(session.initiator()));
        chain.add(new Payload.IdResponder(session.responder()));
        chain.add(association(session.ikeProposal()));
        chain.add(notify(TicketNotify.SESSION, state));
        if (!session.authenticatedIdentity().equals(session.initiator())) {
            Identity identity = session.authenticatedIdentity();
            chain.add(notify(TicketNotify.AUTHENTICATED_IDENTITY, identity.body()));
        }
        if (!session.peerCertificate().isEmpty()) {
            demand(
                    session.peerCertificate().length() == TicketFormat.FINGERPRINT_LENGTH,
                    "the certificate's fingerprint has not 32 octets");
            chain.add(notify(TicketNotify.PEER_CERTIFICATE, session.peerCertificate().array()));
        }
        addConfiguration();
        addChildSas();
        addAaaAttributes();
        demand(
                session.unknownPayloads().size() <= TicketFormat.MAXIMUM_UNKNOWN,
                "too many unknown payloads");
        chain.addAll(session.unknownPayloads());
        PayloadCodec.encodeChain(writer, chain, PayloadType.NONE);
        Arrays.fill(state, (byte) 0);
    }

    private byte[] state() {
        demand(
                session.sessionId().length() == TicketFormat.SESSION_ID_LENGTH,
                "the session id has not 16 octets");
        demand(
                session.gatewaySwitchCount() >>> 4 == 0,
                "the gateway switch count is not in 0 to 15");
        demand(session.authenticationMethod() >>> 8 == 0, "the AUTH method is not in 0 to 255");
        demand(session.extensions() >>> 16 == 0, "an extension beyond bit 15 is set");
        byte[] secret = session.secret().expose();
        byte[] profile = session.profile().getBytes(StandardCharsets.UTF_8);
        byte[] domain = session.domain().getBytes(StandardCharsets.UTF_8);
        int length =
                49
                        + session.sessionHash().length()
                        + secret.length
                        + profile.length
                        + domain.length;
        WireWriter writer =
                new WireWriter(length)
                        .octets(session.sessionId())
                        .i32(session.generation())
                        .u8(session.gatewaySwitchCount())
                        .u8(session.authenticationMethod())
                        .u16(session.extensions())
                        .u8(defaultIndex());
        time(writer, session.authenticatedAt());
        time(writer, session.issuedAt());
        time(writer, session.expiresAt());
        time(writer, session.hardDeadline());
        counted(writer, session.sessionHash().array(), "SH");
        counted(writer, secret, "the secret");
        counted(writer, profile, "the profile's name");
        counted(writer, domain, "the domain's name");
        return writer.finish();
    }

    private int defaultIndex() {
        int index = TicketFormat.NO_DEFAULT;
        for (int i = 0; i < session.childSas().size(); i++) {
            if (session.childSas().get(i).isDefault()) {
                demand(index == TicketFormat.NO_DEFAULT, "two Child SAs are marked default");
                index = i;
            }
        }
        return index;
    }

    private static void time(WireWriter writer, long seconds) {
        demand(seconds >>> 40 == 0, "a time does not fit in 40 bits");
        writer.u8((int) (seconds >>> 32)).i32((int) seconds);
    }

    private static void counted(WireWriter writer, byte[] value, String what) {
        demand(value.length <= 255, what + " is longer than 255 octets");
        writer.u8(value.length).octets(value);
    }

    private void addConfiguration() {
        int count = session.configuration().size();
        demand(count <= TicketFormat.MAXIMUM_ATTRIBUTES, "too many configuration attributes");
        if (count > 0) {
            chain.add(
                    new Payload.Configuration(
                            Payload.Configuration.REPLY, session.configuration()));
        }
    }

    private void addChildSas() {
        demand(session.childSas().size() <= TicketFormat.MAXIMUM_CHILD_SAS, "too many Child SAs");
        List<TrafficSelector> addresses = TicketFormat.innerAddresses(session.configuration());
        List<TrafficSelector> everything = TicketFormat.everything(session.configuration());
        for (SessionChildSa childSa : session.childSas()) {
            chain.add(association(childSa.proposal()));
            if (!bounded(childSa.initiatorSelectors()).equals(addresses)) {
                chain.add(new Payload.TsInitiator(childSa.initiatorSelectors()));
            }
            if (!bounded(childSa.responderSelectors()).equals(everything)) {
                chain.add(new Payload.TsResponder(childSa.responderSelectors()));
            }
            if (childSa.transportMode()) {
                chain.add(Payload.Notify.of(NotifyType.USE_TRANSPORT_MODE));
            }
        }
    }

    private static List<TrafficSelector> bounded(List<TrafficSelector> selectors) {
        demand(
                !selectors.isEmpty() && selectors.size() <= TicketFormat.MAXIMUM_SELECTORS,
                "a Child SA has no traffic selectors, or too many");
        return selectors;
    }

    private void addAaaAttributes() {
        List<Octets> attributes = session.aaaAttributes();
        demand(attributes.size() <= TicketFormat.MAXIMUM_ATTRIBUTES, "too many AAA attributes");
        if (attributes.isEmpty()) {
            return;
        }
        WireWriter writer = new WireWriter(128);
        for (Octets attribute : attributes) {
            demand(
                    attribute.length() >= 2 && attribute.at(1) == attribute.length(),
                    "an AAA attribute is not type, length, value");
            writer.octets(attribute);
        }
        chain.add(notify(TicketNotify.AAA_ATTRIBUTES, writer.finish()));
    }

    private static Payload association(Proposal proposal) {
        demand(proposal.spi().isEmpty(), "a proposal with an SPI");
        demand(
                proposal.transforms().stream().allMatch(Transform::understood),
                "a transform that is not understood");
        return new Payload.SecurityAssociation(List.of(proposal));
    }

    private static Payload notify(int type, byte[] data) {
        return new Payload.Notify(0, Octets.EMPTY, type, Octets.of(data));
    }

    private static void demand(boolean holds, String broken) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "this session cannot be put into a ticket: " + broken);
        }
    }
}
