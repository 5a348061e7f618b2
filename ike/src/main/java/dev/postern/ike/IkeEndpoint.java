package dev.postern.ike;

import dev.postern.crypto.Entropy;
import dev.postern.ike.exchange.Draining;
import dev.postern.ike.exchange.HotStandby;
import dev.postern.ike.exchange.IkeSa;
import dev.postern.ike.exchange.Mobility;
import dev.postern.ike.exchange.OtherWays;
import dev.postern.ike.exchange.Parking;
import dev.postern.ike.exchange.Reauthorization;
import dev.postern.ike.exchange.RevokedSessions;
import dev.postern.ike.exchange.Router;
import dev.postern.ike.exchange.Turn;
import dev.postern.ike.guard.FirstLook;
import dev.postern.ike.guard.KnownSpis;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/// IKE SAs in both roles, without clock, socket or thread: inputs and instants go in, effects come
/// out. Single-threaded. Given the same inputs, instants and entropy it does the same, octet by
/// octet.
public final class IkeEndpoint {
    /// Answers to requests of a higher major version, at most this many per second.
    private static final int VERSION_ANSWERS_PER_SECOND = 10;

    private final Turn turn;
    private final Consumer<RuntimeException> ownBugs;
    private final Counters counters = new Counters();
    private long versionSecond;
    private int versionAnswers;

    /// @param entropy the only source of randomness, for this endpoint alone
    /// @param ownBugs told of every exception that is a bug of ours, before the IKE SA that it
    ///   concerns is closed; a simulator throws it on, a gateway writes it to its log
    public IkeEndpoint(
            EndpointConfiguration configuration,
            Entropy entropy,
            Consumer<RuntimeException> ownBugs) {
        this.turn = new Turn(configuration, entropy, counters);
        this.ownBugs = ownBugs;
    }

    public IkeEndpoint(EndpointConfiguration configuration, Entropy entropy) {
        this(configuration, entropy, _ -> {});
    }

    /// Tickets may be about that are good for so long, whatever lifetime they get today.
    public void keepRevocationsFor(long seconds) {
        turn.revocations().keepFor(seconds);
    }

    /// What other threads may know of a datagram before this endpoint sees it.
    ///
    /// @param mightOpen whether a key of this TGS-SPI is among ours, for any thread
    /// @param spis learns which SPIs are in use; once, before anything is handled
    public FirstLook firstLook(LongPredicate mightOpen, KnownSpis spis) {
        turn.table().publish(spis);
        return new FirstLook(mightOpen, turn.cookies(), spis);
    }

    /// Handles one input; the effects are to be carried out in order. Whatever a peer sends, this
    /// returns: a bug of ours ends the IKE SA that it concerns and no other.
    public List<Effect> handle(Now now, Input input) {
        turn.begin(now);
        try {
            dispatch(input);
        } catch (RuntimeException bug) {
            turn.count(Counter.INTERNAL_ERROR);
            ownBugs.accept(bug);
            Router.abandon(turn, bug);
        }
        return turn.end();
    }

    private void dispatch(Input input) {
        switch (input) {
            case Input.Datagram datagram -> onDatagram(datagram);
            case Input.DeadlineReached _ -> Router.onDeadline(turn);
            case Input.Answered answered ->
                    Router.answered(turn, answered.askId(), answered.answer());
            case Input.PacketVerified verified ->
                    Router.packetVerified(turn, verified.inboundSpi());
            case Input.Initiate initiate -> Router.begin(turn, initiate);
            case Input.Reauthenticate anew -> Router.reauthenticate(turn, anew);
            case Input.Resume resume ->
                    Router.resume(
                            turn,
                            resume.handle(),
                            resume.profile(),
                            resume.path(),
                            resume.session());
            case Input.AlsoBy way -> OtherWays.add(turn, way.handle(), way.path());
            case Input.Probe probe -> Router.probe(turn, probe.handle(), probe.schedule());
            case Input.CreateChildSa create ->
                    Router.createChildSa(turn, create.handle(), create.local(), create.remote());
            case Input.RekeyIkeSa rekey -> Router.rekeyIkeSa(turn, rekey.handle());
            case Input.RekeyChildSa rekey -> Router.rekeyChildSa(turn, rekey.inboundSpi());
            case Input.CloseChildSa closed -> Router.closeChildSa(turn, closed.inboundSpi());
            case Input.ChildSaUsed used -> Router.childSaUsed(turn, used);
            case Input.AskForTicket ask -> Router.askForTicket(turn, ask.handle());
            case Input.Moved moved -> Router.moved(turn, moved.handle(), moved.path());
            case Input.AdvertiseAddresses(List<InetAddress> addresses) ->
                    Mobility.advertise(turn, addresses);
            case Input.PeerMoved moved -> Router.peerMoved(turn, moved.inboundSpi(), moved.from());
            case Input.Close close -> Router.close(turn, close.handle(), close.silently());
            case Input.AnnounceGateways(AlternativeGateways gateways) ->
                    turn.setAlternativeGateways(gateways);
            case Input.Revoke(Revocation revocation) -> RevokedSessions.revoke(turn, revocation);
            case Input.Park park -> Router.park(turn, park.handle());
            case Input.ParkIdle _ -> Router.parkIdle(turn);
            case Input.ParkPeer(Identity peer) -> Parking.peer(turn, peer);
            case Input.ParkSpi(long spi) -> Parking.spi(turn, spi);
            case Input.KnowRevocations known -> turn.know(known.evidence());
            case Input.Reauthorize change -> Reauthorization.of(turn, change);
            case Input.Redirects(RedirectPolicy policy) -> turn.setRedirects(policy);
            case Input.Redirect redirect ->
                    Router.redirect(turn, redirect.handle(), redirect.gateway());
            case Input.Drain(DrainOrder order) -> Draining.begin(turn, order);
            case Input.Undrain _ -> Draining.end(turn);
            case Input.SequencesUsed used -> HotStandby.sequencesUsed(turn, used);
            case Input.PacketRefused refused ->
                    HotStandby.packetRefused(turn, refused.inboundSpi());
            case Input.WaywardPackets(List<Input.Wayward> packets) ->
                    HotStandby.wayward(turn, packets);
            case Input.TakeOver takeOver ->
                    turn.takeOvers()
                            .add(turn, takeOver.records(), takeOver.epoch(), takeOver.outdated());
            case Input.Succeed succeed ->
                    turn.takeOvers()
                            .add(turn, succeed.records(), succeed.epoch(), succeed.succession());
            case Input.HoldVouchers(HeldVouchers vouchers) -> turn.holdVouchers(vouchers);
            case Input.StandDown _ -> HotStandby.standDown(turn);
        }
    }

    /// The next instant, in monotonic nanoseconds, at which [Input.DeadlineReached] is wanted;
    /// `Long.MAX_VALUE` for none.
    public long nextDeadline() {
        return Router.nextDeadline(turn);
    }

    /// Whether a message says that it belongs to an IKE SA that stands here.
    public boolean holds(byte[] message) {
        return HotStandby.holds(turn, message);
    }

    /// Whether an order can be carried out; nothing changes.
    public boolean admits(Input.Reauthorize change) {
        return Reauthorization.isPossible(turn, change);
    }

    /// How many established IKE SAs an order names, whether or not they can be parked now.
    public int meant(Input.ParkPeer order) {
        return Parking.meant(turn, order.peer());
    }

    /// How many established IKE SAs an order names, whether or not they can be parked now.
    public int meant(Input.ParkSpi order) {
        return Parking.meant(turn, order.spi());
    }

    /// What an authenticated IKE SA knows of its peer; null where there is no such IKE SA.
    public @Nullable EstablishedSession session(long handle) {
        IkeSa sa = turn.table().byHandle(handle);
        return sa == null ? null : sa.session();
    }

    /// The name of the state that an IKE SA is in; empty where there is no such IKE SA.
    public String state(long handle) {
        IkeSa sa = turn.table().byHandle(handle);
        return sa == null ? "" : sa.state().getClass().getSimpleName();
    }

    /// Every IKE SA under a name: while one is rekeyed, also its successor and what it was before.
    public List<Standing> standings(long handle) {
        return turn.table().named(handle).stream()
                .map(sa ->
                        new Standing(
                                sa.localSpi(),
                                sa.peerSpi(),
                                sa.isInitiator(),
                                sa.state().getClass().getSimpleName()))
                .toList();
    }

    /// How far this gateway is with emptying itself.
    public DrainProgress drainProgress() {
        return Draining.progress(turn);
    }

    public Counters counters() {
        return counters;
    }

    /// IKE SAs in any state.
    public int size() {
        return turn.table().size();
    }

    public int halfOpen() {
        return turn.table().halfOpen();
    }

    public int provisional() {
        return turn.table().provisional();
    }

    /// Octets that incomplete messages take (RFC 7383).
    public long fragmentOctets() {
        return turn.fragmentOctets();
    }

    private void onDatagram(Input.Datagram datagram) {
        Message message;
        try {
            message = MessageCodec.decode(datagram.octets());
        } catch (MalformedException e) {
            turn.count(counterOf(e.malformation()));
            if (MessageCodec.claimsHigherMajorVersion(datagram.octets())) {
                answerHigherVersion(datagram);
            }
            return;
        }
        Router.onMessage(turn, datagram.path(), message);
    }

    /// RFC 7296 section 2.5: a request of a version that we do not speak is told so, in clear text
    /// and sparingly.
    private void answerHigherVersion(Input.Datagram datagram) {
        long second = turn.now().nanos() / Now.NANOS_PER_SECOND;
        if (second != versionSecond) {
            versionSecond = second;
            versionAnswers = 0;
        }
        Header header = MessageCodec.foreignHeader(datagram.octets());
        if (header == null || header.response() || versionAnswers >= VERSION_ANSWERS_PER_SECOND) {
            return;
        }
        versionAnswers++;
        turn.count(Counter.REFUSED_MAJOR_VERSION);
        Payload.Notify notify =
                Payload.Notify.of(NotifyType.INVALID_MAJOR_VERSION, Octets.of(new byte[] {2}));
        turn.send(datagram.path(), MessageCodec.encode(header.toResponse(), List.of(notify)));
    }

    private static Counter counterOf(Malformation malformation) {
        return switch (malformation) {
            case TRUNCATED -> Counter.MALFORMED_TRUNCATED;
            case LENGTH_MISMATCH -> Counter.MALFORMED_LENGTH_MISMATCH;
            case LENGTH_TOO_SMALL -> Counter.MALFORMED_LENGTH_TOO_SMALL;
            case LENGTH_TOO_LARGE -> Counter.MALFORMED_LENGTH_TOO_LARGE;
            case TRAILING_OCTETS -> Counter.MALFORMED_TRAILING_OCTETS;
            case VERSION -> Counter.MALFORMED_VERSION;
            case EXCHANGE_TYPE -> Counter.MALFORMED_EXCHANGE_TYPE;
            case HEADER -> Counter.MALFORMED_HEADER;
            case TOO_MANY -> Counter.MALFORMED_TOO_MANY;
            case PAYLOAD_ORDER -> Counter.MALFORMED_PAYLOAD_ORDER;
            case FIELD -> Counter.MALFORMED_FIELD;
        };
    }
}
