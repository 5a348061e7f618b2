package dev.postern.ike.exchange;

import dev.postern.ike.Path;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// How the messages of one IKE SA travel: which was the first, what is incomplete of them, and
/// where the request that is being answered came from.
final class Transport {
    private final Fragments.Partial partial = new Fragments.Partial();
    private final OtherWays ways = new OtherWays();
    private @Nullable Path source;
    private @Nullable AdditionalAddresses others;
    private @Nullable FirstRequest first;

    Fragments.Partial partial() {
        return partial;
    }

    /// The request that began this IKE SA at a responder; null where none did.
    @Nullable FirstRequest begunBy() {
        return first;
    }

    void begunBy(FirstRequest request) {
        first = request;
    }

    /// By which the first message goes, beside the path.
    OtherWays ways() {
        return ways;
    }

    /// Further addresses of the peer; null where it has named none.
    @Nullable AdditionalAddresses others() {
        return others;
    }

    void learn(List<InetAddress> told) {
        if (others == null) {
            others = new AdditionalAddresses();
        }
        others.replace(told);
    }

    /// Of the IKE SA that this one replaces.
    void inherit(Transport before) {
        others = before.others;
    }

    /// The request that is being answered came from here.
    void answerTo(Path from) {
        source = from;
    }

    /// Where the answer goes: to where its request came from, else to the peer's path.
    Path source(Path path) {
        return source == null ? path : source;
    }

    /// The same, once.
    Path takeSource(Path path) {
        Path taken = source(path);
        source = null;
        return taken;
    }
}
