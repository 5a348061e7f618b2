package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.ike.ConnectionProfile;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.ike.Path;
import dev.postern.ike.exchange.HeldChildSa.Standing;
import dev.postern.ike.negotiate.ChildProposals;
import dev.postern.ike.sa.ChildSa;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// CREATE_CHILD_SA for a Child SA at its initiator, RFC 7296 sections 1.3.1 and 1.3.3:
///
///     HDR, SK{ [N(REKEY_SA)], SA, Ni, [KEi], TSi, TSr }   -->
///                                            <--   HDR, SK{ SA, Nr, [KEr], TSi, TSr }
///
/// With additional key exchanges [FollowUpInitiator] goes on, and the Child SA comes after the last
/// one (RFC 9370 section 2.2.4).
final class ChildSaInitiator implements OwnRequest, FollowedUp {
    /// A responder that keeps asking for other groups does not want us.
    private static final int MAXIMUM_RESTARTS = 2;

    private final @Nullable ChildSa replaced;
    private final @Nullable FurtherChildSa wanted;
    private final SelectorPolicy wish;
    private final boolean transport;
    private final Path path;
    private final ChildProposals proposals;
    private final @Nullable RekeyKeyExchange keyExchange;
    private final int inboundSpi;
    private final byte[] ni;
    private final int restarts;
    private final ChildSaCollision collision;
    private @Nullable Made made;

    /// What the peer has answered.
    private record Made(ChildSa child, byte[] nr) {}

    private ChildSaInitiator(
            Turn turn,
            IkeSa sa,
            @Nullable ChildSa replaced,
            @Nullable FurtherChildSa wanted,
            SelectorPolicy wish,
            @Nullable KeyExchangeMethod method,
            int restarts) {
        ConnectionProfile profile = sa.relation().profile();
        this.replaced = replaced;
        this.wanted = wanted;
        this.transport =
                replaced == null ? TransportMode.isWanted(profile) : replaced.isTransport();
        this.path = sa.path();
        this.wish = transport ? wish.at(path) : wish;
        this.proposals =
                ChildProposals.of(
                        CounterSync.suites(sa),
                        IkeSaSuccession.suites(sa),
                        profile.life().childKeyExchange());
        this.inboundSpi = turn.newEspSpi();
        this.ni = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        this.collision = new ChildSaCollision(replacedSpi(), ni);
        this.keyExchange = method == null ? null : RekeyKeyExchange.begin(method, turn.entropy());
        this.restarts = restarts;
    }

    /// Asks for a further Child SA.
    static void create(Turn turn, IkeSa sa, List<TrafficSelector> own, List<TrafficSelector> peer) {
        transmit(turn, sa, null, null, new SelectorPolicy(own, peer), methodOf(sa), 0);
    }

    /// Asks for one that the client is configured to have.
    static void setUp(Turn turn, IkeSa sa, FurtherChildSa wanted, SelectorPolicy wish) {
        transmit(turn, sa, null, wanted, wish, methodOf(sa), 0);
    }

    /// Asks for what the last Child SA was, where there is none any more.
    static void restore(
            Turn turn, IkeSa sa, List<TrafficSelector> own, List<TrafficSelector> peer) {
        if (sa.children().isMissing()) {
            create(turn, sa, own, peer);
        }
    }

    /// Rekeys a Child SA that is in use.
    static void rekey(Turn turn, IkeSa sa, int inboundSpi) {
        HeldChildSa old = sa.children().byInboundSpi(inboundSpi);
        if (sa.relation().followUps().ofChild(inboundSpi) != null) {
            // The peer is at it (RFC 9370 section 2.2.4).
            sa.duties().addLater(turn, new Duty.RekeyChildSa(inboundSpi));
        } else if (old != null && old.isLive()) {
            ChildSa child = old.child();
            SelectorPolicy wish = old.wish(sa.isClient());
            transmit(turn, sa, child, old.further(), wish, methodOf(sa), 0);
        }
    }

    private static @Nullable KeyExchangeMethod methodOf(IkeSa sa) {
        return sa.relation().profile().life().childKeyExchange() == ChildKeyExchange.NEVER
                ? null
                : sa.relation().established().suite().keyExchange();
    }

    private static void transmit(
            Turn turn,
            IkeSa sa,
            @Nullable ChildSa replaced,
            @Nullable FurtherChildSa wanted,
            SelectorPolicy wish,
            @Nullable KeyExchangeMethod method,
            int restarts) {
        ChildSaInitiator request =
                new ChildSaInitiator(turn, sa, replaced, wanted, wish, method, restarts);
        sa.request(
                turn,
                ExchangeType.CREATE_CHILD_SA,
                request.payloads(),
                sa.relation().schedule(),
                request);
    }

    private List<Payload> payloads() {
        List<Payload> payloads = new ArrayList<>();
        if (replaced != null) {
            payloads.add(
                    new Payload.Notify(
                            Protocol.ESP,
                            Octets.ofInt(replaced.inboundSpi()),
                            NotifyType.REKEY_SA.code(),
                            Octets.EMPTY));
        }
        KeyExchangeMethod method = keyExchange == null ? null : keyExchange.method();
        payloads.add(new Payload.SecurityAssociation(proposals.offer(inboundSpi, method)));
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        if (keyExchange != null) {
            payloads.add(keyExchange.payload());
        }
        payloads.add(new Payload.TsInitiator(wish.own()));
        payloads.add(new Payload.TsResponder(wish.peer()));
        payloads.addAll(TransportMode.asked(transport));
        return payloads;
    }

    /// Whether this rekeys the Child SA with this inbound SPI of ours.
    boolean rekeys(int spi) {
        return replaced != null && replaced.inboundSpi() == spi;
    }

    ChildSaCollision collision() {
        return collision;
    }

    @Override
    public void abandon(Turn turn) {
        if (keyExchange != null) {
            keyExchange.close();
        }
    }

    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        Payload.Notify error = Message.findError(payloads);
        if (error != null) {
            abandon(turn);
            refused(turn, sa, error);
            return;
        }
        Payload.SecurityAssociation chosen =
                Message.find(payloads, Payload.SecurityAssociation.class);
        Payload.Nonce nonce = Message.find(payloads, Payload.Nonce.class);
        AnsweredSelectors selectors = AnsweredSelectors.judge(payloads, wish, transport, path);
        KeyExchangeMethod offered = keyExchange == null ? null : keyExchange.method();
        ChildProposals.Chosen agreed =
                chosen == null ? null : proposals.verify(chosen.proposals(), offered);
        if (agreed == null || nonce == null || selectors == null) {
            abandon(turn);
            renounce(turn, sa, "the peer's answer goes beyond the offer, or lacks a part of it");
            return;
        }
        ChildSa child =
                new ChildSa(
                        inboundSpi,
                        agreed.spi(),
                        agreed.suite(),
                        sa.isClient() ? selectors.own() : selectors.peer(),
                        sa.isClient() ? selectors.peer() : selectors.own(),
                        selectors.transport());
        install(turn, sa, child, agreed, payloads, nonce.data().array());
    }

    private void install(
            Turn turn,
            IkeSa sa,
            ChildSa child,
            ChildProposals.Chosen agreed,
            List<Payload> payloads,
            byte[] nr) {
        Made answered = new Made(child, nr);
        if (agreed.series() == null || keyExchange == null) {
            abandon(turn);
            finish(turn, sa, answered, new ChildSaKeys.Nonces(ni, nr, true));
            return;
        }
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        if (ke == null || ke.method() != agreed.series().first().transformId()) {
            abandon(turn);
            renounce(turn, sa, "the peer's answer lacks KEr");
            return;
        }
        SharedSecrets secrets;
        try (keyExchange) {
            secrets = SharedSecrets.of(keyExchange.agree(ke));
        } catch (InvalidKeyExchangeException e) {
            turn.count(Counter.DROPPED_KEY_EXCHANGE);
            renounce(turn, sa, "the peer's KEr is unusable: " + e.getMessage());
            return;
        }
        if (agreed.series().additional().isEmpty()) {
            try (secrets) {
                finish(turn, sa, answered, new ChildSaKeys.Nonces(ni, nr, true).with(secrets));
            }
        } else if (collision.isLostAt(sa, nr)) {
            // The peer's rekeying of it goes on, and there is nothing of ours to delete.
            secrets.close();
            turn.count(Counter.REKEY_COLLISION);
            // Should it never end; otherwise this finds nothing to rekey.
            sa.duties().addLater(turn, duty(sa));
        } else {
            collision.wonAt(turn, sa);
            made = answered;
            FollowUpInitiator.begin(
                    turn, sa, this, agreed.series().additional(), secrets, payloads);
        }
    }

    private void finish(Turn turn, IkeSa sa, Made answered, ChildSaKeys.Nonces keys) {
        ChildSaKeys.install(turn, sa, answered.child(), replacedSpi(), keys);
        if (wanted != null && replaced == null) {
            sa.children().serve(turn, inboundSpi, wanted);
        }
        settle(turn, sa, answered.nr());
    }

    @Override
    public void completed(Turn turn, IkeSa sa, SharedSecrets secrets, List<Payload> answer) {
        Made answered = made;
        if (answered == null) {
            throw new IllegalStateException("nothing was agreed on");
        }
        finish(turn, sa, answered, new ChildSaKeys.Nonces(ni, answered.nr(), true).with(secrets));
    }

    @Override
    public void failed(Turn turn, IkeSa sa, String detail) {
        turn.emit(new Event.ChildSaRefused(sa.handle(), replacedSpi(), detail));
        sa.duties().addLater(turn, duty(sa));
    }

    /// The Child SA that is being made, in whichever of its exchanges; null for none.
    static @Nullable ChildSaInitiator pendingAt(IkeSa sa) {
        return sa.pending() instanceof ChildSaInitiator own
                ? own
                : FollowUpInitiator.pendingAt(sa) instanceof ChildSaInitiator own ? own : null;
    }

    /// Whether we have agreed on rekeying this Child SA, and its additional key exchanges are under
    /// way.
    static boolean followsUp(IkeSa sa, int inboundSpi) {
        return FollowUpInitiator.pendingAt(sa) instanceof ChildSaInitiator own
                && own.rekeys(inboundSpi);
    }

    private int replacedSpi() {
        return replaced == null ? HeldChildSa.NONE : replaced.inboundSpi();
    }

    /// The new Child SA stands. Without a collision it takes over, and we delete the old one; with
    /// one, the nonces decide (section 2.8.1).
    private void settle(Turn turn, IkeSa sa, byte[] nr) {
        ChildSas children = sa.children();
        HeldChildSa fresh = children.byInboundSpi(inboundSpi);
        if (fresh == null) {
            throw new IllegalStateException("the Child SA was not installed");
        }
        HeldChildSa other = collision.rivalAt(sa);
        if (collision.isLostAt(sa, nr)) {
            turn.count(Counter.REKEY_COLLISION);
            ChildSaDeletion.intend(turn, sa, fresh);
            return;
        }
        collision.wonAt(turn, sa);
        if (other != null) {
            turn.count(Counter.REKEY_COLLISION);
            other.stand(Standing.REPLACED);
        }
        ChildSas.seal(turn, fresh);
        turn.emit(new Event.ChildSaEstablished(sa.handle(), inboundSpi, replacedSpi()));
        HeldChildSa old = children.byInboundSpi(replacedSpi());
        if (old != null) {
            ChildSaDeletion.intend(turn, sa, old);
        }
        sa.relation().childSaStands(turn, sa, old);
    }

    /// The peer holds a Child SA that we do not want: it is told.
    private void renounce(Turn turn, IkeSa sa, String detail) {
        turn.emit(new Event.ChildSaRefused(sa.handle(), replacedSpi(), detail));
        ChildSaDeletion.send(turn, sa, inboundSpi);
    }

    private void refused(Turn turn, IkeSa sa, Payload.Notify error) {
        NotifyType type = NotifyType.of(error.type());
        boolean obsolete = replaced != null && isReplacedAlready(sa);
        if (type == NotifyType.INVALID_KE_PAYLOAD && !obsolete && restarts < MAXIMUM_RESTARTS) {
            KeyExchangeMethod other = RekeyKeyExchange.wantedBy(error);
            if (other != null && proposals.methods().contains(other)) {
                transmit(turn, sa, replaced, wanted, wish, other, restarts + 1);
                return;
            }
        }
        if (obsolete) {
            return;
        }
        if (type == NotifyType.CHILD_SA_NOT_FOUND && replaced != null) {
            startAnew(turn, sa, replaced);
            return;
        }
        if (type == NotifyType.TEMPORARY_FAILURE || replaced != null) {
            sa.duties().addLater(turn, duty(sa));
        }
        if (type != NotifyType.TEMPORARY_FAILURE) {
            turn.emit(
                    new Event.ChildSaRefused(
                            sa.handle(),
                            replacedSpi(),
                            "the peer answered " + NotifyType.name(error.type())));
            endWithoutTunnel(turn, sa);
        }
    }

    /// A client that had a Child SA, and is refused another, begins from scratch.
    private void endWithoutTunnel(Turn turn, IkeSa sa) {
        if (replaced == null && sa.isClient() && sa.children().isMissing()) {
            sa.duties().close(turn, CloseReason.CLOSED_LOCALLY);
        }
    }

    @Override
    public Duty again(IkeSa sa) {
        return duty(sa);
    }

    private Duty duty(IkeSa sa) {
        return replaced == null ? anew(sa) : new Duty.RekeyChildSa(replaced.inboundSpi());
    }

    private Duty anew(IkeSa sa) {
        if (wanted != null) {
            return new Duty.SetUpChildSa(wanted);
        }
        return sa.children().isMissing()
                ? new Duty.RestoreChildSa(wish.own(), wish.peer())
                : new Duty.CreateChildSa(wish.own(), wish.peer());
    }

    /// The peer has deleted or rekeyed it while our request was on its way (section 2.25.1).
    private boolean isReplacedAlready(IkeSa sa) {
        HeldChildSa old = sa.children().byInboundSpi(replacedSpi());
        return old == null || !old.isLive() || collision.isNoted();
    }

    /// The peer knows nothing of it: it is removed silently, and another one made from scratch
    /// (section 2.25), unless there is one for the same packets.
    private void startAnew(Turn turn, IkeSa sa, ChildSa unknown) {
        HeldChildSa old = sa.children().byInboundSpi(unknown.inboundSpi());
        if (old != null) {
            sa.children().remove(turn, sa, old);
        }
        if (!sa.children().hasLike(unknown)) {
            sa.duties().addNow(turn, anew(sa));
        }
    }
}
