package dev.postern.sim;

import dev.postern.ike.Effect;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionBuilder;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Which version of Postern a gateway runs while a domain is upgraded, one gateway after the other.
enum Version {
    /// Knows nothing of resumption.
    FORMER,
    PRESENT,
    /// Writes into tickets, records of the store and standby records what no other version knows.
    NEXT;

    /// Of the private numbers, RFC 7296 section 3.2.
    private static final Payload.Unknown ADDED_PAYLOAD =
            new Payload.Unknown(201, false, Octets.ofAscii("of tomorrow"));

    private static final Payload.Notify ADDED_NOTIFY =
            new Payload.Notify(0, Octets.EMPTY, 61_740, Octets.ofAscii("of tomorrow"));

    /// A session as this version writes it down.
    Session written(Session session) {
        if (this != NEXT || session.unknownPayloads().contains(ADDED_PAYLOAD)) {
            return session;
        }
        List<Payload.Unknown> payloads = new ArrayList<>(session.unknownPayloads());
        payloads.add(ADDED_PAYLOAD);
        return new SessionBuilder(session).unknownPayloads(payloads).build();
    }

    /// What this version tells its standby.
    Effect.OfStandby written(Effect.OfStandby told) {
        @Nullable StandbyRecord record =
                told instanceof Effect.KeepRecord(StandbyRecord kept) ? kept : null;
        if (this != NEXT || record == null || record.unknown().contains(ADDED_NOTIFY)) {
            return told;
        }
        List<Payload.Notify> notifies = new ArrayList<>(record.unknown());
        notifies.add(ADDED_NOTIFY);
        return new Effect.KeepRecord(record.withUnknown(notifies));
    }
}
