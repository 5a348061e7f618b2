package dev.postern.ticket;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Everything a gateway of the secure domain needs to carry on with a client: what a ticket seals
/// and what a session store keeps. Immutable. Times are seconds since 1970 UTC. The bounds are
/// those of [TicketFormat].
///
/// @param kind which resumption protocol this session serves; decides what `secret` is
/// @param sessionId 16 octets, the same over all resumes and rekeys of a session
/// @param generation rises with each rekey, so that older tickets can be told apart
/// @param gatewaySwitchCount 0 to 15, the count of the exchange that made this record (profile,
///   "Message ID")
/// @param initiator IDi of the original exchange
/// @param responder IDr of the gateway that wrote this record
/// @param authenticatedIdentity the identity that was verified: IDi, or the EAP identity
/// @param ikeProposal the chosen IKE proposal, with an empty SPI
/// @param secret RS for [Kind#ONE_ROUND_TRIP], SK_d for [Kind#RFC_5723]
/// @param sessionHash SH, 48 octets; empty for [Kind#RFC_5723]
/// @param configuration attributes assigned to the client: inner addresses, DNS
/// @param authenticationMethod the AUTH method really used (2 is a pre-shared key)
/// @param authenticatedAt when the peer proved who it is
/// @param issuedAt when this record was written
/// @param expiresAt when it stops being good for a resume
/// @param hardDeadline certificate expiry, Session-Timeout, reauthentication: never extended; 0 for
///   none
/// @param profile name of the connection profile under which the peer was authenticated
/// @param domain name of the secure domain
/// @param extensions negotiated IKE extensions, see [Extension]
/// @param peerCertificate SHA-256 of the certificate that the peer was authenticated by, by which a
///   revocation finds its session; empty where it was none
/// @param aaaAttributes RADIUS attributes as they came, each type | length | value
/// @param unknownPayloads payloads of a newer version, kept and copied on
public record Session(
        Kind kind,
        Octets sessionId,
        int generation,
        int gatewaySwitchCount,
        Identity initiator,
        Identity responder,
        Identity authenticatedIdentity,
        Proposal ikeProposal,
        SecretBytes secret,
        Octets sessionHash,
        List<SessionChildSa> childSas,
        List<ConfigurationAttribute> configuration,
        int authenticationMethod,
        long authenticatedAt,
        long issuedAt,
        long expiresAt,
        long hardDeadline,
        String profile,
        String domain,
        int extensions,
        Octets peerCertificate,
        List<Octets> aaaAttributes,
        List<Payload.Unknown> unknownPayloads)
        implements Revocable {

    /// Which resumption protocol a ticket is for; sealed into the key, so that one kind never opens
    /// as the other.
    public enum Kind {
        /// draft-dondeti-ipsec-failover-sol-00 in the profile's form.
        ONE_ROUND_TRIP(1),
        RFC_5723(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    /// Bits of [#extensions].
    public static final class Extension {
        /// Both peers sent the Vendor ID `postern-failover-1`.
        public static final int FAILOVER_VENDOR_ID = 1;

        public static final int MOBIKE = 2;
        public static final int FRAGMENTATION = 4;
        public static final int MESSAGE_ID_SYNC = 8;
        public static final int REPLAY_COUNTER_SYNC = 16;

        /// The client supports redirection (RFC 5685).
        public static final int REDIRECT = 32;

        /// A post-quantum pre-shared key went into the keys that the session's come from (RFC
        /// 8784).
        public static final int PPK = 64;

        private Extension() {}
    }

    public Session {
        childSas = List.copyOf(childSas);
        configuration = List.copyOf(configuration);
        aaaAttributes = List.copyOf(aaaAttributes);
        unknownPayloads = List.copyOf(unknownPayloads);
    }

    @Override
    public long grantedAt() {
        return GrantMark.in(aaaAttributes);
    }

    /// The Child SA that a resume restores, or null for a session without one.
    public @Nullable SessionChildSa defaultChildSa() {
        for (SessionChildSa childSa : childSas) {
            if (childSa.isDefault()) {
                return childSa;
            }
        }
        return null;
    }

    public boolean has(int extension) {
        return (extensions & extension) != 0;
    }

    /// Whether it is too late for a resume at `nowSeconds`.
    public boolean isExpiredAt(long nowSeconds) {
        return nowSeconds >= expiresAt || (hardDeadline != 0 && nowSeconds >= hardDeadline);
    }

    /// For logs: who and which, without SH, AAA attributes and what a newer version added.
    @Override
    public String toString() {
        return "Session["
                + kind
                + ", "
                + sessionId.hex()
                + ", generation "
                + generation
                + ", switch count "
                + gatewaySwitchCount
                + ", "
                + authenticatedIdentity
                + ", "
                + childSas.size()
                + " Child SAs]";
    }
}
