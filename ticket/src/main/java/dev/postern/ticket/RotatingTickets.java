package dev.postern.ticket;

import dev.postern.crypto.Entropy;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// A sealer whose keys come and go while the gateway runs: [#replace] takes a new ring, whoever it
/// comes from (a key file, the cluster's store), and [#expire] drops the keys whose time is over.
/// Keys that leave are wiped. Single-threaded: rings are replaced on the thread that seals and
/// opens, so no key is wiped under its user's hands. Only what the keys are called may be asked by
/// any thread.
public final class RotatingTickets implements TicketSealer, AutoCloseable {
    private volatile @Nullable TgsKeyRing ring;
    private @Nullable SealedTickets tickets;

    /// @param ring owned from now on
    public RotatingTickets(TgsKeyRing ring) {
        this.ring = ring;
        this.tickets = new SealedTickets(ring);
    }

    /// The keys that live now; null where all have expired.
    public @Nullable TgsKeyRing ring() {
        return ring;
    }

    /// Whether one of the keys has this name. For any thread; by the time of the answer it may have
    /// gone.
    public boolean knows(long tgsSpi) {
        TgsKeyRing present = ring;
        return present != null && present.find(tgsSpi) != null;
    }

    /// Takes a new ring in place of the old one, whose keys are wiped.
    ///
    /// @param next owned from now on; it may share key objects with the old ring
    public void replace(TgsKeyRing next) {
        become(next);
    }

    /// Drops and wipes the keys that have expired.
    ///
    /// @return whether there were any
    public boolean expire(long nowSeconds) {
        TgsKeyRing present = ring;
        TgsKeyRing valid = present == null ? null : present.validAt(nowSeconds);
        if (valid == present) {
            return false;
        }
        become(valid);
        return true;
    }

    private void become(@Nullable TgsKeyRing next) {
        TgsKeyRing old = ring;
        ring = next;
        tickets = next == null ? null : new SealedTickets(next);
        if (old != null) {
            old.wipeAllBut(next);
        }
    }

    @Override
    public SealResult seal(Session session, Entropy entropy) {
        return tickets == null ? new SealResult.NoKey() : tickets.seal(session, entropy);
    }

    @Override
    public OpenResult open(Octets ticket, Session.Kind kind) {
        return tickets == null
                ? new OpenResult.Refused(TicketRefusal.UNKNOWN_KEY)
                : tickets.open(ticket, kind);
    }

    @Override
    public @Nullable Octets sealReference(SessionReference reference, long nowSeconds) {
        return tickets == null ? null : tickets.sealReference(reference, nowSeconds);
    }

    @Override
    public @Nullable SessionReference openReference(Octets presented) {
        return tickets == null ? null : tickets.openReference(presented);
    }

    /// Wipes every key.
    @Override
    public void close() {
        become(null);
    }
}
