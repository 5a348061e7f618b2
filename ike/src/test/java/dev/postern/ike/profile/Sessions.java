package dev.postern.ike.profile;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;

import java.util.List;

/// Sessions that differ in one thing.
final class Sessions {
    private Sessions() {}

    /// What the ticket says, as the gateways of the domain read it.
    static Session opened(ResumableSession resumable) {
        return opened(resumable.ticket(), resumable.session().kind());
    }

    static Session opened(Octets ticket) {
        return opened(ticket, Session.Kind.ONE_ROUND_TRIP);
    }

    private static Session opened(Octets ticket, Session.Kind kind) {
        if (World.sealer(1).open(ticket, kind) instanceof OpenedTicket opened) {
            return opened.session();
        }
        throw new AssertionError("the ticket does not open");
    }

    static Session with(Session s, Session.Kind kind, SecretBytes secret) {
        Octets hash = kind == Session.Kind.RFC_5723 ? Octets.EMPTY : s.sessionHash();
        return copy(
                s,
                kind,
                secret,
                hash,
                s.ikeProposal(),
                s.childSas(),
                s.authenticationMethod(),
                s.hardDeadline());
    }

    static Session withDeadline(Session s, long hardDeadline) {
        return copy(
                s,
                s.kind(),
                s.secret(),
                s.sessionHash(),
                s.ikeProposal(),
                s.childSas(),
                s.authenticationMethod(),
                hardDeadline);
    }

    static Session withMethod(Session s, int method) {
        return copy(
                s,
                s.kind(),
                s.secret(),
                s.sessionHash(),
                s.ikeProposal(),
                s.childSas(),
                method,
                s.hardDeadline());
    }

    static Session withProposal(Session s, Proposal proposal) {
        return copy(
                s,
                s.kind(),
                s.secret(),
                s.sessionHash(),
                proposal,
                s.childSas(),
                s.authenticationMethod(),
                s.hardDeadline());
    }

    static Session withCertificate(Session s, Octets fingerprint) {
        return new Session(
                s.kind(),
                s.sessionId(),
                s.generation(),
                s.gatewaySwitchCount(),
                s.initiator(),
                s.responder(),
                s.authenticatedIdentity(),
                s.ikeProposal(),
                s.secret(),
                s.sessionHash(),
                s.childSas(),
                s.configuration(),
                s.authenticationMethod(),
                s.authenticatedAt(),
                s.issuedAt(),
                s.expiresAt(),
                s.hardDeadline(),
                s.profile(),
                s.domain(),
                s.extensions(),
                fingerprint,
                s.aaaAttributes(),
                s.unknownPayloads());
    }

    static Session withId(Session s, Octets sessionId) {
        return new Session(
                s.kind(),
                sessionId,
                s.generation(),
                s.gatewaySwitchCount(),
                s.initiator(),
                s.responder(),
                s.authenticatedIdentity(),
                s.ikeProposal(),
                s.secret(),
                s.sessionHash(),
                s.childSas(),
                s.configuration(),
                s.authenticationMethod(),
                s.authenticatedAt(),
                s.issuedAt(),
                s.expiresAt(),
                s.hardDeadline(),
                s.profile(),
                s.domain(),
                s.extensions(),
                s.peerCertificate(),
                s.aaaAttributes(),
                s.unknownPayloads());
    }

    static Session withUnknown(Session s, Payload.Unknown later) {
        return new Session(
                s.kind(),
                s.sessionId(),
                s.generation(),
                s.gatewaySwitchCount(),
                s.initiator(),
                s.responder(),
                s.authenticatedIdentity(),
                s.ikeProposal(),
                s.secret(),
                s.sessionHash(),
                s.childSas(),
                s.configuration(),
                s.authenticationMethod(),
                s.authenticatedAt(),
                s.issuedAt(),
                s.expiresAt(),
                s.hardDeadline(),
                s.profile(),
                s.domain(),
                s.extensions(),
                s.peerCertificate(),
                s.aaaAttributes(),
                List.of(later));
    }

    static Session withChild(Session s, SessionChildSa child) {
        return copy(
                s,
                s.kind(),
                s.secret(),
                s.sessionHash(),
                s.ikeProposal(),
                List.of(child),
                s.authenticationMethod(),
                s.hardDeadline());
    }

    /// The client believes in its ticket as before; another session is in it.
    static ResumableSession sealed(ResumableSession ticket, Session session) {
        return new ResumableSession(
                ticket.session(),
                ticket(World.sealer(1).seal(session, new SeededEntropy(8))),
                ticket.validUntil());
    }

    /// The ticket of a session that fits into one.
    static Octets ticket(SealResult result) {
        return switch (result) {
            case SealResult.Sealed(Octets ticket) -> ticket;
            case SealResult.Unfit _, SealResult.NoKey _, SealResult.Elsewhere _ ->
                    throw new AssertionError("no ticket but " + result);
        };
    }

    private static Session copy(
            Session s,
            Session.Kind kind,
            SecretBytes secret,
            Octets sessionHash,
            Proposal proposal,
            List<SessionChildSa> childSas,
            int method,
            long hardDeadline) {
        return new Session(
                kind,
                s.sessionId(),
                s.generation(),
                s.gatewaySwitchCount(),
                s.initiator(),
                s.responder(),
                s.authenticatedIdentity(),
                proposal,
                secret,
                sessionHash,
                childSas,
                s.configuration(),
                method,
                s.authenticatedAt(),
                s.issuedAt(),
                s.expiresAt(),
                hardDeadline,
                s.profile(),
                s.domain(),
                s.extensions(),
                s.peerCertificate(),
                s.aaaAttributes(),
                s.unknownPayloads());
    }
}
