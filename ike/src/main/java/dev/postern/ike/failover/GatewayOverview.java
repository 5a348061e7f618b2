package dev.postern.ike.failover;

import dev.postern.ike.Now;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// Every gateway that a client knows and every name behind which it looks for some, for people and
/// applications.
///
/// @param candidates in the order in which they would be tried now
/// @param waiting addresses that only a redirection has named, and that nobody has proven; not
///   tried by the client's own will
public record GatewayOverview(
        List<Candidate> candidates, List<Candidate> waiting, List<Name> names) {
    public GatewayOverview {
        candidates = List.copyOf(candidates);
        waiting = List.copyOf(waiting);
        names = List.copyOf(names);
    }

    /// A gateway.
    ///
    /// @param name as events have it, and as [GatewayReference] takes it
    /// @param origin the name or the gateway that it was learnt from; empty for none
    /// @param identity that it must show; null for any that the client accepts
    /// @param rank in the client's own list; null where it is in none
    /// @param serving whether it carries the session
    /// @param lastResult how the client fared there, in words
    /// @param sinceNanos how long ago that was; 0 where it was never tried
    /// @param avoidedForNanos how long it comes after the others; 0 for not at all
    public record Candidate(
            String name,
            GatewaySource source,
            String origin,
            InetSocketAddress address,
            @Nullable Identity identity,
            @Nullable Rank rank,
            boolean serving,
            String lastResult,
            long sinceNanos,
            long avoidedForNanos) {}

    /// A name in the DNS.
    ///
    /// @param state `answered`, or what went wrong
    /// @param passedOver addresses in the last answer that are of no use, and why
    /// @param againNanos when it is asked for again
    public record Name(
            String name,
            GatewaySource source,
            String state,
            List<String> passedOver,
            long againNanos) {
        public Name {
            passedOver = List.copyOf(passedOver);
        }
    }

    /// @param serving the one that carries the session; -1 for none
    /// @param names of the client's list and of its gateway's
    static GatewayOverview of(GatewayOrder gateways, List<Name> names, int serving, Now now) {
        List<Integer> order = gateways.all(now);
        List<Candidate> candidates = new ArrayList<>();
        order.forEach(each -> candidates.add(candidate(gateways, each, serving, now)));
        List<Candidate> waiting = new ArrayList<>();
        gateways.roster()
                .all()
                .filter(each ->
                        !order.contains(each)
                                && (each == serving || !gateways.roster().get(each).gone()))
                .forEach(each -> waiting.add(candidate(gateways, each, serving, now)));
        return new GatewayOverview(candidates, waiting, names);
    }

    private static Candidate candidate(GatewayOrder gateways, int gateway, int serving, Now now) {
        Listing listing = gateways.roster().get(gateway);
        Standings.Standing standing = gateways.standings().of(gateway);
        return new Candidate(
                listing.candidate().name(),
                listing.source(),
                listing.origin(),
                listing.candidate().path().remote(),
                listing.candidate().identity(),
                listing.seat() == null ? null : listing.seat().rank(),
                gateway == serving,
                standing.result(),
                standing.at() == 0 ? 0 : now.nanos() - standing.at(),
                Math.max(0, standing.avoidedUntil() - now.nanos()));
    }
}
