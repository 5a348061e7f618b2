package dev.postern.ike.rfc5685;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.Event;
import dev.postern.ike.Event.RedirectStage;
import dev.postern.ike.Input;
import dev.postern.ike.RedirectPolicy;
import dev.postern.ike.Redirection;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A gateway that redirects, one that it redirects to, and a client.
final class TwoGateways {
    static final GatewayList.Entry B = address(2);

    final World world;
    final GatewaySettings aSettings = new GatewaySettings('a');
    final GatewaySettings bSettings = new GatewaySettings('b');
    final ClientSettings settings = new ClientSettings();
    private final java.util.Map<String, Node> nodes = new java.util.HashMap<>();

    TwoGateways(long seed) {
        world = new World(seed);
    }

    static GatewayList.Entry address(int host) {
        return new GatewayList.Address(Octets.of(Net.ip(192, 0, 2, host).getAddress()), 0);
    }

    static AlternativeGateways to(GatewayList.Entry... gateways) {
        return new AlternativeGateways(
                java.util.Arrays.stream(gateways).map(each -> new Backup(each, 1, 0)).toList());
    }

    Node a() {
        return nodes.computeIfAbsent("a", _ -> world.add(aSettings));
    }

    Node b() {
        return nodes.computeIfAbsent("b", _ -> world.add(bSettings));
    }

    Node client() {
        return nodes.computeIfAbsent("c", _ -> world.add(settings));
    }

    /// gw-a takes no clients from now on and says so in this exchange.
    void full(RedirectStage stage, GatewayList.Entry... targets) {
        a().give(new Input.Redirects(new RedirectPolicy(false, 0, stage, to(targets))));
    }

    void connect(Redirection redirection) {
        connect(1, a(), redirection);
    }

    void connect(long handle, Node gateway, Redirection redirection) {
        client().give(
                        new Input.Initiate(
                                handle, settings.profile(), client().pathTo(gateway), redirection));
        world.settle();
    }

    List<Event.Redirected> redirected() {
        return client().events(Event.Redirected.class);
    }

    /// The notification in the message that was sent first, second ...; null where it has none.
    Payload.@Nullable Notify notifyIn(int datagram, NotifyType type) {
        return Message.findNotify(world.carried().get(datagram).message().payloads(), type);
    }
}
