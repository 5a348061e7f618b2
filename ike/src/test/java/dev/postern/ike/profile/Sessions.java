package dev.postern.ike.profile;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionBuilder;
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
        return new SessionBuilder(s).kind(kind).secret(secret).sessionHash(hash).build();
    }

    static Session withDeadline(Session s, long hardDeadline) {
        return new SessionBuilder(s).hardDeadline(hardDeadline).build();
    }

    static Session withMethod(Session s, int method) {
        return new SessionBuilder(s).authenticationMethod(method).build();
    }

    static Session withProposal(Session s, Proposal proposal) {
        return new SessionBuilder(s).ikeProposal(proposal).build();
    }

    static Session withCertificate(Session s, Octets fingerprint) {
        return new SessionBuilder(s).peerCertificate(fingerprint).build();
    }

    static Session withId(Session s, Octets sessionId) {
        return new SessionBuilder(s).sessionId(sessionId).build();
    }

    static Session withUnknown(Session s, Payload.Unknown later) {
        return new SessionBuilder(s).unknownPayloads(List.of(later)).build();
    }

    static Session withChild(Session s, SessionChildSa child) {
        return new SessionBuilder(s).childSas(List.of(child)).build();
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
}
