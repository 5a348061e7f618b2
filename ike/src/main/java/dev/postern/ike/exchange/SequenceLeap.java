package dev.postern.ike.exchange;

import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.List;

/// How far the sequence numbers of a Child SA leap at a takeover, in both directions (RFC 6311
/// section 5.2): by far more than the packets that pass before the standby is told again, and by
/// more than all the leaps of members before us of whom the record does not know. A peer that leaps
/// once for each takeover has made those one after the other, and what it has sent since is not to
/// be opened twice. One without our Vendor ID may have leapt once more for each repetition of a
/// member's request, so that nobody knows how far: it is carried on with by a record of the epoch
/// before alone.
final class SequenceLeap {
    /// Without extended sequence numbers a Child SA has 2^32. It is rekeyed after each takeover,
    /// and by the packets that it has carried, of which a leap is none: 63 takeovers in a row of
    /// which none comes to the rekeying use it up.
    private static final long ONE = 1L << 26;

    /// A record that is older is not carried on with. A peer that takes each repetition of a
    /// request leaps several times; together that stays below 2^32, beyond which nobody could tell
    /// the upper half of an extended number any more (RFC 4303 appendix A2).
    static final int MOST = 3;

    /// Above every number that a packet can have: of a Child SA whose numbers up to here count as
    /// received no packet is opened any more. Leaps from here on do not overflow.
    static final long CLOSED = 1L << 62;

    private SequenceLeap() {}

    /// 1, 3 and 7 times the least one: each more than those before it together.
    ///
    /// @param takeovers how many there may have been since the record was written, this one
    ///   included
    static long of(int takeovers) {
        return ONE * ((1L << Math.clamp(takeovers, 1, MOST)) - 1);
    }

    /// By how many takeovers more the next member has to leap where we went by a record that is
    /// older than the last: the members of whom it does not know may have made the peer leap by 1
    /// where the record is two takeovers old, by 1 and 3 where it is three, while we have leapt as
    /// though they had not. So our own record counts as that much older, and its leap is the more.
    ///
    /// @param takeovers how many there may have been since the record was written, ours included
    static int doubt(int takeovers) {
        return Math.clamp(takeovers, 1, MOST) - 1;
    }

    /// Whether a takeover under this epoch can leap over all that happened since a record was
    /// written. Records of earlier versions do not say.
    static boolean suffices(StandbyRecord record, int epoch) {
        int since = takeoversSince(record, epoch);
        return writtenUnder(record) < 0
                || (since >= 1 && since <= (leapsOncePerTakeover(record.session()) ? MOST : 1));
    }

    /// A Postern peer answers the same octets again and leaps once; one whose replay counters are
    /// not synchronized does not leap at all.
    private static boolean leapsOncePerTakeover(Session session) {
        return (session.extensions() & Session.Extension.REPLAY_COUNTER_SYNC) == 0
                || (session.extensions() & Session.Extension.FAILOVER_VENDOR_ID) != 0;
    }

    /// How many takeovers there may have been since, up to the one under this epoch.
    static int takeoversSince(StandbyRecord record, int epoch) {
        int writtenUnder = writtenUnder(record);
        return epoch - (writtenUnder < 0 ? record.failoverCount() : writtenUnder);
    }

    /// The epoch up to which a record knows of all leaps, of the member that has written it unless
    /// that one is in [doubt][#doubt]; -1 where that is not said.
    private static int writtenUnder(StandbyRecord record) {
        for (Payload.Notify notify : record.unknown()) {
            if (notify.type() == StandbyFormat.WRITTEN_UNDER && notify.data().length() == 4) {
                return Math.max(0, notify.data().toInt());
            }
        }
        return -1;
    }

    /// What goes with a record: the epoch that counts as the one we write under, and what newer
    /// versions have added, as far as there is room for it.
    static List<Payload.Notify> noted(List<Payload.Notify> added, int epoch) {
        List<Payload.Notify> noted = new ArrayList<>(added.size() + 1);
        noted.add(
                new Payload.Notify(
                        0, Octets.EMPTY, StandbyFormat.WRITTEN_UNDER, Octets.ofInt(epoch)));
        added.stream()
                .filter(notify -> notify.type() != StandbyFormat.WRITTEN_UNDER)
                .limit(StandbyFormat.MAXIMUM_UNKNOWN - 1)
                .forEach(noted::add);
        return noted;
    }
}
