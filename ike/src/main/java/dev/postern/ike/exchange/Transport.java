package dev.postern.ike.exchange;

import dev.postern.ike.Path;

import org.jspecify.annotations.Nullable;

/// How the messages of one IKE SA travel: what is incomplete of them, and where the request that is
/// being answered came from.
final class Transport {
    private final Fragments.Partial partial = new Fragments.Partial();
    private @Nullable Path source;

    Fragments.Partial partial() {
        return partial;
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
