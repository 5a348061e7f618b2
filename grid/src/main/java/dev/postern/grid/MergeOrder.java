package dev.postern.grid;

import org.jgroups.Address;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.util.ExtendedUUID;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/// In which order the members of several sides stand when these become one: first those of the side
/// with the most members, and of equal ones of that whose first member began first. Who joins comes
/// last. So the order says who was there before, and all members of a view have the same one.
final class MergeOrder extends GMS.DefaultMembershipPolicy {
    private static final Comparator<Collection<Address>> SIDES =
            Comparator.<Collection<Address>>comparingInt(Collection::size)
                    .reversed()
                    .thenComparingLong(side -> since(side.iterator().next()))
                    .thenComparing(side -> side.iterator().next());

    @Override
    public List<Address> getNewMembership(Collection<Collection<Address>> sides) {
        LinkedHashSet<Address> members = new LinkedHashSet<>();
        sides.stream().filter(side -> !side.isEmpty()).sorted(SIDES).forEach(members::addAll);
        return new ArrayList<>(members);
    }

    private static long since(Address address) {
        return address instanceof ExtendedUUID uuid ? Seat.of(uuid).since() : 0;
    }
}
