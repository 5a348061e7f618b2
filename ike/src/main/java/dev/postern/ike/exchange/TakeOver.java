package dev.postern.ike.exchange;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Event;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.exchange.HeldChildSa.Standing;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.standby.StandbyChildSa;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ticket.Session;
import dev.postern.ticket.store.SessionReference;

/// One IKE SA of another member, carried on with here: the same SPIs and keys, IVs of a new epoch,
/// sequence numbers that leap, and a peer that is told by [CounterSyncInitiator]. Our packets go
/// out at once; the peer's are opened from where no packet can have been delivered before.
final class TakeOver {
    /// An IKE SA that was rekeyed waits so long for its Delete.
    private static final long REPLACED_PATIENCE_NANOS = 60L * 1_000_000_000;

    private TakeOver() {}

    /// Judges a record completely, then makes an IKE SA of it.
    ///
    /// @param outdated as in [dev.postern.ike.Input.TakeOver]
    /// @return false where it must not or cannot be carried on with; nothing has changed then
    static boolean restore(Turn turn, StandbyRecord record, int epoch, boolean outdated) {
        Session session = record.session();
        ResponderProfile profile = turn.configuration().profile(session.profile());
        IkeSuite suite = IkeSuite.ofChosen(session.ikeProposal());
        if (profile == null
                || suite == null
                || !isSound(turn, record, epoch)
                || !SequenceLeap.suffices(record, epoch)
                || collides(turn, record)) {
            return false;
        }
        install(
                turn,
                record,
                profile.forPeer(session.authenticatedIdentity(), session.aaaAttributes()),
                suite,
                epoch,
                outdated);
        return true;
    }

    /// Whether the session may still be served, and the client has not come here by itself.
    static boolean isSound(Turn turn, StandbyRecord record, int epoch) {
        Session session = record.session();
        ResponderProfile profile = turn.configuration().profile(session.profile());
        IkeSuite suite = IkeSuite.ofChosen(session.ikeProposal());
        return profile != null
                && suite != null
                && Integer.compareUnsigned(epoch, record.failoverCount()) > 0
                && record.ikeKeys().length() == IkeKeys.transportLength(suite)
                && session.domain().equals(turn.configuration().secureDomain())
                && profile.allows(session.authenticationMethod(), session.authenticatedIdentity())
                && !turn.revocations().covers(session)
                && !isOver(session.hardDeadline(), turn)
                && !isOver(record.endsAt(), turn)
                && !livesHere(turn, record);
    }

    private static boolean isOver(long epochSeconds, Turn turn) {
        return epochSeconds != 0 && epochSeconds <= turn.now().epochSeconds();
    }

    /// RFC 6311 section 3.3: members choose their SPIs apart; where they did not, the client
    /// resumes.
    private static boolean collides(Turn turn, StandbyRecord record) {
        return turn.table().byLocalSpi(record.localSpi()) != null
                || record.childSas().stream()
                        .anyMatch(child ->
                                turn.table().byInboundSpi(child.child().inboundSpi()) != null);
    }

    /// The client has come here by itself meanwhile.
    private static boolean livesHere(Turn turn, StandbyRecord record) {
        return !record.replaced()
                && turn.table().bySession(record.session().sessionId()).stream()
                        .anyMatch(sa -> !(sa.state() instanceof Replaced));
    }

    private static void install(
            Turn turn,
            StandbyRecord record,
            ResponderProfile profile,
            IkeSuite suite,
            int epoch,
            boolean outdated) {
        Session session = record.session();
        IvPrefix prefix = new IvPrefix(turn.configuration().ivPrefix().member(), epoch);
        IkeSa sa =
                new IkeSa(
                        turn.table().newResponderHandle(),
                        record.localSpi(),
                        record.peerSpi(),
                        record.initiator(),
                        record.path(),
                        record.replaced()
                                ? new Replaced(turn.now().nanos() + REPLACED_PATIENCE_NANOS)
                                : new Established(),
                        0);
        if (record.replaced()) {
            turn.concern(sa);
            turn.table().addUnadopted(sa);
        } else {
            sa.register(turn);
        }
        sa.setKeys(turn, keys(turn, sa, record, suite, prefix));
        sa.setWindows(
                new RequestWindow(record.nextRequestId()),
                ResponseWindow.restore(
                        record.expectedRequestId(),
                        record.lastRequestHash(),
                        record.lastResponse()));
        Relation relation = new Relation(false);
        if (record.ticketed()) {
            relation.noteTicket();
        }
        relation.standby().takenOver(record, epoch);
        EstablishedSession established = EstablishedSession.of(session, suite);
        sa.carryOn(turn, relation, established, profile);
        sa.life()
                .goOn(
                        StandbySnapshot.nanos(turn.now(), record.rekeyAt()),
                        StandbySnapshot.nanos(turn.now(), record.endsAt()));
        if (record.ticketed()) {
            TicketRenewal.takenOver(turn, sa);
        }
        Session.Kind stored = record.stored();
        if (stored != null) {
            sa.setRecord(
                    SessionRecord.kept(
                            turn,
                            sa,
                            SessionReference.ofSpis(record.spiI(), record.spiR()),
                            stored));
        }
        for (StandbyChildSa child : record.childSas()) {
            install(turn, sa, child, prefix, established, outdated);
        }
        if (!record.replaced()) {
            beginSynchronization(turn, sa, record);
            announce(turn, sa, established, profile);
        }
        turn.table().timers().schedule(sa);
        turn.noteChanged(sa);
    }

    static IkeKeys keys(
            Turn turn, IkeSa sa, StandbyRecord record, IkeSuite suite, IvPrefix prefix) {
        return IkeKeys.restore(
                suite,
                record.session().secret(),
                record.ikeKeys(),
                new IkeKeys.Context(
                        sa.spiI(),
                        sa.spiR(),
                        new byte[0],
                        new byte[0],
                        record.initiator(),
                        prefix,
                        turn.configuration().logsKeys(),
                        turn.configuration().standby().isCluster()));
    }

    private static void install(
            Turn turn,
            IkeSa sa,
            StandbyChildSa kept,
            IvPrefix prefix,
            EstablishedSession session,
            boolean outdated) {
        ChildSa child = kept.child();
        HeldChildSa held = new HeldChildSa(child, kept.replaces());
        long leap = sa.relation().standby().leap();
        long lastOutbound = kept.lastOutbound() + leap;
        long inboundFloor = outdated ? SequenceLeap.CLOSED : kept.highestInbound() + leap;
        held.noteSequences(lastOutbound, inboundFloor);
        held.doubtInbound(SequenceLeap.doubt(sa.relation().standby().takeovers()));
        held.endAt(StandbySnapshot.nanos(turn.now(), kept.endsAt()));
        held.keep(kept.keys().copy());
        sa.children().restore(turn, sa, held);
        int length = child.suite().encryption().keyMaterialLength();
        SecretBytes inbound = kept.keys().slice(0, length);
        SecretBytes outbound = kept.keys().slice(length, length);
        new KeyedChildSa(child, inbound, outbound, prefix, lastOutbound, inboundFloor)
                .install(turn, sa, session.innerAddresses());
        if (kept.sealing()) {
            ChildSas.seal(turn, held);
        } else {
            turn.table()
                    .identities()
                    .await(session.authenticatedIdentity(), sa.path().remote(), true);
        }
        switch (kept.standing()) {
            case LIVE -> {}
            case REPLACED -> held.stand(Standing.REPLACED);
            case DELETING -> ChildSaDeletion.intend(turn, sa, held);
        }
    }

    private static void beginSynchronization(Turn turn, IkeSa sa, StandbyRecord record) {
        Standby standby = sa.relation().standby();
        standby.synchronizeAt(turn.takeOvers().synchronizeAt(turn, record));
        if (sa.has(Session.Extension.MESSAGE_ID_SYNC)) {
            int known = sa.requests().nextId();
            sa.requests().continueFrom(CounterSyncInitiator.firstM1(standby, known));
            sa.requests().hold();
        }
    }

    private static void announce(
            Turn turn, IkeSa sa, EstablishedSession session, ResponderProfile profile) {
        turn.emit(
                new Event.IkeSaEstablished(
                        sa.handle(),
                        Event.Origin.TAKEN_OVER,
                        false,
                        session.responder(),
                        session.authenticatedIdentity(),
                        sa.path(),
                        sa.spiI(),
                        sa.spiR(),
                        session.gatewaySwitchCount(),
                        session.sessionId(),
                        session.innerAddresses(),
                        profile.name()));
    }

    /// The peer has answered, or there is nothing to synchronize with it. Where its replay counters
    /// have leapt its packets are opened again, and the Child SAs are rekeyed in good time; where
    /// they have not, or nobody knows how far they would have to, only new Child SAs can open what
    /// it sends.
    static void synchronizedWith(Turn turn, IkeSa sa) {
        boolean leapt =
                sa.has(Session.Extension.REPLAY_COUNTER_SYNC)
                        && sa.children().all().stream().noneMatch(HeldChildSa::isClosed);
        long now = turn.now().nanos();
        sa.relation().standby().rekeyChildrenAt(leapt ? turn.takeOvers().rekeyAt(turn) : now);
        if (!leapt) {
            rekeyChildren(turn, sa);
        }
    }

    /// Does what is due after a takeover.
    static void pass(Turn turn, IkeSa sa) {
        CounterSyncInitiator.pass(turn, sa);
        if (sa.relation().standby().rekeyChildrenAt() <= turn.now().nanos()) {
            rekeyChildren(turn, sa);
        }
    }

    private static void rekeyChildren(Turn turn, IkeSa sa) {
        sa.relation().standby().rekeyChildrenAt(RequestWindow.NEVER);
        for (HeldChildSa child : sa.children().all()) {
            if (child.isLive()) {
                sa.duties().addNow(turn, new Duty.RekeyChildSa(child.inboundSpi()));
            }
        }
    }
}
