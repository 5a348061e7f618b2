package dev.postern.ike.exchange;

import dev.postern.crypto.IvPrefix;
import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.Succession;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.GatewaySwitch;
import dev.postern.wire.Header;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.List;

/// An IKE SA of a lost member of our loose cluster, restored under an address of ours for one thing:
/// to tell its client to come here (failover profile, "Hot standby").
///
///     B, for A   HDR(A's SPIi, SPIr, Message ID 0), SK{ N(GATEWAY_SWITCH), N(FAILOVER_COUNT), N(GATEWAY_VOUCHER)+ } -->
///     client     IKE_SESSION_RESUME at B  -->
///
/// The notice has the SPIs that the client knows, whatever name the IKE SA has in our table; nobody
/// answers it under them. It is repeated, the very same octets, until the session is resumed, which
/// ends this IKE SA like any other that a resume replaces. Nothing else is begun or answered here,
/// and its Child SAs stay out of the data plane: their packets go to the lost gateway's address, and
/// should that one be alive after all, no sequence number of theirs is used by two.
final class Restored implements IkeSaState {
    private static final int TRANSMISSIONS = 7;
    private static final long FIRST_WAIT_NANOS = Now.NANOS_PER_SECOND / 4;

    /// A client that did not hear us finds out by itself, and comes with its ticket.
    private static final long PATIENCE_NANOS = 120 * Now.NANOS_PER_SECOND;

    private final long spiI;
    private final long spiR;
    private final GatewayList.Address gateway;
    private final List<Octets> vouchers;
    private final long expiresAt;
    private List<byte[]> datagrams = List.of();
    private int sent;
    private long notifyAt;

    private Restored(
            StandbyRecord record,
            GatewayList.Address gateway,
            List<Octets> vouchers,
            long notifyAt,
            long expiresAt) {
        this.spiI = record.spiI();
        this.spiR = record.spiR();
        this.gateway = gateway;
        this.vouchers = vouchers;
        this.notifyAt = notifyAt;
        this.expiresAt = expiresAt;
    }

    /// Judges a record completely, then makes an IKE SA of it.
    ///
    /// @return false where its client cannot be told, or is here already; nothing has changed then
    static boolean restore(Turn turn, StandbyRecord record, int epoch, Succession succession) {
        Session session = record.session();
        Path path = succession.path(record.path());
        GatewayList.Address gateway = path == null ? null : succession.gateway(path);
        boolean understands =
                (session.extensions() & Session.Extension.FAILOVER_VENDOR_ID) != 0
                        && !record.replaced();
        if (path == null
                || gateway == null
                || succession.vouchers().isEmpty()
                || !understands
                || !TakeOver.isSound(turn, record, epoch)) {
            return false;
        }
        ResponderProfile profile = turn.configuration().profile(session.profile());
        IkeSuite suite = IkeSuite.ofChosen(session.ikeProposal());
        if (profile == null || suite == null) {
            return false;
        }
        Restored state =
                new Restored(
                        record,
                        gateway,
                        succession.vouchers(),
                        turn.takeOvers().synchronizeAt(turn, record),
                        turn.now().nanos() + PATIENCE_NANOS);
        // Section 7.1 of draft-zhang: an SPI of A's may be in use here.
        boolean collides = turn.table().byLocalSpi(record.localSpi()) != null;
        IkeSa sa =
                new IkeSa(
                        turn.table().newResponderHandle(),
                        collides ? turn.newIkeSpi() : record.localSpi(),
                        record.peerSpi(),
                        record.initiator(),
                        path,
                        state,
                        0);
        sa.register(turn);
        IvPrefix prefix = new IvPrefix(turn.configuration().ivPrefix().member(), epoch);
        sa.setKeys(turn, TakeOver.keys(turn, sa, record, suite, prefix));
        Relation relation = new Relation(false);
        relation.standby().takenOver(record, epoch);
        sa.carryOn(
                turn,
                relation,
                EstablishedSession.of(session, suite),
                profile.forPeer(session.authenticatedIdentity(), session.aaaAttributes()));
        turn.table().timers().schedule(sa);
        return true;
    }

    long deadline() {
        return Math.min(notifyAt, expiresAt);
    }

    /// Does what is due.
    void pass(Turn turn, IkeSa sa) {
        long now = turn.now().nanos();
        if (expiresAt <= now) {
            turn.count(Counter.EXPIRED_RESTORED);
            sa.close(turn, CloseReason.TIMED_OUT, "", true);
        } else if (notifyAt <= now) {
            transmit(turn, sa);
        }
    }

    private void transmit(Turn turn, IkeSa sa) {
        EstablishedSession session = sa.session();
        if (sent == 0 && session != null) {
            SwitchInitiator.callAside(turn, sa, session, new Duty.CallClient(spiI, spiR, gateway));
        }
        turn.count(sent == 0 ? Counter.SWITCHES_ORDERED : Counter.RETRANSMITTED_REQUEST);
        if (datagrams.isEmpty()) {
            datagrams = seal(turn, sa);
        }
        turn.send(sa.path(), datagrams);
        notifyAt =
                sent + 1 == TRANSMISSIONS
                        ? RequestWindow.NEVER
                        : turn.now().nanos() + (FIRST_WAIT_NANOS << sent);
        sent++;
    }

    private List<byte[]> seal(Turn turn, IkeSa sa) {
        List<Payload> payloads = new ArrayList<>(2 + vouchers.size());
        payloads.add(SwitchInitiator.toPayload(GatewaySwitch.Reason.FAILURE, gateway));
        payloads.addAll(CounterSync.failoverCount(sa));
        vouchers.forEach(
                voucher -> payloads.add(Payload.Notify.of(NotifyType.GATEWAY_VOUCHER, voucher)));
        Header header =
                new Header(
                        spiI,
                        spiR,
                        ExchangeType.INFORMATIONAL,
                        sa.isInitiator(),
                        false,
                        SwitchResponder.NOTICE_ID);
        return sa.seal(turn, header, payloads);
    }

    /// Another member stands in for all of them.
    static void endAll(Turn turn) {
        for (IkeSa sa : turn.table().everything()) {
            if (sa.state() instanceof Restored) {
                sa.close(turn, CloseReason.SUPERSEDED, "", true);
            }
        }
    }
}
