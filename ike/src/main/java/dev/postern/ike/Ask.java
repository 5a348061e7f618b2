package dev.postern.ike;

import dev.postern.crypto.SecretBytes;
import dev.postern.pki.RevocationSources;
import dev.postern.pki.RevocationStatus;
import dev.postern.ticket.Session;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.util.List;

/// What an endpoint asks of the world outside. Each has a deadline inside the endpoint.
public sealed interface Ask {
    /// Inner addresses for a client.
    ///
    /// @param profile the connection profile that authenticated the client
    /// @param sessionId who will hold the lease, 16 octets; the same session keeps its address
    /// @param wanted addresses the client would like to keep, as its sessions had them; empty for
    ///   none
    /// @param ipv4 whether it wants an IPv4 address at all
    /// @param ipv6 whether it wants an IPv6 address at all
    /// @param aaaAttributes what the session holds of AAA, as in
    ///   [dev.postern.ticket.Session#aaaAttributes]; a framed address among them is meant
    /// @param predecessor the session that the same client replaces by authenticating anew: what it
    ///   has leased goes over; empty for none
    record LeaseAddresses(
            String profile,
            Octets sessionId,
            Identity identity,
            List<InetAddress> wanted,
            boolean ipv4,
            boolean ipv6,
            List<Octets> aaaAttributes,
            Octets predecessor)
            implements Ask {
        public LeaseAddresses(
                String profile,
                Octets sessionId,
                Identity identity,
                List<InetAddress> wanted,
                boolean ipv4,
                boolean ipv6) {
            this(profile, sessionId, identity, wanted, ipv4, ipv6, List.of());
        }

        /// Of a client that replaces nothing.
        public LeaseAddresses(
                String profile,
                Octets sessionId,
                Identity identity,
                List<InetAddress> wanted,
                boolean ipv4,
                boolean ipv6,
                List<Octets> aaaAttributes) {
            this(profile, sessionId, identity, wanted, ipv4, ipv6, aaaAttributes, Octets.EMPTY);
        }
    }

    /// The next step of the EAP server at a gateway, RFC 7296 section 2.16; answered by
    /// [Answer.EapContinues], [Answer.EapSucceeded] or [Answer.EapFailed]. One conversation has one
    /// question open at a time; one that is not continued is to be forgotten after
    /// [#EAP_PATIENCE_SECONDS] without a word.
    ///
    /// @param conversation names the conversation among all of this endpoint, never used twice
    /// @param peer IDi, a claim
    /// @param path the peer's address is where the conversation comes from at the moment
    /// @param eapOnly whether EAP alone has to authenticate both sides (RFC 5998): the method must
    ///   be mutual, make keys and withstand guessing
    /// @param packet an EAP Response, well-formed; empty where the conversation is to begin
    record EapToServer(
            long conversation,
            String profile,
            Identity peer,
            Path path,
            boolean eapOnly,
            Octets packet)
            implements Ask {}

    /// The next step of the EAP peer at a client, answered like [EapToServer]: a Request by
    /// [Answer.EapContinues], Success by [Answer.EapSucceeded]. Whatever does not fit is
    /// [Answer.EapFailed].
    ///
    /// @param conversation as in [EapToServer]; it begins with the first packet
    /// @param packet an EAP Request, Success or Failure, well-formed
    record EapToPeer(long conversation, String profile, boolean eapOnly, Octets packet)
            implements Ask {}

    /// How long an EAP conversation lives without a packet.
    long EAP_PATIENCE_SECONDS = 60;

    /// What is known of the revocation of these certificates, all of a path that is trusted, by a
    /// peer that has proven to hold the key of the first: addresses in them may be believed.
    /// Answered by [Answer.RevocationFound] within [#REVOCATION_PATIENCE_SECONDS].
    record LookUpRevocation(List<RevocationStatus.Unknown> unknown, RevocationSources sources)
            implements Ask {
        public LookUpRevocation {
            unknown = List.copyOf(unknown);
        }
    }

    /// The gateways behind a name, asked by a client; answered by [Answer.GatewaysFound] or
    /// [Answer.GatewaysNotFound]. Its number is negative, so it is none of an endpoint's.
    record LookUpGateways(GatewayName name) implements Ask {}

    /// How long an IKE SA waits for news of revocation: less than our clients wait for an answer.
    long REVOCATION_PATIENCE_SECONDS = 5;

    /// Asked of the session store (draft-dondeti-ipsec-failover-sol-00 section 4.1.4). Only a
    /// gateway asks.
    sealed interface OfStore extends Ask {
        SessionReference reference();
    }

    /// Write this record.
    record StoreSession(SessionReference reference, StoredSession session) implements OfStore {}

    /// The record of this name, whoever wants it.
    record FetchSession(SessionReference reference) implements OfStore {}

    /// Raise the record's switch count, for a request that has verified under the record's secret.
    ///
    /// @param claim digest of the request and of this gateway
    record RaiseSwitchCount(SessionReference reference, int gatewaySwitchCount, Octets claim)
            implements OfStore {}

    /// Remove the record, unless its switch count has risen above this one. Nobody waits for the
    /// answer.
    record DropSession(SessionReference reference, int gatewaySwitchCount) implements OfStore {}

    /// What these tokens say and who has signed them (failover profile, "Hot standby"): the data of
    /// N(GATEWAY_VOUCHER), as a peer has sent it under SK, few and of bounded length. Only a client
    /// asks; answered by [Answer.OfVouchers] within [#VOUCHER_PATIENCE_SECONDS].
    record VerifyVouchers(List<Octets> tokens) implements Ask {
        public VerifyVouchers {
            tokens = List.copyOf(tokens);
        }
    }

    /// How long a switch waits for its vouchers.
    long VOUCHER_PATIENCE_SECONDS = 2;

    /// Asked of the central entity that holds the TGS keys in place of this gateway
    /// (draft-dondeti-ipsec-failover-sol-00 section 6.1).
    sealed interface OfTicketService extends Ask {}

    /// The session in this ticket, which anybody may have sent.
    record OpenTicket(Octets ticket, Session.Kind kind) implements OfTicketService {}

    /// A ticket for this session.
    ///
    /// @param chain the session as [dev.postern.ticket.TicketFormat#encode] makes it, owned by
    ///   whoever carries the question out
    record SealTicket(SecretBytes chain, Session.Kind kind) implements OfTicketService {}
}
