package dev.postern.sim;

import dev.postern.cluster.Electorate;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Identity;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a gateway's machine keeps over a crash, beside its TGS keys: the voters of the last primary
/// view, what is revoked, whose its inner addresses are, and under which epochs it has owned what.
final class SeatFiles {
    private final List<Revocation> revocations = new ArrayList<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private Electorate electorate;
    private Map<InetAddress, Identity> reservations = Map.of();

    SeatFiles(Set<String> configured) {
        electorate = Electorate.atStart(0, configured);
    }

    /// As a process that starts finds it.
    Electorate electorate() {
        return Electorate.atStart(electorate.generation(), electorate.nodes());
    }

    void electorate(Electorate last) {
        electorate = last;
    }

    /// The last epoch under which this node has owned a thing; 0 for none.
    long lastEpoch(String thing) {
        return epochs.getOrDefault(thing, 0L);
    }

    void keep(String thing, long epoch) {
        epochs.put(thing, epoch);
    }

    List<Revocation> revocations() {
        return List.copyOf(revocations);
    }

    void keep(Revocation revocation) {
        revocations.add(revocation);
    }

    Map<InetAddress, Identity> reservations() {
        return reservations;
    }

    void reservations(Map<InetAddress, Identity> all) {
        reservations = new LinkedHashMap<>(all);
    }
}
