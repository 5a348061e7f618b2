package dev.postern.gateway.configuration;

import dev.postern.gateway.configuration.StandbySettings.Mode;
import dev.postern.net.Prefix;
import dev.postern.wire.GatewayList;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Reads the table `standby`, with what holds between it and the rest of the file.
final class StandbyReader {
    private final Section section;

    private StandbyReader(Section section) {
        this.section = section;
    }

    /// Null where there is no such table.
    static @Nullable StandbySettings read(
            Section top, @Nullable ClusterSettings cluster, Listen listen, List<Profile> profiles) {
        Section section = top.single(StandbyKeys.STANDBY);
        if (StandbyKeys.STANDBY.keys().stream().noneMatch(section::has)) {
            return null;
        }
        Section clusterTable = top.single(ClusterKeys.CLUSTER);
        if (ClusterKeys.CLUSTER.keys().stream().noneMatch(clusterTable::has)) {
            section.missing(
                    "cluster: missing, [standby] is about its members; legal is a table [cluster]"
                            + " with two members or more");
        }
        StandbySettings settings = new StandbyReader(section).read(cluster, listen, profiles);
        if (settings.mode() == Mode.TIGHT) {
            NetworkTable.checkShared(top, settings.addresses());
        }
        return settings;
    }

    private StandbySettings read(
            @Nullable ClusterSettings cluster, Listen listen, List<Profile> profiles) {
        Mode mode = section.get(StandbyKeys.MODE);
        Modes modes = new Modes(section, StandbyKeys.MODE, mode);
        modes.demand(Mode.TIGHT, StandbyKeys.ADDRESSES);
        modes.reserve(
                Mode.TIGHT,
                StandbyKeys.ADDRESSES,
                StandbyKeys.DEVICE,
                StandbyKeys.HOOK,
                StandbyKeys.PREFERRED,
                StandbyKeys.FAILBACK);
        modes.reserve(Mode.LOOSE, StandbyKeys.REACHED_AT, StandbyKeys.VOUCHER_LIFETIME);
        if (mode == Mode.LOOSE) {
            if (cluster != null) {
                judge(cluster, null);
            }
            return StandbySettings.loose(
                    reachedAt(listen),
                    section.get(StandbyKeys.VOUCHER_LIFETIME),
                    profiles(profiles));
        }
        List<Prefix> addresses = addresses(listen);
        String device = section.optional(StandbyKeys.DEVICE);
        Path hook = hook();
        if (device == null && hook == null && section.sound(StandbyKeys.DEVICE, StandbyKeys.HOOK)) {
            section.place(StandbyKeys.DEVICE)
                    .warn(
                            "missing, and no hook either: nobody moves the addresses unless"
                                    + " somebody else, such as keepalived, looks at `postern ctl"
                                    + " standby`");
        }
        String preferred = section.optional(StandbyKeys.PREFERRED);
        if (cluster != null) {
            judge(cluster, preferred);
        }
        return StandbySettings.tight(
                addresses,
                device,
                hook,
                preferred == null ? "" : preferred,
                section.get(StandbyKeys.FAILBACK),
                profiles(profiles));
    }

    /// One address of a family, by which vouchers name this member.
    private List<GatewayList.Entry> reachedAt(Listen listen) {
        List<InetAddress> named = section.optional(StandbyKeys.REACHED_AT);
        List<InetAddress> addresses = named == null ? listen.addresses() : named;
        if (section.sound(StandbyKeys.REACHED_AT)
                && addresses.stream().anyMatch(InetAddress::isAnyLocalAddress)) {
            section.place(StandbyKeys.REACHED_AT)
                    .contradicts(
                            "must name addresses where listen.addresses is a wildcard; legal are"
                                    + " addresses at which clients reach this gateway");
        }
        return addresses.stream().map(listen::entry).toList();
    }

    private List<Prefix> addresses(Listen listen) {
        List<Prefix> written = section.optional(StandbyKeys.ADDRESSES);
        List<Prefix> addresses = written == null ? List.of() : written;
        if (written == null || !section.sound(StandbyKeys.ADDRESSES)) {
            return addresses;
        }
        Set<InetAddress> seen = new HashSet<>();
        for (Prefix address : addresses) {
            if (!seen.add(address.address())) {
                section.place(StandbyKeys.ADDRESSES)
                        .contradicts("names " + address.address().getHostAddress() + " twice");
            } else if (!listen.addresses().contains(address.address())) {
                section.place(StandbyKeys.ADDRESSES)
                        .contradicts(
                                address
                                        + " is not listened on; legal are addresses of"
                                        + " listen.addresses, which are "
                                        + listen.addresses().stream()
                                                .map(InetAddress::getHostAddress)
                                                .collect(Collectors.joining(", ")));
            }
        }
        return addresses;
    }

    private @Nullable Path hook() {
        Path hook = section.optional(StandbyKeys.HOOK);
        if (hook == null) {
            return null;
        }
        if (!Files.isRegularFile(hook) || !Files.isExecutable(hook)) {
            section.place(StandbyKeys.HOOK)
                    .contradicts("is no program; legal is the path of an executable file");
        }
        return hook.toAbsolutePath();
    }

    private void judge(ClusterSettings cluster, @Nullable String preferred) {
        Set<String> nodes = new TreeSet<>();
        nodes.add(cluster.self().node());
        cluster.others().stream()
                .filter(other -> other.site().equals(cluster.self().site()))
                .forEach(other -> nodes.add(other.node()));
        if (nodes.size() == 1) {
            section.place(StandbyKeys.MODE)
                    .warn("nobody else of this site is in the cluster: nobody stands by");
        }
        if (preferred == null || !section.sound(StandbyKeys.PREFERRED)) {
            return;
        }
        if (!nodes.contains(preferred)) {
            section.place(StandbyKeys.PREFERRED)
                    .contradicts(
                            "is no member of this site; legal are " + String.join(", ", nodes));
        } else if (nodes.size() == 2 && !preferred.equals(List.copyOf(nodes).getFirst())) {
            section.place(StandbyKeys.PREFERRED)
                    .warn(
                            "has the higher name of two members: when the other machine loses its"
                                    + " power nobody serves, until it is back or fenced; prefer the"
                                    + " member with the lower name, or have three");
        }
    }

    private Set<String> profiles(List<Profile> profiles) {
        Set<String> known =
                profiles.stream().map(Profile::name).collect(Collectors.toCollection(TreeSet::new));
        List<String> named = section.get(StandbyKeys.PROFILES);
        List<String> strange = new ArrayList<>(named);
        strange.removeAll(known);
        if (!strange.isEmpty() && section.sound(StandbyKeys.PROFILES)) {
            section.place(StandbyKeys.PROFILES)
                    .contradicts(
                            "names profiles that are not there: "
                                    + String.join(", ", strange)
                                    + "; legal are "
                                    + String.join(", ", known));
        }
        return named.isEmpty() ? known : Set.copyOf(named);
    }
}
