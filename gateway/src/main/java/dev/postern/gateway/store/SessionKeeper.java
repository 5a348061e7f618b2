package dev.postern.gateway.store;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;

import java.util.function.Consumer;

/// Where a gateway's sessions by reference are kept: by itself ([StoreThread]) or by its cluster
/// ([ClusterSessions]).
public interface SessionKeeper extends AutoCloseable {
    /// Takes a question, from any thread, without waiting; the answer comes on another one.
    void ask(Ask.OfStore ask, Consumer<Answer> answer);

    @Override
    void close();
}
