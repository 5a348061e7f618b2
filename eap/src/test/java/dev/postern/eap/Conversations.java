package dev.postern.eap;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.wire.EapPacket;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Both ends of a conversation, for tests.
final class Conversations {
    static final String ALICE = "alice@example.org";
    private static final Map<String, String> USERS = Map.of(ALICE, "wonderland", "bob", "über");

    private Conversations() {}

    static Entropy entropy(long seed) {
        return new Random(seed)::nextBytes;
    }

    static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    static MsChapV2Server msChapV2Server() {
        return new MsChapV2Server(
                "gw", user -> USERS.containsKey(user) ? secret(USERS.get(user)) : null, entropy(1));
    }

    static MsChapV2Peer msChapV2Peer(String user, String password) {
        return new MsChapV2Peer(user, secret(password), entropy(2));
    }

    static EapServer server(boolean asksIdentity, ServerMethod... methods) {
        return new EapServer(250, asksIdentity, List.of(methods));
    }

    /// What both ends have come to.
    record Ends(EapOutcome server, EapOutcome peer, int requests) {}

    /// Lets both talk until one of them ends.
    static Ends run(EapServer server, EapPeer peer) {
        EapOutcome said = server.begin();
        int requests = 0;
        while (true) {
            EapOutcome answered = peer.on(packetOf(said));
            if (!(said instanceof EapOutcome.Continue)
                    || !(answered instanceof EapOutcome.Continue(Octets response))) {
                return new Ends(said, answered, requests);
            }
            requests++;
            said = server.onResponse(response);
        }
    }

    static Octets packetOf(EapOutcome outcome) {
        return switch (outcome) {
            case EapOutcome.Continue(Octets packet) -> packet;
            case EapOutcome.Success success -> success.packet();
            case EapOutcome.Failure failure -> failure.packet();
        };
    }

    static EapPacket decode(EapOutcome outcome) {
        try {
            return EapPacket.decode(packetOf(outcome));
        } catch (MalformedException e) {
            throw new AssertionError("an end of ours sent a malformed packet", e);
        }
    }

    static String reason(EapOutcome outcome) {
        if (outcome instanceof EapOutcome.Failure failure) {
            return failure.reason();
        }
        throw new AssertionError("no failure: " + outcome);
    }
}
