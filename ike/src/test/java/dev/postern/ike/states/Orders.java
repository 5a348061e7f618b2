package dev.postern.ike.states;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.DrainOrder;
import dev.postern.ike.Event;
import dev.postern.ike.HeldVouchers;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.RedirectPolicy;
import dev.postern.ike.Succession;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Node;
import dev.postern.pki.RevocationEvidence;
import dev.postern.ticket.Revocation;
import dev.postern.wire.GatewayList;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/// What the data plane, the application, the operator and the cluster say to an endpoint, beyond
/// the orders to one IKE SA.
final class Orders {
    private static final int EPOCH = 0x7000;
    private static final long ANOTHER_HANDLE = 50;
    private static final GatewayList.Entry ELSEWHERE = new GatewayList.Name("gw-z.example");
    private static final AlternativeGateways OTHERS =
            new AlternativeGateways(List.of(new AlternativeGateways.Backup(ELSEWHERE, 1, 0)));

    private Orders() {}

    /// In the order of the page. Each gives null in a situation where there is no such input.
    static Map<String, Function<Situation, @Nullable Input>> all() {
        Map<String, Function<Situation, @Nullable Input>> all = new LinkedHashMap<>();
        addDataPlane(all);
        addPaths(all);
        addExchanges(all);
        addOperator(all);
        addCluster(all);
        all.put("woken before its time", _ -> new Input.DeadlineReached());
        return all;
    }

    private static void addDataPlane(Map<String, Function<Situation, @Nullable Input>> all) {
        all.put(
                "a Child SA is used up",
                s -> child(s, spi -> new Input.ChildSaUsed(spi, Long.MAX_VALUE, Long.MAX_VALUE)));
        all.put("sequence numbers", s -> child(s, spi -> new Input.SequencesUsed(spi, 900, 800)));
        all.put("a packet that was refused", s -> child(s, Input.PacketRefused::new));
        all.put(
                "a packet for which there is no SA",
                s ->
                        new Input.WaywardPackets(
                                List.of(new Input.Wayward(0x0badcafe, s.pathFromPeer().remote()))));
        all.put(
                "packets from another port",
                s -> child(s, spi -> new Input.PeerMoved(spi, anotherPort(s.pathFromPeer()))));
    }

    private static void addPaths(Map<String, Function<Situation, @Nullable Input>> all) {
        all.put(
                "another way to the peer",
                s -> new Input.AlsoBy(s.handle(), anotherPort(s.pathFromPeer())));
        all.put("we have moved", s -> moved(s.node(), s.handle()));
        all.put(
                "further addresses of ours",
                _ -> new Input.AdvertiseAddresses(List.of(InetAddress.ofLiteral("203.0.113.9"))));
    }

    private static void addExchanges(Map<String, Function<Situation, @Nullable Input>> all) {
        all.put(
                "a further initiation",
                s -> new Input.Initiate(ANOTHER_HANDLE, profile(), s.pathFromPeer()));
        all.put(
                "reauthenticate",
                s ->
                        new Input.Reauthenticate(
                                new Input.Initiate(ANOTHER_HANDLE, profile(), s.pathFromPeer()),
                                s.handle()));
        all.put("a further resume", Orders::resume);
    }

    private static void addOperator(Map<String, Function<Situation, @Nullable Input>> all) {
        all.put("send it to another gateway", s -> redirect(s.handle()));
        all.put("park the peer", _ -> new Input.ParkPeer(new ClientSettings().identity));
        all.put("park the SPI", s -> new Input.ParkSpi(s.spi()));
        all.put("park what is idle", _ -> new Input.ParkIdle());
        all.put("another end of the session", Orders::reauthorize);
        all.put(
                "everything is revoked",
                s -> new Input.Revoke(new Revocation.OfEverything(s.world().now().epochSeconds())));
        all.put(
                "certificates: nothing is revoked",
                _ -> new Input.KnowRevocations(RevocationEvidence.NONE));
        all.put("names of other gateways", _ -> new Input.AnnounceGateways(OTHERS));
        all.put("when to redirect", _ -> new Input.Redirects(RedirectPolicy.NONE));
        all.put(
                "drain",
                s ->
                        new Input.Drain(
                                new DrainOrder(
                                        10, s.world().now().nanos() + 1_000_000_000L, OTHERS)));
        all.put("undrain", _ -> new Input.Undrain());
    }

    private static void addCluster(Map<String, Function<Situation, @Nullable Input>> all) {
        all.put("take over nobody", _ -> new Input.TakeOver(List.of(), EPOCH));
        all.put(
                "succeed nobody",
                _ ->
                        new Input.Succeed(
                                List.of(), EPOCH, new Succession(List.of(), List.of(), List.of())));
        all.put("no vouchers", _ -> new Input.HoldVouchers(HeldVouchers.NONE));
    }

    static Input create(long handle) {
        return new Input.CreateChildSa(
                handle,
                List.of(TrafficSelector.subnet(InetAddress.ofLiteral("0.0.0.0"), 0)),
                List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.2.0"), 24)));
    }

    static Input redirect(long handle) {
        return new Input.Redirect(handle, ELSEWHERE);
    }

    static Input moved(Node node, long handle) {
        InetSocketAddress here = new InetSocketAddress(node.address().getAddress(), 4_999);
        InetSocketAddress there = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4_500);
        return new Input.Moved(handle, new Path(here, there, true));
    }

    private static InitiatorProfile profile() {
        return new ClientSettings().profile();
    }

    private static Path anotherPort(Path path) {
        int port = path.remote().getPort() + 1;
        return new Path(
                path.local(), new InetSocketAddress(path.remote().getAddress(), port), true);
    }

    private static @Nullable Input child(Situation situation, IntFunction<Input> about) {
        int spi = Inputs.installed(situation.node(), situation.handle());
        return spi == 0 ? null : about.apply(spi);
    }

    private static @Nullable Input resume(Situation situation) {
        return situation.node().events(Event.TicketReceived.class).isEmpty()
                ? null
                : new Input.Resume(
                        ANOTHER_HANDLE,
                        profile(),
                        situation.pathFromPeer(),
                        situation.node().lastTicket());
    }

    private static @Nullable Input reauthorize(Situation situation) {
        EstablishedSession session = situation.node().endpoint().session(situation.handle());
        return session == null
                ? null
                : new Input.Reauthorize(
                        session.sessionId(),
                        situation.world().now().epochSeconds() + 60,
                        List.of());
    }
}
