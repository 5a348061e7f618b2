package dev.postern.ike.sa;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ticket.GrantMark;
import dev.postern.ticket.Revocable;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// What an authenticated IKE SA knows about its peer, in both roles; the source of tickets.
///
/// @param initiator IDi
/// @param responder IDr
/// @param configuration what the initiator was assigned
/// @param peerCertificate SHA-256 of the certificate that the peer was authenticated by; empty
///   where it was none
/// @param hardDeadline seconds since 1970, never extended by a resume; 0 for none
public record EstablishedSession(
        Octets sessionId,
        int generation,
        int gatewaySwitchCount,
        Identity initiator,
        Identity responder,
        Identity authenticatedIdentity,
        IkeSuite suite,
        Octets sessionHash,
        List<ConfigurationAttribute> configuration,
        int authenticationMethod,
        long authenticatedAt,
        long hardDeadline,
        String profile,
        String domain,
        int extensions,
        Octets peerCertificate,
        List<Octets> aaaAttributes,
        List<Payload.Unknown> unknownPayloads)
        implements Revocable {
    /// As many as a ticket's format holds.
    private static final int MAXIMUM_CHILD_SAS = 16;

    /// The session of a record that holds it whole.
    public static EstablishedSession of(Session session, IkeSuite suite) {
        return new EstablishedSession(
                session.sessionId(),
                session.generation(),
                session.gatewaySwitchCount(),
                session.initiator(),
                session.responder(),
                session.authenticatedIdentity(),
                suite,
                session.sessionHash(),
                session.configuration(),
                session.authenticationMethod(),
                session.authenticatedAt(),
                session.hardDeadline(),
                session.profile(),
                session.domain(),
                session.extensions(),
                session.peerCertificate(),
                session.aaaAttributes(),
                session.unknownPayloads());
    }

    @Override
    public long grantedAt() {
        return GrantMark.in(aaaAttributes);
    }

    /// The same session after its IKE SA was rekeyed: SH and id stay, the switch count is 0 again.
    public EstablishedSession rekeyed(IkeSuite newSuite) {
        return new EstablishedSession(
                sessionId,
                generation + 1,
                0,
                initiator,
                responder,
                authenticatedIdentity,
                newSuite,
                sessionHash,
                configuration,
                authenticationMethod,
                authenticatedAt,
                hardDeadline,
                profile,
                domain,
                extensions,
                peerCertificate,
                aaaAttributes,
                unknownPayloads);
    }

    /// The same session after a 1-RTT resume of it: SH covers that, and generation, method,
    /// deadline and what is known of the peer stay.
    ///
    /// @param gateway who answered
    /// @param peer whom we are connected with
    /// @param connection the name of our profile
    public EstablishedSession resumed(
            SessionHash.Resume resume,
            Identity gateway,
            Identity peer,
            String connection,
            List<ConfigurationAttribute> assigned) {
        return new EstablishedSession(
                sessionId,
                generation,
                resume.gatewaySwitchCount(),
                initiator,
                gateway,
                peer,
                suite,
                SessionHash.resumed(sessionHash, resume),
                assigned,
                authenticationMethod,
                authenticatedAt,
                hardDeadline,
                connection,
                domain,
                extensions,
                peerCertificate,
                aaaAttributes,
                unknownPayloads);
    }

    /// The record that a ticket of this kind seals, with RS or SK_d taken from the present keys.
    public Session toSession(
            Session.Kind kind,
            IkeKeys keys,
            List<ChildSa> childSas,
            long issuedAt,
            long expiresAt) {
        SecretBytes secret =
                switch (kind) {
                    case ONE_ROUND_TRIP ->
                            ResumptionSecret.derive(suite.prf(), keys.skD(), sessionHash);
                    case RFC_5723 -> keys.skD().copy();
                };
        return new Session(
                kind,
                sessionId,
                generation,
                gatewaySwitchCount,
                initiator,
                responder,
                authenticatedIdentity,
                suite.toProposal(1),
                secret,
                kind == Session.Kind.ONE_ROUND_TRIP ? sessionHash : Octets.EMPTY,
                toSession(childSas),
                configuration,
                authenticationMethod,
                authenticatedAt,
                issuedAt,
                hardDeadline == 0 ? expiresAt : Math.min(expiresAt, hardDeadline),
                hardDeadline,
                profile,
                domain,
                extensions,
                peerCertificate,
                aaaAttributes,
                unknownPayloads);
    }

    /// The first Child SA is the default one; a ticket has room for so many.
    private static List<SessionChildSa> toSession(List<ChildSa> childSas) {
        List<SessionChildSa> records = new ArrayList<>(childSas.size());
        for (ChildSa child : childSas) {
            if (records.size() < MAXIMUM_CHILD_SAS) {
                records.add(child.toSession(records.isEmpty()));
            }
        }
        return records;
    }

    /// The same session with another end and other AAA attributes.
    public EstablishedSession reauthorized(long newHardDeadline, List<Octets> newAaaAttributes) {
        return new EstablishedSession(
                sessionId,
                generation,
                gatewaySwitchCount,
                initiator,
                responder,
                authenticatedIdentity,
                suite,
                sessionHash,
                configuration,
                authenticationMethod,
                authenticatedAt,
                newHardDeadline,
                profile,
                domain,
                extensions,
                peerCertificate,
                newAaaAttributes,
                unknownPayloads);
    }

    /// The inner addresses among the configuration attributes.
    public List<InetAddress> innerAddresses() {
        return innerAddresses(configuration);
    }

    public static List<InetAddress> innerAddresses(List<ConfigurationAttribute> configuration) {
        List<InetAddress> addresses = new ArrayList<>();
        for (ConfigurationAttribute attribute : configuration) {
            int length = attribute.value().length();
            if (attribute.type() == ConfigurationAttribute.INTERNAL_IP4_ADDRESS && length == 4) {
                addresses.add(address(attribute.value()));
            } else if (attribute.type() == ConfigurationAttribute.INTERNAL_IP6_ADDRESS
                    && length == 17) {
                addresses.add(address(attribute.value().slice(0, 16)));
            }
        }
        return addresses;
    }

    private static InetAddress address(Octets octets) {
        try {
            return InetAddress.getByAddress(octets.array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }
}
