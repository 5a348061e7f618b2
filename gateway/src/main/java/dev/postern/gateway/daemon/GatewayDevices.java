package dev.postern.gateway.daemon;

import dev.postern.esp.InProcessHost;
import dev.postern.esp.Selector;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Inside;
import dev.postern.gateway.configuration.Listen;
import dev.postern.gateway.configuration.ReturnPath.Hook;
import dev.postern.gateway.configuration.ReturnPath.None;
import dev.postern.gateway.configuration.ReturnPath.ProxyNeighbour;
import dev.postern.gateway.configuration.ReturnPath.Route;
import dev.postern.gateway.dataplane.InnerSide;
import dev.postern.host.Change;
import dev.postern.host.HostTools;
import dev.postern.host.Journal;
import dev.postern.host.Restoration;
import dev.postern.ike.ChildMode;
import dev.postern.net.Netlink;
import dev.postern.net.Prefix;
import dev.postern.net.TunDevice;
import dev.postern.net.TunOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// What a gateway opens of its machine: the TUN device and the ways to its clients.
final class GatewayDevices {
    private GatewayDevices() {}

    static InnerSide inside(Inside inside, Embedding embedding) throws IOException {
        Consumer<byte[]> packets = embedding.packets();
        if (packets != null) {
            return new InnerSide.Application(packets::accept);
        }
        return switch (inside) {
            case Inside.Tun tun -> {
                TunDevice device =
                        TunDevice.open(TunOptions.named(tun.device()).withMtu(tun.mtu()));
                try (Netlink netlink = Netlink.open()) {
                    for (Prefix address : tun.addresses()) {
                        netlink.addAddress(device.name(), address);
                    }
                    netlink.setUp(device.name());
                } catch (IOException e) {
                    device.close();
                    throw e;
                }
                yield new InnerSide.Tun(device, tun.clampsTcp() ? tun.mtu() : 0, tun.copiesDscp());
            }
            case Inside.Endpoint host ->
                    new InnerSide.Host(
                            new InProcessHost(
                                    host.addresses().stream().map(Selector::host).toList(),
                                    host.udpPort()));
        };
    }

    static void close(InnerSide inner) {
        if (inner instanceof InnerSide.Tun opened) {
            opened.device().close();
        }
    }

    static ReturnPath returnPath(GatewayConfiguration configuration, InnerSide inner)
            throws IOException {
        String tun = inner instanceof InnerSide.Tun opened ? opened.device().name() : null;
        boolean ipv6 = configuration.pools().stream().anyMatch(pool -> !pool.addresses().isIpv4());
        return switch (configuration.returnPath()) {
            case ProxyNeighbour proxy when tun != null ->
                    KernelReturnPath.open(tun, proxy.device(), proxy.announce(), ipv6);
            case Route _ when tun != null -> KernelReturnPath.open(tun, null, false, ipv6);
            case Hook hook ->
                    new HookReturnPath(
                            hook.program(),
                            tun == null ? null : KernelReturnPath.open(tun, null, false, ipv6));
            case ProxyNeighbour _, Route _, None _ -> new NoReturnPath();
        };
    }

    /// Undoes first what an earlier gateway has left for this device. Null where no profile has
    /// transport mode.
    static @Nullable TransportRoutes transport(
            GatewayConfiguration configuration, InnerSide inner, EventLog events)
            throws IOException {
        boolean wanted =
                configuration.profiles().stream()
                        .anyMatch(profile -> profile.mode() == ChildMode.TRANSPORT);
        if (!wanted || !(inner instanceof InnerSide.Tun tun)) {
            return null;
        }
        Listen listen = configuration.listen();
        List<Integer> ports =
                listen.ikePort() == 0
                        ? List.of(listen.natPort())
                        : List.of(listen.natPort(), listen.ikePort());
        String device = tun.device().name();
        Path left = Restoration.journalOfGateway(Restoration.DIRECTORY, device);
        List<Change> undone = Restoration.restore(left, HostTools.OF_THE_SYSTEM);
        if (!undone.isEmpty()) {
            events.line("host-restored", "changes", undone.size(), "from", left);
        }
        return TransportRoutes.open(device, ports, Journal.begin(left));
    }
}
