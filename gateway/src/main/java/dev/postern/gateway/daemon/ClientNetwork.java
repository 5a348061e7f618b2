package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.ClientInside;
import dev.postern.gateway.configuration.HostSettings;
import dev.postern.gateway.discovery.WayOut;
import dev.postern.host.Change;
import dev.postern.host.HostResolver;
import dev.postern.host.HostRoutes;
import dev.postern.host.HostTools;
import dev.postern.host.Journal;
import dev.postern.host.ResolverKind;
import dev.postern.host.Restoration;
import dev.postern.ike.negotiate.AssignedNetwork;
import dev.postern.net.Netlink;
import dev.postern.net.Prefix;
import dev.postern.net.RoutingRule.SourcePort;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The client's side of the TUN device: its inner addresses, routes for what is reached through the
/// tunnel, and the servers that are asked for names. What would outlive the device is in a journal
/// before it is done, and is undone by `close`, or at the next start after a crash.
final class ClientNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientNetwork.class);
    private static final Path RESOLVER_FILE = Path.of("/etc/resolv.conf");
    private static final long PATIENCE_SECONDS = 30;

    /// How often it is seen to that nobody has deleted our rules.
    static final long KEEPING_SECONDS = 3;

    private final Netlink netlink;
    private final String tun;
    private final List<Prefix> subnets;
    private final Journal journal;
    private final List<Change> inherited;
    private final HostRoutes routes;
    private final HostResolver resolver;
    private final HostSettings settings;
    private final @Nullable NetworkHook hook;
    private final EventLog events;

    /// The resolver's programs take their time; the endpoint's thread does not wait for them.
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("resolver").factory());

    private List<InetAddress> addresses = List.of();
    private AssignedNetwork assigned = AssignedNetwork.of(List.of());
    private boolean toldOfAnother;
    private boolean keepingFailed;

    private ClientNetwork(
            Netlink netlink,
            String tun,
            List<Prefix> subnets,
            Journal journal,
            HostSettings settings,
            @Nullable NetworkHook hook,
            EventLog events) {
        this.events = events;
        this.hook = hook;
        HostTools tools = HostTools.OF_THE_SYSTEM;
        ResolverKind found = ResolverKind.found(tools, RESOLVER_FILE);
        this.netlink = netlink;
        this.tun = tun;
        this.journal = journal;
        this.inherited = journal.changes();
        this.subnets = subnets;
        this.settings = settings;
        this.routes = new HostRoutes(netlink, tun, journal);
        this.resolver =
                new HostResolver(
                        settings.resolver() == null ? found : settings.resolver(),
                        tools,
                        RESOLVER_FILE,
                        tun,
                        journal);
    }

    /// Undoes first what an earlier client has left for this device, but for its barrier where we
    /// are to raise one.
    static ClientNetwork open(
            String device,
            ClientInside.Tun inside,
            ClientConfiguration configuration,
            ClientPorts ports,
            EventLog events)
            throws IOException {
        HostSettings settings = configuration.host();
        Path left = Restoration.journalOf(settings.state(), device);
        List<Change> undone = new ArrayList<>();
        Journal journal;
        if (settings.barrier()) {
            journal = Restoration.inherit(left, HostTools.OF_THE_SYSTEM, undone);
        } else {
            undone.addAll(Restoration.restore(left, HostTools.OF_THE_SYSTEM));
            journal = Journal.begin(left);
        }
        if (!undone.isEmpty()) {
            events.line("host-restored", "changes", undone.size(), "from", left);
        }
        Netlink netlink = Netlink.open();
        try {
            netlink.setUp(device);
        } catch (IOException e) {
            netlink.close();
            throw e;
        }
        ClientNetwork network =
                new ClientNetwork(
                        netlink,
                        device,
                        inside.routes() ? configuration.reached() : List.of(),
                        journal,
                        settings,
                        inside.hook() == null
                                ? null
                                : new NetworkHook(inside.hook(), device, inside.dnssecDomains()),
                        events);
        for (boolean ipv4 : new boolean[] {true, false}) {
            InetSocketAddress local = ports.ofFamily(ipv4);
            if (local != null) {
                network.routes.letOut(ipv4, SourcePort.udp(local.getPort()));
            }
        }
        return network;
    }

    /// From now on nothing leaves that the tunnel is to carry, where that is wanted. An earlier
    /// client's barrier goes when ours stands.
    ///
    /// @throws IOException where it cannot be raised; then an earlier one stays, and without one
    ///   the host is as it was
    void bar() throws IOException {
        if (!settings.barrier()) {
            return;
        }
        try {
            routes.bar(subnets);
        } catch (IOException e) {
            if (inherited.isEmpty()) {
                routes.restore();
            }
            throw new IOException(
                    "host.barrier is wanted and cannot be raised: "
                            + e.getMessage()
                            + "; nothing was sent",
                    e);
        }
        if (!inherited.isEmpty()) {
            Restoration.undo(journal, inherited, HostTools.OF_THE_SYSTEM);
            events.line("host-barrier-taken-over", "from", journal.file());
        }
    }

    /// Where what changes on this host is noted.
    Journal journal() {
        return journal;
    }

    /// For what this client asks on its own account while it looks for a gateway.
    WayOut wayOut() {
        return (ipv4, port) -> {
            routes.letOut(ipv4, port);
            return () -> {
                try {
                    routes.letOutNoMore(ipv4, port);
                } catch (IOException e) {
                    LOG.error("{} still goes past the tunnel: {}", port, e.getMessage());
                }
            };
        };
    }

    /// Puts the inner addresses on the device, in place of those before, routes the subnets into
    /// it, and asks the servers on its other side.
    void use(List<InetAddress> assigned) {
        assigned.forEach(this::set);
        List<InetAddress> before = addresses;
        addresses = assigned;
        try {
            routes.tunnel(subnets, addresses);
        } catch (IOException e) {
            LOG.error("the tunnel is up without all that it was to carry: {}", e.getMessage());
        }
        // Packets come from the new one by then.
        before.stream().filter(old -> !assigned.contains(old)).forEach(this::unset);
        if (routes.isBesideAnother() && !toldOfAnother) {
            toldOfAnother = true;
            LOG.warn(
                    "another tunnel of this program has rules on this host (`ip rule`): where both"
                            + " would carry a packet, the one whose rules have lower numbers does,"
                            + " however long its prefix is");
        }
        if (hook != null) {
            hook.up(addresses);
        }
        if (settings.usesResolver()
                && (settings.resolver() != null || ResolverKind.isOfThisNetwork())) {
            ask(wanted());
        }
    }

    /// One of an IP version that this host has switched off does not keep the other from use.
    private void set(InetAddress inner) {
        try {
            netlink.addAddress(tun, Prefix.host(inner));
        } catch (IOException e) {
            LOG.error("the tunnel is up without {}: {}", inner.getHostAddress(), e.getMessage());
        }
    }

    private void unset(InetAddress inner) {
        try {
            netlink.deleteAddress(tun, Prefix.host(inner));
        } catch (IOException e) {
            LOG.error("{} is left of before: {}", inner.getHostAddress(), e.getMessage());
        }
    }

    /// Puts back what somebody else has deleted of the rules by which packets find the tunnel, as a
    /// program does that keeps the host's network and takes them for leftovers.
    void keep(PacketEffects packets) {
        packets.keep(events);
        try {
            int missing = routes.keep();
            if (missing > 0) {
                events.line("host-rules-restored", "rules", missing);
            }
            keepingFailed = false;
        } catch (IOException e) {
            if (!keepingFailed) {
                LOG.error("rules into the tunnel may be missing: {}", e.getMessage());
            }
            keepingFailed = true;
        }
    }

    private void ask(HostResolver.Settings wanted) {
        worker.execute(() -> {
            try {
                resolver.use(wanted);
            } catch (IOException e) {
                LOG.error("names are not looked up through the tunnel: {}", e.getMessage());
            }
        });
    }

    /// What the gateway says of the network behind it; counts from the next [#use] on.
    void assigned(AssignedNetwork network) {
        assigned = network;
        if (hook != null) {
            hook.assigned(network);
        }
    }

    /// The file's servers, else those that the gateway names.
    private HostResolver.Settings wanted() {
        return settings.servers().isEmpty()
                ? new HostResolver.Settings(assigned.dnsServers(), assigned.domains())
                : new HostResolver.Settings(settings.servers(), settings.domains());
    }

    /// The start has failed: what an earlier client has left for us to take over stays for the
    /// next.
    void abandon() {
        if (inherited.isEmpty()) {
            close();
            return;
        }
        if (hook != null) {
            hook.close();
        }
        worker.shutdown();
        try {
            journal.leave();
        } catch (IOException e) {
            LOG.error("what stands on the host is not left to the next: {}", e.getMessage());
        }
        netlink.close();
    }

    @Override
    public void close() {
        if (hook != null) {
            hook.close();
        }
        worker.execute(() -> {
            try {
                resolver.restore();
            } catch (IOException e) {
                LOG.error("the resolver is not what it was: {}", e.getMessage());
            }
        });
        worker.shutdown();
        try {
            if (!worker.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("the resolver cannot be put back in time; `postern client restore` can");
            }
            routes.restore();
        } catch (IOException e) {
            LOG.error("routes are not what they were: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        netlink.close();
    }
}
