package dev.postern.gateway.configuration;

import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

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
        @Nullable List<Prefix> subnets = section.optional(GroupKeys.LOCAL_SUBNETS);
        @Nullable List<String> pools = section.optional(GroupKeys.POOL);
        Group group =
                new Group(
                        section.name(),
                        section.get(GroupKeys.MEMBERS),
                        section.get(GroupKeys.FILTER_ID),
                        section.get(GroupKeys.RADIUS_CLASS),
                        subnets == null ? List.of() : subnets,
                        pools == null ? List.of() : pools);
        if (group.members().isEmpty() && group.filterIds().isEmpty() && group.classes().isEmpty()) {
            section.missing(GroupKeys.MEMBERS, "missing, and so are filter-id and class");
        }
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
}
