package dev.postern.gateway.daemon;

import dev.postern.cluster.LeasePermits;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Pool;
import dev.postern.gateway.configuration.Profile;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.radius.Authorization;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Who has which inner addresses: of each family that a client asks for, one from its profile's
/// pool of that family ([dev.postern.cluster.PoolLeases]). Used on the endpoint's thread only.
final class AddressLeases {
    /// What a group's members have in place of what their profile says; each list may be empty.
    private record Privilege(List<LeasedPool> pools, List<InetAddress> dns) {}

    private record Held(LeasedPool pool, InetAddress address) {}

    private final Map<String, List<LeasedPool>> poolsByProfile = new HashMap<>();
    private final Map<PeerGroup, Privilege> byGroup = new LinkedHashMap<>();
    private final Map<String, LeasedPool> byName = new LinkedHashMap<>();
    private final Map<Long, List<Held>> byHandle = new HashMap<>();
    private final ForeignAddresses foreign = new ForeignAddresses();

    /// @param poolsByProfile the pools that each connection profile assigns from, at most one of a
    ///   family; profiles may share pools
    AddressLeases(Map<String, List<Pool>> poolsByProfile) {
        poolsByProfile.forEach((profile, pools) ->
                this.poolsByProfile.put(
                        profile,
                        pools.stream()
                                .map(pool ->
                                        byName.computeIfAbsent(
                                                pool.name(), _ -> LeasedPool.of(pool)))
                                .toList()));
    }

    /// Lets a group's members have addresses of other pools and other name servers than those of
    /// their profiles; an empty list leaves them with theirs.
    AddressLeases withGroup(PeerGroup group, List<Pool> pools, List<InetAddress> dns) {
        byGroup.put(group, new Privilege(pools.stream().map(this::named).toList(), dns));
        return this;
    }

    private LeasedPool named(Pool pool) {
        return byName.computeIfAbsent(pool.name(), _ -> LeasedPool.of(pool));
    }

    /// The pool with a DHCP server that the peer gets an address of; null where there is none, or
    /// where a RADIUS server has named the address.
    @Nullable Pool dhcpPool(Ask.LeaseAddresses ask) {
        Authorization granted = Authorization.ofRaw(ask.aaaAttributes());
        if (!ofFamily(granted.framedAddresses(), true).isEmpty()) {
            return null;
        }
        for (LeasedPool pool : poolsFor(ask)) {
            if (pool.pool().dhcp() != null) {
                return pool.pool();
            }
        }
        return null;
    }

    /// What a client is told with an address of the DHCP server: the name servers of the RADIUS
    /// server, else of the pool, else of the DHCP server.
    List<ConfigurationAttribute> toldWith(Ask.LeaseAddresses ask, List<InetAddress> fromServer) {
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        Pool pool = dhcpPool(ask);
        List<InetAddress> own = pool == null || pool.dns().isEmpty() ? fromServer : pool.dns();
        nameServers(ask, true, own).forEach(server -> attributes.add(dns(server)));
        if (pool != null) {
            attributes.addAll(pool.splitDns().attributes());
        }
        return attributes;
    }

    /// The pools of the first group that has the peer, else of the profile.
    private List<LeasedPool> poolsFor(Ask.LeaseAddresses ask) {
        return poolsFor(ask.profile(), ask.identity(), ask.aaaAttributes());
    }

    private List<LeasedPool> poolsFor(String profile, Identity identity, List<Octets> attributes) {
        List<LeasedPool> pools = privilege(identity, attributes).pools();
        return pools.isEmpty() ? poolsByProfile.getOrDefault(profile, List.of()) : pools;
    }

    private Privilege privilege(Identity identity, List<Octets> attributes) {
        for (Map.Entry<PeerGroup, Privilege> each : byGroup.entrySet()) {
            if (each.getKey().has(identity, attributes)) {
                return each.getValue();
            }
        }
        return new Privilege(List.of(), List.of());
    }

    /// Whether what a session has of our pools would be its own under other attributes too. One
    /// that a RADIUS server has named, or that is of no pool that was its own, is not a matter of
    /// groups.
    boolean suit(EstablishedSession session, List<Octets> attributes) {
        Identity identity = session.authenticatedIdentity();
        List<LeasedPool> before = poolsFor(session.profile(), identity, session.aaaAttributes());
        List<LeasedPool> after = poolsFor(session.profile(), identity, attributes);
        List<InetAddress> framed = Authorization.ofRaw(attributes).framedAddresses();
        return session.innerAddresses().stream()
                .filter(address -> !framed.contains(address) && cover(before, address))
                .allMatch(address -> cover(after, address));
    }

    /// Those of a session's addresses that a gateway gives out of its share of a pool: not those
    /// that a RADIUS or DHCP server has named.
    List<InetAddress> ofShares(List<InetAddress> addresses) {
        List<LeasedPool> shared =
                byName.values().stream().filter(pool -> pool.pool().dhcp() == null).toList();
        return addresses.stream().filter(address -> cover(shared, address)).toList();
    }

    private static boolean cover(List<LeasedPool> pools, InetAddress address) {
        return pools.stream().anyMatch(pool -> pool.leases().covers(address));
    }

    /// The name servers of one family: those of the RADIUS server, else of the peer's group, else
    /// `others`.
    private List<InetAddress> nameServers(
            Ask.LeaseAddresses ask, boolean ipv4, List<InetAddress> others) {
        List<InetAddress> named =
                ofFamily(Authorization.ofRaw(ask.aaaAttributes()).nameServers(), ipv4);
        List<InetAddress> group =
                ofFamily(privilege(ask.identity(), ask.aaaAttributes()).dns(), ipv4);
        return !named.isEmpty() ? named : !group.isEmpty() ? group : others;
    }

    static AddressLeases of(GatewayConfiguration configuration) {
        Map<String, List<Pool>> pools = new HashMap<>();
        for (Profile profile : configuration.profiles()) {
            pools.put(profile.name(), profile.pools().stream().map(configuration::pool).toList());
        }
        AddressLeases leases = new AddressLeases(pools);
        configuration
                .groups()
                .forEach(group ->
                        leases.withGroup(
                                group.peerGroup(),
                                group.pools().stream().map(configuration::pool).toList(),
                                group.dns()));
        return leases;
    }

    /// One address of each family that is asked for and that the profile has; refused where that is
    /// none at all.
    Answer lease(Ask.LeaseAddresses ask, long nowNanos) {
        return lease(ask, nowNanos, LeasePermits.ALL);
    }

    /// The same, as far as others permit.
    Answer lease(Ask.LeaseAddresses ask, long nowNanos, LeasePermits permits) {
        List<InetAddress> addresses = new ArrayList<>();
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        Authorization granted = Authorization.ofRaw(ask.aaaAttributes());
        for (LeasedPool pool : poolsFor(ask)) {
            if (pool.pool().dhcp() == null && (pool.isIpv4() ? ask.ipv4() : ask.ipv6())) {
                List<InetAddress> framed = ofFamily(granted.framedAddresses(), pool.isIpv4());
                InetAddress address =
                        framed.isEmpty()
                                ? pool.leases()
                                        .lease(
                                                ask.sessionId(),
                                                ask.identity(),
                                                ask.wanted(),
                                                ask.predecessor(),
                                                nowNanos,
                                                permits)
                                : framed(pool, framed.getFirst(), ask, nowNanos, permits);
                if (address != null) {
                    addresses.add(address);
                    nameServers(ask, pool.isIpv4(), pool.pool().dns())
                            .forEach(server -> attributes.add(dns(server)));
                    // Whole, since trust anchors follow their domain (RFC 8598 section 3.2).
                    List<ConfigurationAttribute> split = pool.pool().splitDns().attributes();
                    if (Collections.indexOfSubList(attributes, split) < 0) {
                        attributes.addAll(split);
                    }
                }
            }
        }
        return addresses.isEmpty()
                ? new Answer.AddressesRefused()
                : new Answer.AddressesLeased(addresses, attributes);
    }

    /// The address that the RADIUS server assigned, or none: another one would contradict it. One
    /// outside every pool is the server's to give out, and nobody else's here.
    private @Nullable InetAddress framed(
            LeasedPool pool,
            InetAddress address,
            Ask.LeaseAddresses ask,
            long nowNanos,
            LeasePermits permits) {
        if (!pool.leases().covers(address)) {
            return foreign.lease(address, ask.sessionId(), ask.predecessor()) ? address : null;
        }
        InetAddress leased =
                pool.leases()
                        .lease(
                                ask.sessionId(),
                                ask.identity(),
                                List.of(address),
                                ask.predecessor(),
                                nowNanos,
                                permits);
        return address.equals(leased) ? address : null;
    }

    /// Addresses of earlier sessions that this client may get: the one that rests for its identity,
    /// and the longest rested one where there is no other.
    List<InetAddress> rested(Ask.LeaseAddresses ask, long nowNanos, LeasePermits permits) {
        List<InetAddress> rested = new ArrayList<>();
        for (LeasedPool pool : poolsFor(ask)) {
            if (pool.isIpv4() ? ask.ipv4() : ask.ipv6()) {
                InetAddress address =
                        pool.leases().rested(ask.sessionId(), ask.identity(), nowNanos, permits);
                if (address != null && !ask.wanted().contains(address)) {
                    rested.add(address);
                }
            }
        }
        return rested;
    }

    private static List<InetAddress> ofFamily(List<InetAddress> addresses, boolean ipv4) {
        return addresses.stream().filter(each -> (each.getAddress().length == 4) == ipv4).toList();
    }

    private static ConfigurationAttribute dns(InetAddress server) {
        byte[] octets = server.getAddress();
        return new ConfigurationAttribute(
                octets.length == 4
                        ? ConfigurationAttribute.INTERNAL_IP4_DNS
                        : ConfigurationAttribute.INTERNAL_IP6_DNS,
                Octets.of(octets));
    }

    /// An IKE SA uses these addresses from now on.
    void hold(
            long handle,
            Octets sessionId,
            Identity identity,
            List<InetAddress> addresses,
            long nowNanos) {
        List<Held> held = new ArrayList<>(addresses.size());
        for (InetAddress address : addresses) {
            for (LeasedPool pool : byName.values()) {
                if (pool.leases().covers(address)) {
                    pool.leases().hold(address, handle, sessionId, identity, nowNanos);
                    held.add(new Held(pool, address));
                }
            }
        }
        if (!held.isEmpty()) {
            byHandle.put(handle, held);
        }
        foreign.hold(handle, sessionId);
    }

    /// An IKE SA has ended; the addresses of the pools that nobody has any more.
    List<InetAddress> release(long handle) {
        List<Held> held = byHandle.remove(handle);
        foreign.release(handle);
        if (held == null) {
            return List.of();
        }
        List<InetAddress> free = new ArrayList<>();
        for (Held each : held) {
            if (each.pool().leases().release(each.address(), handle)) {
                free.add(each.address());
            }
        }
        return free;
    }

    /// Addresses in use.
    int size() {
        return byName.values().stream().mapToInt(each -> each.leases().size()).sum();
    }

    /// Grows with every change of [#reservations].
    long changes() {
        return byName.values().stream().mapToLong(each -> each.leases().changes()).sum();
    }

    /// Whose each address is, in use or resting.
    Map<InetAddress, Identity> reservations() {
        Map<InetAddress, Identity> reservations = new LinkedHashMap<>();
        byName.values().forEach(pool -> reservations.putAll(pool.leases().reservations()));
        return reservations;
    }

    /// Reserves addresses as they were before a restart.
    void restore(Map<InetAddress, Identity> reservations) {
        reservations.forEach((address, identity) ->
                byName.values().forEach(p -> p.leases().restore(address, identity)));
    }
}
