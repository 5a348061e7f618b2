package dev.postern.ike.standby;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Path;
import dev.postern.ike.standby.StandbyCounters.Sequences;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// One IKE SA of a gateway with its Child SAs, as they are after an exchange: everything that
/// another member needs to carry on. Immutable. Holds keys; whoever owns it closes it.
///
/// @param spiI with `spiR` the record's name
/// @param initiator whether the gateway began this IKE SA, by rekeying another
/// @param path between the shared address and the peer
/// @param session the authenticated session, with SK_d as its secret and without Child SAs
/// @param ikeKeys SK_ai | SK_ar | SK_ei | SK_er
/// @param failoverCount of the takeover that made the gateway's present IVs; 0 before the first
/// @param replaced it was rekeyed and is kept for retransmissions and its Delete
/// @param ticketed whether the client holds a ticket
/// @param stored for which protocol the session is kept by reference under these SPIs; null where
///   it is not
/// @param lastHeard seconds since 1970 at which the peer was last heard
/// @param rekeyAt seconds since 1970 at which it is rekeyed; 0 for never
/// @param endsAt seconds since 1970 at which its keys end; 0 for never
/// @param lastRequestHash names the peer's last request
/// @param lastResponse the datagrams of the answer to it; empty where they are too long to be kept
/// @param unknown notifications of a newer version, kept and copied on
public record StandbyRecord(
        long spiI,
        long spiR,
        boolean initiator,
        Path path,
        Session session,
        SecretBytes ikeKeys,
        int failoverCount,
        boolean replaced,
        boolean ticketed,
        Session.@Nullable Kind stored,
        long lastHeard,
        long rekeyAt,
        long endsAt,
        int nextRequestId,
        int expectedRequestId,
        int lastRequestHash,
        List<Octets> lastResponse,
        List<StandbyChildSa> childSas,
        List<Payload.Notify> unknown)
        implements AutoCloseable {
    /// Octets of an answer that is kept for retransmissions, at most.
    public static final int LONGEST_RESPONSE = 600;

    public StandbyRecord {
        lastResponse = List.copyOf(lastResponse);
        childSas = List.copyOf(childSas);
        unknown = List.copyOf(unknown);
    }

    /// SPIi | SPIr, the name under which it is kept.
    public Octets key() {
        return key(spiI, spiR);
    }

    public static Octets key(long spiI, long spiR) {
        byte[] key = new byte[16];
        System.arraycopy(Octets.ofLong(spiI).array(), 0, key, 0, 8);
        System.arraycopy(Octets.ofLong(spiR).array(), 0, key, 8, 8);
        return Octets.of(key);
    }

    public long localSpi() {
        return initiator ? spiI : spiR;
    }

    public long peerSpi() {
        return initiator ? spiR : spiI;
    }

    /// The same record with counters that came later. It shares the keys with this one.
    public StandbyRecord with(StandbyCounters later) {
        List<StandbyChildSa> children = new ArrayList<>(childSas.size());
        for (StandbyChildSa one : childSas) {
            StandbyChildSa moved = one;
            for (Sequences used : later.sequences()) {
                if (used.inboundSpi() == one.child().inboundSpi()) {
                    moved = moved.withSequences(used.outbound(), used.inbound());
                }
            }
            children.add(moved);
        }
        boolean answered =
                Integer.compareUnsigned(later.expectedRequestId(), expectedRequestId) > 0;
        return new StandbyRecord(
                spiI,
                spiR,
                initiator,
                path,
                session,
                ikeKeys,
                failoverCount,
                replaced,
                ticketed,
                stored,
                lastHeard,
                rekeyAt,
                endsAt,
                higher(nextRequestId, later.nextRequestId()),
                higher(expectedRequestId, later.expectedRequestId()),
                lastRequestHash,
                answered ? List.of() : lastResponse,
                children,
                unknown);
    }

    /// The same record with other notifications of a newer version. It shares the keys with this
    /// one.
    public StandbyRecord withUnknown(List<Payload.Notify> notifications) {
        return new StandbyRecord(
                spiI,
                spiR,
                initiator,
                path,
                session,
                ikeKeys,
                failoverCount,
                replaced,
                ticketed,
                stored,
                lastHeard,
                rekeyAt,
                endsAt,
                nextRequestId,
                expectedRequestId,
                lastRequestHash,
                lastResponse,
                childSas,
                notifications);
    }

    private static int higher(int one, int other) {
        return Integer.compareUnsigned(one, other) >= 0 ? one : other;
    }

    /// Wipes all keys. Idempotent.
    @Override
    public void close() {
        ikeKeys.close();
        session.secret().close();
        childSas.forEach(child -> child.keys().close());
    }

    /// Never prints a key.
    @Override
    public String toString() {
        return "StandbyRecord["
                + key().hex()
                + ", "
                + session.authenticatedIdentity()
                + ", failover count "
                + failoverCount
                + ", "
                + childSas.size()
                + " Child SAs]";
    }
}
