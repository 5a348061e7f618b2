package dev.postern.gateway.daemon;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.wire.Octets;

import java.util.Map;
import java.util.function.Consumer;

/// Where the EAP conversations of a gateway are held: a server per profile, here or behind RADIUS.
@FunctionalInterface
interface EapServers extends AutoCloseable {
    /// Takes one step of a conversation. Called by the endpoint's thread, which it must not hold
    /// up: what takes time goes to a thread of its own.
    ///
    /// @param answer takes the one answer, at once or later, from any thread
    void next(Ask.EapToServer ask, Consumer<Answer> answer);

    @Override
    default void close() {}

    /// One server per profile, by the profile's name.
    static EapServers of(Map<String, EapServers> byProfile) {
        Map<String, EapServers> servers = Map.copyOf(byProfile);
        return new EapServers() {
            @Override
            public void next(Ask.EapToServer ask, Consumer<Answer> answer) {
                EapServers server = servers.get(ask.profile());
                if (server == null) {
                    String reason = "profile " + ask.profile() + " has no EAP server";
                    answer.accept(new Answer.EapFailed(Octets.EMPTY, reason));
                } else {
                    server.next(ask, answer);
                }
            }

            @Override
            public void close() {
                servers.values().forEach(EapServers::close);
            }
        };
    }
}
