package dev.postern.ike.exchange;

import dev.postern.crypto.KeyDerivation;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import java.util.List;

/// How one IKE SA follows another by rekeying, RFC 7296 sections 2.8 and 2.18: new SPIs, new keys,
/// Message IDs from 0; Child SAs, identities, addresses and the session go on. SH and the session's
/// id stay, the switch count is 0 again, the generation rises (failover profile, "Keys").
final class IkeSaSuccession {
    /// How long the old IKE SA, or a redundant new one, waits for the Delete of its peer.
    private static final long PATIENCE_NANOS = 60 * Now.NANOS_PER_SECOND;

    private IkeSaSuccession() {}

    /// What the CREATE_CHILD_SA exchange has agreed on.
    ///
    /// @param initiator whether we began the exchange; then we are the new IKE SA's initiator
    /// @param shared of all its key exchanges; the caller wipes it
    record Exchange(
            IkeSuite suite,
            long localSpi,
            long peerSpi,
            boolean initiator,
            byte[] ni,
            byte[] nr,
            SharedSecrets shared) {}

    /// What the profile allows for a rekeying. A peer that has not agreed on additional key
    /// exchanges before is not asked for any: it need not know them (RFC 9370 section 2.2.1).
    static List<IkeSuite> suites(IkeSa sa) {
        List<IkeSuite> allowed = sa.relation().profile().ikeSuites();
        return sa.relation().established().suite().additional().isEmpty()
                ? allowed.stream().map(IkeSuite::withoutAdditional).distinct().toList()
                : allowed;
    }

    /// The new IKE SA with its keys; the old one still carries everything.
    static IkeSa create(Turn turn, IkeSa old, Exchange exchange) {
        IkeSa fresh =
                new IkeSa(
                        old.handle(),
                        exchange.localSpi(),
                        exchange.peerSpi(),
                        exchange.initiator(),
                        old.path(),
                        new Unadopted(turn.now().nanos() + PATIENCE_NANOS),
                        0);
        // The old IKE SA's prf: the exchange belongs to it (section 2.18).
        byte[] skeyseed =
                KeyDerivation.rekeyedSkeyseed(
                        old.relation().established().suite().prf(),
                        old.keys().skD().expose(),
                        exchange.shared().first().expose(),
                        exchange.ni(),
                        exchange.nr(),
                        exchange.shared().additional().expose());
        fresh.setKeys(
                turn,
                IkeKeys.derive(
                        exchange.suite(),
                        skeyseed,
                        new IkeKeys.Context(
                                fresh.spiI(),
                                fresh.spiR(),
                                exchange.ni(),
                                exchange.nr(),
                                exchange.initiator(),
                                turn.configuration().ivPrefix(),
                                turn.configuration().logsKeys(),
                                turn.configuration().standby().isCluster())));
        IkeSuite before = old.relation().established().suite();
        fresh.carryOn(
                turn,
                old.relation().copy(),
                old.relation().established().rekeyed(exchange.suite().succeeding(before)),
                old.relation().profile());
        turn.table().addUnadopted(fresh);
        turn.table().timers().schedule(fresh);
        return fresh;
    }

    /// The new IKE SA takes over the old one's name, Child SAs and duties. The old one remains for
    /// its Delete alone.
    static void adopt(Turn turn, IkeSa old, IkeSa successor) {
        successor.enter(turn, new Established());
        old.relation().forgetFollowUps();
        old.duties().drop(new Duty.RekeyIkeSa());
        successor.inherit(turn, old);
        successor.transport().inherit(old.transport());
        old.enter(turn, new Replaced(turn.now().nanos() + PATIENCE_NANOS));
        turn.table().adopt(successor);
        SessionRecord.inherit(turn, old, successor);
        turn.emit(
                new Event.IkeSaRekeyed(
                        successor.handle(),
                        successor.relation().established().generation(),
                        successor.spiI(),
                        successor.spiR(),
                        successor.sessionId()));
        successor.relation().rekeyed(turn, successor);
        turn.table().timers().schedule(successor);
        turn.noteChanged(successor);
    }

    /// Ends a new IKE SA that will not take over, because the old one ends.
    static void endUnadopted(Turn turn, IkeSa rival) {
        if (rival.isUnadopted()) {
            rival.close(turn, CloseReason.SUPERSEDED, "", true);
        }
    }

    /// The peer deletes an IKE SA that both of us are rekeying: it has not noticed the collision,
    /// and its new one carries on (section 2.8.2).
    static void adoptRival(Turn turn, IkeSa old) {
        IkeSaRekeyInitiator own = IkeSaRekeyInitiator.pendingAt(old);
        IkeSa rival = own == null ? null : own.rival();
        if (rival != null && rival.isUnadopted()) {
            adopt(turn, old, rival);
        }
    }

    /// The client deletes the IKE SA that was rekeyed: it has the answer, and what came with it.
    static void replacedIsDeleted(Turn turn, IkeSa old) {
        IkeSa successor =
                old.state() instanceof Replaced ? turn.table().byHandle(old.handle()) : null;
        if (successor != null && !successor.isClient()) {
            successor.relation().clientHasTheAnswer();
        }
    }

    /// Deletes the old IKE SA, under its own keys.
    static void deleteReplaced(Turn turn, IkeSa old) {
        delete(turn, old);
    }

    /// Deletes the IKE SA that we have made and that lost against the peer's (section 2.8.2).
    static void deleteRedundant(Turn turn, IkeSa redundant) {
        redundant.enter(turn, new Replaced(turn.now().nanos() + PATIENCE_NANOS));
        delete(turn, redundant);
        turn.table().timers().schedule(redundant);
    }

    private static void delete(Turn turn, IkeSa sa) {
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                List.of(new Payload.Delete(Protocol.IKE, List.of())),
                RetransmissionSchedule.STANDARD);
    }
}
