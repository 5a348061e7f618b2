package dev.postern.ticket;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// What the central entity of draft-dondeti-ipsec-failover-sol-00 section 6.1 does for gateways
/// that hold no TGS key: it seals their sessions and opens their clients' tickets, for one secure
/// domain. Single-threaded, as its keys and revocations are; who may ask is not judged here.
public final class TicketGrantingService {
    /// What becomes of a question.
    public sealed interface Reply {
        /// @param chain the session as [TicketFormat#encode] makes it, to be wiped by who takes it
        record Opened(byte[] chain) implements Reply {}

        record Sealed(Octets ticket) implements Reply {}

        record Refused(Reason reason) implements Reply {}
    }

    /// Why not.
    public enum Reason {
        /// No key of the domain has sealed this, or the ticket is none.
        NOT_OPENED,
        /// The session is written in a way that cannot be read here.
        UNREADABLE,
        ANOTHER_DOMAIN,
        EXPIRED,
        REVOKED,
        /// The session does not fit into a ticket.
        UNFIT,
        /// Every key has expired.
        NO_KEY
    }

    private final TicketSealer sealer;
    private final String domain;
    private final Revocations revocations;

    /// @param sealer holds the keys
    public TicketGrantingService(TicketSealer sealer, String domain, Revocations revocations) {
        this.sealer = sealer;
        this.domain = domain;
        this.revocations = revocations;
    }

    /// Opens a client's ticket for a gateway.
    public Reply open(Octets ticket, Session.Kind kind, long nowSeconds) {
        if (!(sealer.open(ticket, kind) instanceof OpenedTicket opened)) {
            return new Reply.Refused(Reason.NOT_OPENED);
        }
        Session session = opened.session();
        try (SecretBytes _ = session.secret()) {
            Reason wrong = fault(session, nowSeconds);
            return wrong == null
                    ? new Reply.Opened(TicketFormat.encode(session))
                    : new Reply.Refused(wrong);
        }
    }

    /// Seals a gateway's session.
    ///
    /// @param chain as [TicketFormat#encode] makes it; wiped here
    public Reply seal(byte[] chain, Session.Kind kind, Entropy entropy, long nowSeconds) {
        OpenResult read;
        try {
            read = ServedTickets.read(chain, kind);
        } finally {
            Arrays.fill(chain, (byte) 0);
        }
        if (!(read instanceof OpenedTicket claimed)) {
            return new Reply.Refused(Reason.UNREADABLE);
        }
        Session session = claimed.session();
        try (SecretBytes _ = session.secret()) {
            Reason wrong = fault(session, nowSeconds);
            return wrong == null ? sealed(sealer.seal(session, entropy)) : new Reply.Refused(wrong);
        }
    }

    private static Reply sealed(SealResult result) {
        return switch (result) {
            case SealResult.Sealed(Octets ticket) -> new Reply.Sealed(ticket);
            case SealResult.Unfit _ -> new Reply.Refused(Reason.UNFIT);
            case SealResult.NoKey _, SealResult.Elsewhere _ -> new Reply.Refused(Reason.NO_KEY);
        };
    }

    private @Nullable Reason fault(Session session, long nowSeconds) {
        if (!session.domain().equals(domain)) {
            return Reason.ANOTHER_DOMAIN;
        }
        if (session.isExpiredAt(nowSeconds)) {
            return Reason.EXPIRED;
        }
        return revocations.covers(session) ? Reason.REVOKED : null;
    }
}
