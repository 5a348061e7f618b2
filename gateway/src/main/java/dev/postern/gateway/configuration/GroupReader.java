package dev.postern.gateway.configuration;

import dev.postern.ike.ChildMode;
import dev.postern.ike.PeerGroup;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Reads the groups.
final class GroupReader {
    private GroupReader() {}

    static List<Group> readAll(Section top, List<Pool> pools) {
        List<String> known = pools.stream().map(Pool::name).toList();
        List<Group> groups = new ArrayList<>();
        for (Section section : top.named(GroupKeys.GROUP)) {
            groups.add(read(section, known));
        }
        return groups;
    }

    private static Group read(Section section, List<String> known) {
        Group group =
                new Group(
                        section.name(),
                        section.get(GroupKeys.MEMBERS),
                        section.get(GroupKeys.FILTER_ID),
                        section.get(GroupKeys.RADIUS_CLASS),
                        listOf(section.optional(GroupKeys.LOCAL_SUBNETS)),
                        listOf(section.optional(GroupKeys.POOL)),
                        listOf(section.optional(GroupKeys.DNS)),
                        section.get(GroupKeys.UNITS),
                        terms(section));
        if (Stream.of(group.members(), group.filterIds(), group.classes(), group.units())
                .allMatch(List::isEmpty)) {
            section.missing(
                    GroupKeys.MEMBERS, "missing, and so are filter-id, class and certificate-ou");
        }
        checkMode(section, group.terms().mode());
        for (String pool : group.pools()) {
            if (!known.contains(pool)) {
                section.place(GroupKeys.POOL)
                        .contradicts(
                                "there is no [pool."
                                        + pool
                                        + "]; legal are "
                                        + String.join(", ", known));
            }
        }
        return group;
    }

    private static <T> List<T> listOf(@Nullable List<T> values) {
        return values == null ? List.of() : values;
    }

    private static PeerGroup.Terms terms(Section section) {
        @Nullable Duration reauthentication = section.optional(GroupKeys.REAUTH_TIME);
        @Nullable Duration idle = section.optional(GroupKeys.IDLE);
        return new PeerGroup.Terms(
                section.optional(GroupKeys.MODE),
                reauthentication == null ? null : reauthentication.toSeconds(),
                idle == null ? null : idle.toNanos());
    }

    private static void checkMode(Section section, @Nullable ChildMode mode) {
        for (Key<?> each : List.of(GroupKeys.LOCAL_SUBNETS, GroupKeys.POOL)) {
            if (mode == ChildMode.TRANSPORT && section.has(each)) {
                section.place(each)
                        .contradicts(
                                "means nothing with mode = \"transport\", which is between two"
                                        + " hosts; legal with mode \"tunnel\" only");
            } else if (mode == ChildMode.TUNNEL && !section.has(each)) {
                section.missing(each, "missing with mode = \"tunnel\"");
            }
        }
    }
}
