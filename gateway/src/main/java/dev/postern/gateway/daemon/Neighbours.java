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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

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
    private final List<GatewayList.Entry> own;
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
        this.own = reachedAt(configuration);
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

    /// Where clients reach this gateway and no other, as a backup of another one's file names it;
    /// nothing where the file does not tell.
    private static List<GatewayList.Entry> reachedAt(GatewayConfiguration configuration) {
        StandbySettings standby = configuration.standby();
        if (standby != null && standby.mode() == StandbySettings.Mode.TIGHT) {
            return List.of();
        }
        Listen listen = configuration.listen();
        List<GatewayList.Entry> entries = new ArrayList<>();
        Identity identity = configuration.identity();
        String name = new String(identity.data().array(), StandardCharsets.UTF_8);
        if (identity.type() == Identity.FQDN && GatewayList.isName(name)) {
            entries.add(new GatewayList.Name(name));
        }
        if (standby != null) {
            entries.addAll(standby.reachedAt());
        } else if (listen.addresses().stream().noneMatch(InetAddress::isAnyLocalAddress)) {
            listen.addresses().forEach(address -> entries.add(listen.entry(address)));
        }
        return entries.stream().limit(GatewayList.MAXIMUM_ENTRIES).toList();
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
        if (own.isEmpty()) {
            return;
        }
        int tenths = wantsClients ? Occupancy.tenths(sessions, policy.fullAt()) : Occupancy.FULL;
        byte[] said = new Occupancy(site, own, tenths).encode();
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
            double load = backup.load();
            for (Map.Entry<String, Occupancy> each : told.entrySet()) {
                Occupancy said = each.getValue();
                if (said.gateways().contains(backup.gateway())) {
                    load = isThere.test(each.getKey(), said) ? said.load() : 1;
                }
            }
            standing.add(new Backup(backup.gateway(), backup.weight(), load));
        }
        return new AlternativeGateways(standing);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
