package dev.postern.ike;

import dev.postern.pki.IdentityPattern;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import java.util.List;

/// Peers of all profiles who may reach something else than the others of their profile.
///
/// @param members by the identity that was verified
/// @param marks RADIUS attributes, type, length and value, one of which puts a session into the
///   group: Filter-Id, Class. They are kept with the session, so a resume finds its group again
/// @param localSelectors what its members may reach; empty where the profile's count
public record PeerGroup(
        String name,
        List<IdentityPattern> members,
        List<Octets> marks,
        List<TrafficSelector> localSelectors) {
    public PeerGroup {
        members = List.copyOf(members);
        marks = List.copyOf(marks);
        localSelectors = List.copyOf(localSelectors);
    }

    /// @param aaaAttributes of the session
    public boolean has(Identity identity, List<Octets> aaaAttributes) {
        return aaaAttributes.stream().anyMatch(marks::contains)
                || members.stream().anyMatch(pattern -> pattern.matches(identity));
    }
}
