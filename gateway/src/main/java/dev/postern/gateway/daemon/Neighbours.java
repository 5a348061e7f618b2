package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.ClusterSettings;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Listen;
import dev.postern.gateway.configuration.StandbySettings;
import dev.postern.grid.Grid;
import dev.postern.grid.NodeState;
import dev.postern.grid.SiteState;
import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.RedirectPolicy;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The other gateways that clients may be sent to (RFC 5685), as they stand: of those that are
/// members of our cluster or of another site each says how much it has taken, and one that is lost,
/// full or being emptied gets nobody. Of others nothing is known, and they count as idle.
final class Neighbours implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    private static final String OCCUPANCY = "occupancy/";
    private static final long INTERVAL_MILLIS = 1_000;

    private final RedirectPolicy policy;
    private final @Nullable Grid grid;
    private final String site;
    private final Supplier<List<GatewayList.Entry>> own;
    private final Set<GatewayList.Entry> shared;
    private final IkeEndpoint endpoint;
    private final EndpointLoop loop;
    private final Map<String, Occupancy> told = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("neighbours").factory());
    private AlternativeGateways ordered;

    /// Written by the endpoint's thread.
    private volatile int sessions;

    private Neighbours(
            GatewayConfiguration configuration,
            @Nullable ClusterSeat cluster,
            IkeEndpoint endpoint,
            EndpointLoop loop) {
        ClusterSettings settings = configuration.cluster();
        this.policy = configuration.redirects();
        this.ordered = policy.targets();
        this.grid = cluster == null ? null : cluster.grid();
        this.site = settings == null ? "" : settings.self().site();
        this.own =
                () ->
                        reachedAt(
                                configuration.identity(),
                                configuration.listen(),
                                configuration.standby(),
                                Neighbours::ofHost);
        StandbySettings standby = configuration.standby();
        this.shared =
                standby == null
                        ? Set.of()
                        : standby.shared().stream()
                                .map(configuration.listen()::entry)
                                .collect(Collectors.toUnmodifiableSet());
        this.endpoint = endpoint;
        this.loop = loop;
    }

    /// @param cluster null for a gateway of its own
    static Neighbours of(
            GatewayConfiguration configuration,
            @Nullable ClusterSeat cluster,
            IkeEndpoint endpoint,
            EndpointLoop loop) {
        return new Neighbours(configuration, cluster, endpoint, loop);
    }

    /// Where clients reach this gateway and no other, as a backup of another one's file names it. A
    /// wildcard stands for what the host has at present.
    ///
    /// @param ofHost the addresses of the host
    static List<GatewayList.Entry> reachedAt(
            Identity identity,
            Listen listen,
            @Nullable StandbySettings standby,
            Supplier<List<InetAddress>> ofHost) {
        if (standby != null && standby.mode() == StandbySettings.Mode.TIGHT) {
            return List.of();
        }
        List<GatewayList.Entry> entries = new ArrayList<>();
        String name = new String(identity.data().array(), StandardCharsets.UTF_8);
        if (identity.type() == Identity.FQDN && GatewayList.isName(name)) {
            entries.add(new GatewayList.Name(name));
        }
        if (standby != null) {
            entries.addAll(standby.reachedAt());
        } else {
            listen.addresses().stream()
                    .flatMap(address ->
                            address.isAnyLocalAddress()
                                    ? ofHost.get().stream().filter(address.getClass()::isInstance)
                                    : Stream.of(address))
                    .map(listen::entry)
                    .distinct()
                    .forEach(entries::add);
        }
        return entries.stream().limit(GatewayList.MAXIMUM_ENTRIES).toList();
    }

    /// At which somebody else can reach this host.
    private static List<InetAddress> ofHost() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .filter(address -> !address.isLinkLocalAddress())
                    .sorted(Comparator.comparing(InetAddress::getHostAddress))
                    .toList();
        } catch (SocketException e) {
            LOG.info("the addresses of this host cannot be told: {}", e.getMessage());
            return List.of();
        }
    }

    /// Whether clients reach this gateway there, or whichever has the addresses that it shares.
    boolean isOurs(GatewayList.Entry gateway) {
        return own.get().contains(gateway) || shared.contains(gateway);
    }

    /// Begins to hear and to tell.
    ///
    /// @param wantsClients whether this gateway is not being emptied
    void start(BooleanSupplier wantsClients) {
        Grid present = grid;
        if (present == null) {
            return;
        }
        present.domain().listen(this::heard);
        present.domain().all(OCCUPANCY).forEach(this::heard);
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        tell(present, wantsClients.getAsBoolean());
                        order(standing());
                    } catch (RuntimeException e) {
                        LOG.info("other gateways are looked at again later: {}", e.getMessage());
                    }
                },
                0,
                INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void heard(String name, byte[] value) {
        Occupancy said = name.startsWith(OCCUPANCY) ? Occupancy.decode(value) : null;
        if (said != null) {
            told.put(name.substring(OCCUPANCY.length()), said);
        }
    }

    private void tell(Grid present, boolean wantsClients) {
        loop.offer(_ -> {
            sessions = endpoint.size() - endpoint.halfOpen() - endpoint.provisional();
            return List.of();
        });
        List<GatewayList.Entry> reachedAt = own.get();
        if (reachedAt.isEmpty()) {
            return;
        }
        int tenths = wantsClients ? Occupancy.tenths(sessions, policy.fullAt()) : Occupancy.FULL;
        byte[] said = new Occupancy(site, reachedAt, tenths).encode();
        String name = OCCUPANCY + present.self().node();
        if (!Arrays.equals(said, present.domain().get(name))) {
            present.domain().put(name, said);
        }
    }

    /// The endpoint sends clients to them as they stand now.
    private void order(AlternativeGateways now) {
        if (!now.equals(ordered)
                && loop.offer(at ->
                        endpoint.handle(
                                at,
                                new Input.Redirects(
                                        new RedirectPolicy(
                                                false, policy.fullAt(), policy.stage(), now))))) {
            ordered = now;
        }
    }

    /// The backups of our file with their loads; not to be called on the endpoint's thread.
    AlternativeGateways standing() {
        Grid present = grid;
        if (present == null) {
            return policy.targets();
        }
        Set<String> up =
                present.nodes().stream()
                        .filter(node -> node.presence() == NodeState.Presence.UP)
                        .map(NodeState::node)
                        .collect(Collectors.toSet());
        Set<String> seen =
                present.sites().states().stream()
                        .filter(SiteState::seen)
                        .map(SiteState::site)
                        .collect(Collectors.toSet());
        return standing(
                policy.targets(),
                told,
                (node, said) ->
                        said.site().equals(site) ? up.contains(node) : seen.contains(said.site()));
    }

    /// @param told by node
    /// @param isThere whether a node is in sight
    static AlternativeGateways standing(
            AlternativeGateways backups,
            Map<String, Occupancy> told,
            BiPredicate<String, Occupancy> isThere) {
        List<Backup> standing = new ArrayList<>();
        for (Backup backup : backups.backups()) {
            // Where several members say that it is theirs, one that takes clients is enough.
            double load =
                    told.entrySet().stream()
                            .filter(each -> each.getValue().gateways().contains(backup.gateway()))
                            .mapToDouble(each ->
                                    isThere.test(each.getKey(), each.getValue())
                                            ? each.getValue().load()
                                            : 1)
                            .min()
                            .orElse(backup.load());
            standing.add(new Backup(backup.gateway(), backup.weight(), load));
        }
        return new AlternativeGateways(standing);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
