package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Finds for each message the IKE SA it names and the file that handles it in that IKE SA's state.
/// Nothing is believed here but what the keys have verified.
public final class Router {
    private Router() {}

    public static void begin(Turn turn, Input.Initiate initiate) {
        SaInitInitiator.begin(turn, initiate);
        schedule(turn, turn.table().byHandle(initiate.handle()));
    }

    public static void reauthenticate(Turn turn, Input.Reauthenticate anew) {
        IkeSa old = turn.table().byHandle(anew.replaces());
        SaInitInitiator.begin(turn, anew.exchange());
        IkeSa fresh = turn.table().byHandle(anew.exchange().handle());
        if (old != null && fresh != null) {
            fresh.relation().want(old.innerAddresses());
        }
        schedule(turn, fresh);
    }

    public static void resume(
            Turn turn,
            long handle,
            InitiatorProfile profile,
            Path path,
            ResumableSession resumable) {
        switch (resumable.session().kind()) {
            case ONE_ROUND_TRIP -> ResumeInitiator.begin(turn, handle, profile, path, resumable);
            case RFC_5723 -> OpaqueResumeInitiator.begin(turn, handle, profile, path, resumable);
        }
        schedule(turn, turn.table().byHandle(handle));
    }

    public static void probe(Turn turn, long handle, RetransmissionSchedule schedule) {
        IkeSa sa = turn.table().byHandle(handle);
        if (sa != null && sa.isEstablished()) {
            turn.concern(sa);
            Informational.probe(turn, sa, schedule);
            schedule(turn, sa);
        }
    }

    public static void moved(Turn turn, long handle, Path path) {
        IkeSa sa = turn.table().byHandle(handle);
        if (sa != null) {
            turn.concern(sa);
            Mobility.move(turn, sa, path);
            schedule(turn, sa);
        }
    }

    public static void peerMoved(Turn turn, int inboundSpi, Path from) {
        IkeSa sa = turn.table().byInboundSpi(inboundSpi);
        if (sa != null) {
            turn.concern(sa);
            Mobility.follow(turn, sa, from);
            schedule(turn, sa);
        }
    }

    public static void close(Turn turn, long handle, boolean silently) {
        IkeSa sa = turn.table().byHandle(handle);
        if (sa == null) {
            return;
        }
        turn.concern(sa);
        if (silently) {
            sa.close(turn, CloseReason.CLOSED_LOCALLY, "", false);
        } else {
            Informational.delete(turn, sa, CloseReason.CLOSED_LOCALLY);
            schedule(turn, sa);
        }
    }

    /// Begins an exchange of an established IKE SA, as soon as its window is free.
    private static void begin(Turn turn, long handle, Duty duty) {
        IkeSa sa = turn.table().byHandle(handle);
        if (sa != null && sa.isEstablished()) {
            turn.concern(sa);
            sa.duties().addNow(turn, duty);
            schedule(turn, sa);
        }
    }

    public static void createChildSa(
            Turn turn, long handle, List<TrafficSelector> own, List<TrafficSelector> peer) {
        begin(turn, handle, new Duty.CreateChildSa(List.copyOf(own), List.copyOf(peer)));
    }

    public static void redirect(Turn turn, long handle, GatewayList.Entry gateway) {
        begin(turn, handle, new Duty.Redirect(gateway));
    }

    /// Deletes an IKE SA, as soon as its window is free.
    static void endWith(Turn turn, IkeSa sa, CloseReason reason) {
        turn.concern(sa);
        Informational.delete(turn, sa, reason);
        schedule(turn, sa);
    }

    public static void rekeyIkeSa(Turn turn, long handle) {
        begin(turn, handle, new Duty.RekeyIkeSa());
    }

    /// Rekeys the Child SA, whichever IKE SA it belongs to.
    public static void rekeyChildSa(Turn turn, int inboundSpi) {
        IkeSa sa = turn.table().byInboundSpi(inboundSpi);
        if (sa != null) {
            begin(turn, sa.handle(), new Duty.RekeyChildSa(inboundSpi));
        }
    }

    /// Deletes the Child SA; its IKE SA stays.
    public static void closeChildSa(Turn turn, int inboundSpi) {
        IkeSa sa = turn.table().byInboundSpi(inboundSpi);
        if (sa != null) {
            sa.children().closedByOwner(inboundSpi);
            begin(turn, sa.handle(), new Duty.DeleteChildSa(inboundSpi));
        }
    }

    /// The data plane tells what went through a Child SA.
    public static void childSaUsed(Turn turn, Input.ChildSaUsed used) {
        IkeSa sa = turn.table().byInboundSpi(used.inboundSpi());
        HeldChildSa child = sa == null ? null : sa.children().byInboundSpi(used.inboundSpi());
        if (sa != null && child != null && sa.isEstablished()) {
            turn.concern(sa);
            ChildSaLife.used(turn, sa, child, used.octets(), used.packets());
            schedule(turn, sa);
        }
    }

    public static void askForTicket(Turn turn, long handle) {
        IkeSa sa = turn.table().byHandle(handle);
        if (sa != null && sa.isEstablished()) {
            turn.concern(sa);
            TicketRenewal.ask(turn, sa);
            schedule(turn, sa);
        }
    }

    public static void packetVerified(Turn turn, int inboundSpi) {
        IkeSa sa = turn.table().byInboundSpi(inboundSpi);
        if (sa != null) {
            turn.concern(sa);
            sa.showLife(turn);
            sa.children().notePacket(turn);
            Confirmation.confirm(turn, sa);
            sa.children().used(turn, inboundSpi);
            schedule(turn, sa);
        }
    }

    public static void park(Turn turn, long handle) {
        IkeSa sa = turn.table().byHandle(handle);
        if (sa != null) {
            turn.concern(sa);
            Parking.park(turn, sa);
            schedule(turn, sa);
        }
    }

    public static void parkIdle(Turn turn) {
        Parking.parkIdle(turn);
    }

    public static long nextDeadline(Turn turn) {
        return Math.min(
                turn.takeOvers().deadline(),
                Math.min(turn.table().timers().nextDeadline(), Draining.deadline(turn)));
    }

    /// The answer to a question that an IKE SA has asked; one that comes too late is passed over.
    public static void answered(Turn turn, long askId, Answer answer) {
        IkeSa sa = turn.table().takeAnswered(askId);
        if (sa == null) {
            answer.discard();
            return;
        }
        turn.concern(sa);
        AwaitingAnswer.deliver(turn, sa, answer);
        schedule(turn, sa);
    }

    /// Ends the IKE SA that was worked on when a bug of ours showed; all others go on. The detail
    /// names the place in the code and nothing of the data.
    public static void abandon(Turn turn, RuntimeException bug) {
        IkeSa sa = turn.concerned();
        if (sa != null) {
            StackTraceElement[] trace = bug.getStackTrace();
            String place = trace.length == 0 ? "an unknown place" : trace[0].toString();
            sa.close(
                    turn,
                    CloseReason.INTERNAL_ERROR,
                    bug.getClass().getSimpleName() + " at " + place,
                    false);
        }
    }

    public static void onDeadline(Turn turn) {
        turn.takeOvers().proceed(turn);
        for (IkeSa sa = turn.table().timers().pollDue(turn.now().nanos());
                sa != null;
                sa = turn.table().timers().pollDue(turn.now().nanos())) {
            turn.concern(sa);
            Deadline.pass(turn, sa);
            schedule(turn, sa);
        }
        Draining.pass(turn);
    }

    /// A message from anybody.
    public static void onMessage(Turn turn, Path from, Message message) {
        Header header = message.header();
        if (beginsIkeSa(header.exchange())) {
            if (header.response()) {
                onFirstResponse(turn, from, message);
            } else {
                onFirstRequest(turn, from, message);
            }
            return;
        }
        IkeSa sa = turn.table().byLocalSpi(header.fromInitiator() ? header.spiR() : header.spiI());
        if (sa == null) {
            turn.count(Counter.DROPPED_UNKNOWN_SPI);
            CrashToken.answer(turn, from, message);
        } else if (header.fromInitiator() == sa.isInitiator()
                || (header.fromInitiator() ? header.spiI() : header.spiR()) != sa.peerSpi()) {
            turn.count(Counter.DROPPED_WRONG_DIRECTION);
        } else {
            turn.concern(sa);
            ProtectedMessages.onMessage(turn, sa, from, message);
            schedule(turn, sa);
        }
    }

    private static boolean beginsIkeSa(ExchangeType exchange) {
        return switch (exchange) {
            case IKE_SA_INIT, IKE_SESSION_RESUME, IKE_SESSION_RESUME_1RTT -> true;
            case IKE_AUTH, IKE_INTERMEDIATE, CREATE_CHILD_SA, IKE_FOLLOWUP_KE, INFORMATIONAL ->
                    false;
        };
    }

    private static void onFirstRequest(Turn turn, Path from, Message message) {
        Header header = message.header();
        boolean oneRoundTrip = header.exchange() == ExchangeType.IKE_SESSION_RESUME_1RTT;
        // Draft section 4.2.3: the responder's SPI in a 1-RTT request can be ignored.
        if (!header.fromInitiator()
                || (!oneRoundTrip && (header.spiR() != 0 || header.messageId() != 0))) {
            turn.count(Counter.DROPPED_WRONG_STATE);
            return;
        }
        IkeSa known = turn.table().byFirstRequest(message);
        if (known != null) {
            retransmitFirstResponse(turn, known, from);
            return;
        }
        if (turn.configuration().profiles().isEmpty()) {
            turn.count(Counter.DROPPED_WRONG_STATE);
            return;
        }
        Integer critical = Message.findUnknownCritical(message.payloads());
        if (critical != null) {
            turn.count(Counter.REFUSED_CRITICAL_PAYLOAD);
            Octets type = Octets.of(new byte[] {critical.byteValue()});
            Payload.Notify notify =
                    Payload.Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, type);
            SaInitResponder.refuse(turn, from, header, notify);
            return;
        }
        switch (header.exchange()) {
            case IKE_SA_INIT -> SaInitResponder.onRequest(turn, from, message);
            case IKE_SESSION_RESUME -> OpaqueResumeResponder.onRequest(turn, from, message);
            case IKE_SESSION_RESUME_1RTT -> ResumeResponder.onRequest(turn, from, message);
            case IKE_AUTH, IKE_INTERMEDIATE, CREATE_CHILD_SA, IKE_FOLLOWUP_KE, INFORMATIONAL ->
                    throw new IllegalStateException(header.exchange() + " begins no IKE SA");
        }
    }

    /// The same octets get the same answer, as long as nothing has followed them.
    private static void retransmitFirstResponse(Turn turn, IkeSa known, Path from) {
        byte[] response =
                switch (known.state()) {
                    case HalfOpen half -> half.response();
                    case Provisional provisional -> provisional.response();
                    case SaInitInitiator _,
                            OpaqueResumeInitiator _,
                            IntermediateInitiator _,
                            AuthInitiator _,
                            EapInitiating _,
                            ResumeInitiator _,
                            EapResponding _,
                            Refused _,
                            AwaitingLease _,
                            AwaitingRevocation _,
                            StoreQuestion _,
                            TicketQuestion _,
                            Unadopted _,
                            Replaced _,
                            Restored _,
                            Established _,
                            Deleting _,
                            Closed _ ->
                            null;
                };
        if (response == null) {
            turn.count(Counter.DROPPED_WRONG_STATE);
        } else {
            turn.count(Counter.RETRANSMITTED_RESPONSE);
            turn.send(from, response);
        }
    }

    /// It comes from where the request went (RFC 7296 section 2.11): a copy of the request that
    /// somebody has sent to another gateway of the domain gets an authentic answer there.
    private static void onFirstResponse(Turn turn, Path from, Message message) {
        Header header = message.header();
        IkeSa sa = turn.table().byLocalSpi(header.spiI());
        if (sa == null || !sa.isInitiator() || header.fromInitiator()) {
            turn.count(Counter.DROPPED_UNKNOWN_SPI);
            return;
        }
        if (!sa.requests().awaits(header.exchange(), header.messageId())
                || !OtherWays.takes(sa, from)) {
            turn.count(Counter.DROPPED_UNWANTED_RESPONSE);
            return;
        }
        turn.concern(sa);
        switch (sa.state()) {
            case SaInitInitiator state -> state.onResponse(turn, sa, message);
            case OpaqueResumeInitiator state -> state.onResponse(turn, sa, message);
            case ResumeInitiator state -> state.onResponse(turn, sa, message);
            case IntermediateInitiator _,
                    AuthInitiator _,
                    EapInitiating _,
                    HalfOpen _,
                    EapResponding _,
                    Refused _,
                    AwaitingLease _,
                    AwaitingRevocation _,
                    StoreQuestion _,
                    TicketQuestion _,
                    Provisional _,
                    Unadopted _,
                    Replaced _,
                    Restored _,
                    Established _,
                    Deleting _,
                    Closed _ ->
                    turn.count(Counter.DROPPED_WRONG_STATE);
        }
        schedule(turn, sa);
    }

    /// Begins what the IKE SA has to do, and notes when it wants to be woken.
    static void schedule(Turn turn, @Nullable IkeSa sa) {
        if (sa != null) {
            Duties.pursue(turn, sa);
            turn.noteChanged(sa);
        }
        if (sa != null && !(sa.state() instanceof Closed)) {
            turn.table().timers().schedule(sa);
        }
    }
}
