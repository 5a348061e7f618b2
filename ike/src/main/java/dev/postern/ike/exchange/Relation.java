package dev.postern.ike.exchange;

import dev.postern.ike.ConnectionProfile;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.PpkPolicy.Ppk;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// What an IKE SA knows of its authenticated peer: the session, the profile that it goes by, and
/// which of the two is the client. A rekeyed IKE SA hands it to its successor.
final class Relation {
    /// How often a client asks again that was put off.
    private static final int MAXIMUM_PUT_OFF = 3;

    private static final int NO_TICKET = Integer.MAX_VALUE;

    private final boolean client;
    private @Nullable EstablishedSession session;
    private @Nullable ConnectionProfile profile;
    private boolean ticketed;
    private @Nullable TicketFloor floor;
    private @Nullable FollowingTicket followingTicket;
    private @Nullable ReceivedTicket earlyTicket;
    private boolean inAnswer;
    private boolean opaque;
    private byte putOff;

    // Seconds, beside what else is smaller than a reference: a gateway has a hundred thousand.
    private int sendTicketAt = NO_TICKET;
    private long ownDeadline;
    private long probingFloor;
    private List<InetAddress> wanted = List.of();
    private boolean changedPolicy;
    private boolean usesPpk;
    private @Nullable Ppk ppk;
    private @Nullable Octets crashToken;
    private @Nullable FollowUps followUps;
    private Standby standby = new Standby();
    private Vouching vouching = new Vouching();

    /// @param client whether we are the session's initiator: the peer that ran IKE_AUTH or the
    ///   resume as such. A rekeying may swap the roles of the IKE SA; these stay.
    Relation(boolean client) {
        this.client = client;
    }

    void begin(EstablishedSession established, ConnectionProfile connection) {
        if (session == null) {
            ownDeadline = established.hardDeadline();
        }
        session = established;
        profile = connection;
        if (floor == null) {
            floor = TicketFloor.of(established);
        }
    }

    Relation copy() {
        Relation copy = new Relation(client);
        copy.session = session;
        copy.profile = profile;
        copy.ticketed = ticketed;
        copy.opaque = opaque;
        copy.floor = floor;
        copy.ownDeadline = ownDeadline;
        copy.probingFloor = probingFloor;
        copy.changedPolicy = changedPolicy;
        copy.standby = standby.ofSuccessor();
        copy.vouching = vouching.ofSuccessor();
        return copy;
    }

    /// An order has changed what the peer may reach.
    void policyHasChanged() {
        changedPolicy = true;
    }

    boolean hasChangedPolicy() {
        return changedPolicy;
    }

    /// Both peers have said USE_PPK.
    void agreeOnPpk() {
        usesPpk = true;
    }

    boolean usesPpk() {
        return usesPpk;
    }

    /// The key that went into the IKE SA's; null for none.
    @Nullable Ppk ppk() {
        return ppk;
    }

    void usePpk(@Nullable Ppk used) {
        ppk = used;
    }

    /// By what the peer can show that it has lost this IKE SA; null for nothing.
    @Nullable Octets crashToken() {
        return crashToken;
    }

    void keepCrashToken(Octets token) {
        crashToken = token;
    }

    /// What the peer has begun of rekeyings with several key exchanges.
    FollowUps followUps() {
        FollowUps present = followUps;
        if (present == null) {
            present = new FollowUps();
            followUps = present;
        }
        return present;
    }

    /// When the peer has to have gone on with them.
    long followUpDeadline() {
        return followUps == null ? RequestWindow.NEVER : followUps.deadline();
    }

    /// The IKE SA begins nothing any more.
    void forgetFollowUps() {
        if (followUps != null) {
            followUps.forgetAll();
        }
    }

    /// Inner addresses that the client would like to keep.
    void want(List<InetAddress> addresses) {
        wanted = addresses;
    }

    List<InetAddress> wanted() {
        return wanted;
    }

    /// The deadline that the session began with, which no word of the gateway's moves; 0 for none.
    long ownDeadline() {
        return ownDeadline;
    }

    /// Where it stands between the members of a cluster, ours or the peer's.
    Standby standby() {
        return standby;
    }

    /// By what the vouchers of its gateway are known.
    Vouching vouching() {
        return vouching;
    }

    boolean isTicketed() {
        return ticketed;
    }

    boolean isClient() {
        return client;
    }

    /// Null as long as nobody is authenticated.
    @Nullable EstablishedSession session() {
        return session;
    }

    EstablishedSession established() {
        if (session == null) {
            throw new IllegalStateException("the IKE SA is not authenticated yet");
        }
        return session;
    }

    ConnectionProfile profile() {
        if (profile == null) {
            throw new IllegalStateException("the IKE SA is not authenticated yet");
        }
        return profile;
    }

    /// What the profile has for this peer.
    ResumptionPolicy resumption() {
        return profile().resumption().of(established().authenticatedIdentity());
    }

    /// The gateway's word on how often it wants to be checked, in nanoseconds of silence.
    void setProbingFloor(long nanos) {
        probingFloor = nanos;
    }

    /// How the peer is checked.
    LivenessPolicy liveness() {
        return profile().liveness().notBelow(probingFloor);
    }

    /// How our requests are repeated.
    RetransmissionSchedule schedule() {
        return profile instanceof InitiatorProfile own
                ? own.exchangeSchedule()
                : RetransmissionSchedule.STANDARD;
    }

    /// Whether the private numbers of the failover profile mean something to the peer.
    boolean peerSentVendorId() {
        return session != null
                && (session.extensions() & Session.Extension.FAILOVER_VENDOR_ID) != 0;
    }

    /// The client holds a ticket of ours for the 1-RTT profile.
    void noteTicket() {
        ticketed = true;
    }

    /// The ticket of this IKE SA went out in the answer to the rekeying that made it.
    void ticketInAnswer() {
        inAnswer = true;
    }

    /// Whether it is not known yet that the client has that ticket: then its earlier one is good.
    boolean awaitsProofOfTicket() {
        return inAnswer;
    }

    /// The client speaks under this IKE SA, or deletes the one before: the answer has arrived.
    void clientHasTheAnswer() {
        if (inAnswer) {
            inAnswer = false;
            ticketAcknowledged();
        }
    }

    /// The client has acknowledged the ticket of the session as it stands.
    void ticketAcknowledged() {
        floor = TicketFloor.of(established());
    }

    /// Whether a request with such a ticket and switch count was made before the client had what it
    /// is known to have now.
    boolean isBehindFloor(int generation, int switchCount) {
        return floor != null && floor.isAbove(generation, switchCount);
    }

    /// The ticket that is being sealed elsewhere; null for none.
    @Nullable FollowingTicket followingTicket() {
        return followingTicket;
    }

    void setFollowingTicket(@Nullable FollowingTicket next) {
        followingTicket = next;
    }

    /// A ticket of the peer's has come before the Child SAs that it revives.
    void awaitChildSa(ReceivedTicket ticket) {
        earlyTicket = ticket;
    }

    /// When a gateway sends the next ticket by itself, monotonic nanoseconds.
    long sendTicketAt() {
        return sendTicketAt == NO_TICKET
                ? RequestWindow.NEVER
                : sendTicketAt * Now.NANOS_PER_SECOND;
    }

    /// What is too far to be counted is never.
    void sendTicketAt(long instant) {
        long seconds = instant / Now.NANOS_PER_SECOND;
        sendTicketAt = seconds == (int) seconds ? (int) seconds : NO_TICKET;
    }

    /// We hold an RFC 5723 ticket of the peer's.
    void noteOpaqueTicket() {
        opaque = true;
        putOff = 0;
    }

    /// N(TICKET_ACK): the gateway has no RFC 5723 ticket for us yet (RFC 5723 section 4.1). Whether
    /// to ask again within seconds.
    boolean asksAgain() {
        if (!client || putOff >= MAXIMUM_PUT_OFF) {
            return false;
        }
        putOff++;
        return true;
    }

    /// After a rekeying the client asks for another RFC 5723 ticket, and keeps the one it has until
    /// it gets one (RFC 5723 section 6.2). Those of the 1-RTT profile are sent without asking.
    void rekeyed(Turn turn, IkeSa sa) {
        if (client && opaque) {
            TicketRenewal.ask(turn, sa);
        }
        if (inAnswer) {
            SessionRecord.changed(turn, sa);
        } else {
            changed(turn, sa);
        }
    }

    /// A Child SA stands, in the place of another that was rekeyed unless `old` is null. Then the
    /// client gets a fresh ticket too (draft-dondeti-ipsec-failover-sol-00 section 4.1.4); in the
    /// record of a session by reference nothing is different.
    void childSaStands(Turn turn, IkeSa sa, @Nullable HeldChildSa old) {
        if (old == null || old.becomesAnother()) {
            changed(turn, sa);
        } else {
            sendTicket(turn, sa);
        }
    }

    /// What a ticket says has changed: a client that holds one gets another (failover profile,
    /// "Capability negotiation").
    void changed(Turn turn, IkeSa sa) {
        sendTicket(turn, sa);
        ReceivedTicket early = earlyTicket;
        if (early != null) {
            earlyTicket = null;
            early.arrive(turn, sa);
        }
        SessionRecord.changed(turn, sa);
    }

    private void sendTicket(Turn turn, IkeSa sa) {
        if (ticketed && !client) {
            sa.duties().addNow(turn, new Duty.SendTicket());
        }
    }
}
