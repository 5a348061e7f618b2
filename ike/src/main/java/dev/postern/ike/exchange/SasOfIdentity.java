package dev.postern.ike.exchange;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The IKE SAs of one identity: a list while they are few, and found by their peers' addresses once
/// they are many, as those of an identity are that all clients share.
final class SasOfIdentity {
    /// So many are looked through one by one.
    static final int FEW = 16;

    private Collection<IkeSa> all = new ArrayList<>(1);
    private @Nullable Crowd crowd;

    /// Many, by the address of the peer with and without its port.
    private static final class Crowd {
        private final Map<InetSocketAddress, Set<IkeSa>> byRemote = new HashMap<>();
        private final Map<InetAddress, Set<IkeSa>> byHost = new HashMap<>();

        void add(IkeSa sa, InetSocketAddress remote) {
            add(byRemote, remote, sa);
            add(byHost, remote.getAddress(), sa);
        }

        private static <K> void add(Map<K, Set<IkeSa>> index, K key, IkeSa sa) {
            index.computeIfAbsent(key, _ -> new LinkedHashSet<>(2)).add(sa);
        }

        void remove(IkeSa sa, InetSocketAddress remote) {
            remove(byRemote, remote, sa);
            remove(byHost, remote.getAddress(), sa);
        }

        private static <K> void remove(Map<K, Set<IkeSa>> index, K key, IkeSa sa) {
            index.computeIfPresent(
                    key,
                    (_, held) -> {
                        held.remove(sa);
                        return held.isEmpty() ? null : held;
                    });
        }
    }

    void add(IkeSa sa) {
        all.add(sa);
        if (crowd != null) {
            crowd.add(sa, sa.path().remote());
        } else if (all.size() > FEW) {
            all = new LinkedHashSet<>(all);
            crowd = new Crowd();
            for (IkeSa each : all) {
                crowd.add(each, each.path().remote());
            }
        }
    }

    void remove(IkeSa sa, InetSocketAddress remote) {
        all.remove(sa);
        if (crowd != null) {
            crowd.remove(sa, remote);
        }
    }

    void move(IkeSa sa, InetSocketAddress from, InetSocketAddress to) {
        if (crowd != null && all.contains(sa)) {
            crowd.remove(sa, from);
            crowd.add(sa, to);
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Collection<IkeSa> all() {
        return all;
    }

    List<IkeSa> at(InetSocketAddress remote) {
        return crowd == null
                ? all.stream().filter(sa -> sa.path().remote().equals(remote)).toList()
                : List.copyOf(crowd.byRemote.getOrDefault(remote, Set.of()));
    }

    /// As many as may be asked one by one.
    List<IkeSa> near(InetAddress host) {
        return crowd == null
                ? List.copyOf(all)
                : crowd.byHost.getOrDefault(host, Set.of()).stream().limit(FEW).toList();
    }

    Stream<IkeSa> elsewhere(InetAddress host) {
        return crowd == null
                ? all.stream().filter(sa -> !sa.path().remote().getAddress().equals(host))
                : crowd.byHost.entrySet().stream()
                        .filter(each -> !each.getKey().equals(host))
                        .flatMap(each -> each.getValue().stream());
    }
}
