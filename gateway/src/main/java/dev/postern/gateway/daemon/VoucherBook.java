package dev.postern.gateway.daemon;

import dev.postern.ike.voucher.VoucherChain;
import dev.postern.wire.Octets;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the shortest way from a gateway that is lost to one that stands in for it, in the vouchers
/// that the members have signed.
final class VoucherBook {
    private VoucherBook() {}

    /// Who has signed about whom.
    record Pair(String issuer, String successor) {}

    private record Way(String node, List<Octets> tokens) {}

    /// The tokens of a chain, empty where there is none that a client would take.
    static List<Octets> chain(Map<Pair, Octets> tokens, String lost, String successor) {
        Deque<Way> ways = new ArrayDeque<>(List.of(new Way(lost, List.of())));
        Set<String> seen = new HashSet<>(Set.of(lost));
        while (!ways.isEmpty()) {
            Way way = ways.remove();
            if (way.node().equals(successor)) {
                return way.tokens();
            }
            if (way.tokens().size() < VoucherChain.LONGEST) {
                tokens.forEach((pair, token) -> {
                    if (pair.issuer().equals(way.node()) && seen.add(pair.successor())) {
                        List<Octets> longer = new ArrayList<>(way.tokens());
                        longer.add(token);
                        ways.add(new Way(pair.successor(), List.copyOf(longer)));
                    }
                });
            }
        }
        return List.of();
    }
}
