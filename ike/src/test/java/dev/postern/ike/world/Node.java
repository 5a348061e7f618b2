package dev.postern.ike.world;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One endpoint with its address, and a record of all that it wanted done.
public final class Node {
    private final World world;
    private final String name;
    private InetSocketAddress address;
    private final SeededEntropy entropy;
    private final IkeEndpoint endpoint;
    private final Pool pool;
    private final StoreByHand store;
    private final List<Effect> effects = new ArrayList<>();
    private final Map<Integer, ChildSaInstallation> installed = new LinkedHashMap<>();
    private final Set<Integer> active = new LinkedHashSet<>();
    private TicketServiceByHand ticketService = new TicketServiceByHand("vpn.example");
    private final StandbyShelf standby = new StandbyShelf();
    private boolean up = true;
    private EapSeat<Ask.EapToServer> eapServer = _ -> null;
    private EapSeat<Ask.EapToPeer> eapPeer = _ -> null;
    private EapSeat<Ask.LookUpRevocation> revocation = _ -> null;
    private EapSeat<Ask.VerifyVouchers> notary = _ -> null;

    Node(
            World world,
            String name,
            InetSocketAddress address,
            EndpointConfiguration configuration,
            SeededEntropy entropy,
            Pool pool,
            StoreByHand store) {
        this.store = store;
        this.world = world;
        this.name = name;
        this.address = address;
        this.entropy = entropy;
        this.endpoint = new IkeEndpoint(configuration, entropy, Node::rethrow);
        this.pool = pool;
    }

    /// In a test nothing is a bug that may pass.
    private static void rethrow(RuntimeException bug) {
        throw bug;
    }

    void moveTo(InetSocketAddress other) {
        address = other;
    }

    public InetSocketAddress address() {
        return address;
    }

    public IkeEndpoint endpoint() {
        return endpoint;
    }

    public SeededEntropy entropy() {
        return entropy;
    }

    public Pool pool() {
        return pool;
    }

    /// Loses power: nothing is handled from now on.
    public void die() {
        up = false;
    }

    boolean isUp() {
        return up;
    }

    long nextDeadline() {
        return up ? endpoint.nextDeadline() : Long.MAX_VALUE;
    }

    /// Hands in an input now and carries the effects out.
    public List<Effect> give(Input input) {
        List<Effect> wanted = List.copyOf(endpoint.handle(world.now(), input));
        effects.addAll(wanted);
        wanted.forEach(this::carryOut);
        return wanted;
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send send ->
                    world.send(new Datagram(address, send.path().remote(), send.octets().clone()));
            case Effect.InstallChildSa install -> {
                ChildSaInstallation before =
                        installed.put(install.installation().inboundSpi(), install.installation());
                if (before != null) {
                    throw new AssertionError(name + " installed an inbound SPI twice");
                }
            }
            case Effect.ActivateChildSa activate -> {
                requireInstalled(activate.inboundSpi());
                active.add(activate.inboundSpi());
            }
            case Effect.MoveChildSa move -> requireInstalled(move.inboundSpi());
            case Effect.RemoveChildSa remove -> {
                requireInstalled(remove.inboundSpi());
                installed.remove(remove.inboundSpi());
                active.remove(remove.inboundSpi());
            }
            case Effect.SkipSequences skip -> requireInstalled(skip.inboundSpi());
            case Effect.OfStandby told -> standby.follow(told);
            case Effect.Raise raise -> answer(raise);
            case Effect.Emit _, Effect.LogKeys _ -> {}
        }
    }

    private void requireInstalled(int inboundSpi) {
        if (!installed.containsKey(inboundSpi)) {
            throw new AssertionError(name + " speaks of a Child SA that is not installed");
        }
    }

    private void answer(Effect.Raise raise) {
        switch (raise.ask()) {
            case Ask.LeaseAddresses lease -> {
                if (!pool.isSilent()) {
                    world.soon(() -> give(new Input.Answered(raise.askId(), pool.answer(lease))));
                }
            }
            case Ask.EapToServer ask -> answerLater(raise, eapServer.answer(ask));
            case Ask.EapToPeer ask -> answerLater(raise, eapPeer.answer(ask));
            case Ask.LookUpGateways _ ->
                    throw new AssertionError("an endpoint asks for no names: " + raise);
            case Ask.LookUpRevocation ask -> answerLater(raise, revocation.answer(ask));
            case Ask.VerifyVouchers ask -> answerLater(raise, notary.answer(ask));
            case Ask.OfTicketService ask -> {
                if (!ticketService.isSilent()) {
                    world.later(
                            ticketService.delayNanos(),
                            () -> answerFromService(raise.askId(), ask));
                }
            }
            case Ask.OfStore ask -> {
                long delay = store.delayNanos();
                if (!store.isSilent()) {
                    world.later(delay, () -> answerFromStore(raise.askId(), ask));
                }
            }
        }
    }

    /// What whoever is asked says to a question, be it ever so late; null for nothing.
    public @Nullable Answer answerTo(Ask question) {
        return switch (question) {
            case Ask.LeaseAddresses ask -> pool.answer(ask);
            case Ask.EapToServer ask -> eapServer.answer(ask);
            case Ask.EapToPeer ask -> eapPeer.answer(ask);
            case Ask.LookUpGateways _ -> null;
            case Ask.LookUpRevocation ask -> revocation.answer(ask);
            case Ask.VerifyVouchers ask -> notary.answer(ask);
            case Ask.OfTicketService ask -> ticketService.answer(ask, world.now().epochSeconds());
            case Ask.OfStore ask -> store.answer(ask, world.now().epochSeconds());
        };
    }

    private void answerFromStore(long askId, Ask.OfStore ask) {
        Answer answer = store.answer(ask, world.now().epochSeconds());
        if (up) {
            give(new Input.Answered(askId, answer));
        }
    }

    private void answerFromService(long askId, Ask.OfTicketService ask) {
        Answer answer = ticketService.answer(ask, world.now().epochSeconds());
        for (int i = 0; up && i < ticketService.times(); i++) {
            give(new Input.Answered(askId, answer));
        }
    }

    private void answerLater(Effect.Raise raise, @Nullable Answer answer) {
        if (answer != null) {
            world.soon(() -> give(new Input.Answered(raise.askId(), answer)));
        }
    }

    /// The EAP server or peer beside an endpoint.
    @FunctionalInterface
    public interface EapSeat<A extends Ask> {
        /// The answer, or null for none ever.
        @Nullable Answer answer(A ask);
    }

    public void seatEapServer(EapSeat<Ask.EapToServer> server) {
        eapServer = server;
    }

    /// The central entity that this gateway asks.
    public void seatTicketService(TicketServiceByHand service) {
        ticketService = service;
    }

    /// Whoever fetches lists and asks responders.
    public void seatRevocation(EapSeat<Ask.LookUpRevocation> seat) {
        revocation = seat;
    }

    /// Whoever reads vouchers.
    public void seatNotary(EapSeat<Ask.VerifyVouchers> seat) {
        notary = seat;
    }

    public void seatEapPeer(EapSeat<Ask.EapToPeer> peer) {
        eapPeer = peer;
    }

    public void initiate(long handle, InitiatorProfile profile, Node gateway) {
        give(new Input.Initiate(handle, profile, pathTo(gateway)));
    }

    public void resume(
            long handle, InitiatorProfile profile, Node gateway, ResumableSession session) {
        give(new Input.Resume(handle, profile, pathTo(gateway), session));
    }

    public Path pathTo(Node other) {
        return new Path(address, other.address(), true);
    }

    /// What a standby of this node keeps.
    public StandbyShelf standby() {
        return standby;
    }

    public List<Effect> effects() {
        return effects;
    }

    /// Every event of a type so far, in order.
    public <E extends Event> List<E> events(Class<E> type) {
        List<E> found = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Emit emit && type.isInstance(emit.event())) {
                found.add(type.cast(emit.event()));
            }
        }
        return found;
    }

    public Event.IkeSaEstablished lastEstablished() {
        return events(Event.IkeSaEstablished.class).getLast();
    }

    public Event.IkeSaClosed lastClosed() {
        return events(Event.IkeSaClosed.class).getLast();
    }

    public ResumableSession lastTicket() {
        return events(Event.TicketReceived.class).getLast().session();
    }

    /// Child SAs that are in the data plane now.
    public List<ChildSaInstallation> installed() {
        return List.copyOf(installed.values());
    }

    public boolean isActive(ChildSaInstallation installation) {
        return active.contains(installation.inboundSpi());
    }

    public long count(Counter counter) {
        return endpoint.counters().get(counter);
    }

    @Override
    public String toString() {
        return name;
    }
}
