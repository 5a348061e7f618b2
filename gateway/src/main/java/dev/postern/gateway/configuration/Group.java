package dev.postern.gateway.configuration;

import dev.postern.ike.ChildMode;
import dev.postern.ike.PeerGroup;
import dev.postern.net.Prefix;
import dev.postern.pki.IdentityPattern;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Peers for whom something else holds than for the others of their profile.
///
/// @param filterIds values of Filter-Id, `classes` of Class, that put a session into it
/// @param localSubnets empty where the profile's count
/// @param pools names; empty where the profile's count
/// @param dns name servers; empty where those of the pools count
/// @param units of the organization that a certificate names, which put its holder into the group
public record Group(
        String name,
        List<IdentityPattern> members,
        List<String> filterIds,
        List<String> classes,
        List<Prefix> localSubnets,
        List<String> pools,
        List<InetAddress> dns,
        List<String> units,
        PeerGroup.Terms terms) {
    private static final int FILTER_ID = 11;
    private static final int CLASS = 25;

    public Group {
        members = List.copyOf(members);
        filterIds = List.copyOf(filterIds);
        classes = List.copyOf(classes);
        localSubnets = List.copyOf(localSubnets);
        pools = List.copyOf(pools);
        dns = List.copyOf(dns);
        units = List.copyOf(units);
    }

    /// This group as the control plane knows it.
    public PeerGroup peerGroup() {
        List<Octets> marks = new ArrayList<>();
        filterIds.forEach(value -> marks.add(attribute(FILTER_ID, value)));
        classes.forEach(value -> marks.add(attribute(CLASS, value)));
        units.forEach(unit -> marks.add(PeerGroup.markOfUnit(unit)));
        return new PeerGroup(
                name,
                members,
                marks,
                terms.mode() == ChildMode.TRANSPORT
                        ? Profile.EVERYWHERE
                        : Profile.selectors(localSubnets),
                terms);
    }

    private static Octets attribute(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        byte[] octets = new byte[2 + text.length];
        octets[0] = (byte) type;
        octets[1] = (byte) octets.length;
        System.arraycopy(text, 0, octets, 2, text.length);
        return Octets.of(octets);
    }
}
