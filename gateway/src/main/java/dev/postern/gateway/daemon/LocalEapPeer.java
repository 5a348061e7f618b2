package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;
import dev.postern.eap.EapOutcome;
import dev.postern.eap.EapPeer;
import dev.postern.eap.MsChapV2Peer;
import dev.postern.eap.PeerMethod;
import dev.postern.eap.TlsPeer;
import dev.postern.gateway.configuration.ClientEap;
import dev.postern.gateway.eap.TlsEngines;
import dev.postern.gateway.revocation.RevocationNews;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The EAP peer of a client. It has one conversation at a time: a new one ends that before.
final class LocalEapPeer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEapPeer.class);
    private static final int QUEUE_LENGTH = 16;

    private final String identity;
    private final Supplier<PeerMethod> method;
    private final EapThreads threads = new EapThreads(1, QUEUE_LENGTH);

    /// Touched by the one thread only.
    private @Nullable EapPeer peer;

    private long conversation;

    private LocalEapPeer(String identity, Supplier<PeerMethod> method) {
        this.identity = identity;
        this.method = method;
    }

    static LocalEapPeer of(ClientEap settings, Entropy entropy, RevocationNews news) {
        String name = settings.identity();
        return switch (settings.method()) {
            case ClientEap.Method.MsChapV2(var password) ->
                    new LocalEapPeer(name, () -> new MsChapV2Peer(name, password.copy(), entropy));
            case ClientEap.Method.Tls(var tls, var peers) -> {
                TlsEngines engines = new TlsEngines(tls, news.judge(peers));
                yield new LocalEapPeer(
                        name,
                        () ->
                                new TlsPeer(
                                        name,
                                        engines.client(),
                                        LocalEapServer.TLS_FRAGMENT_LENGTH));
            }
        };
    }

    /// Takes one step; the answer comes from another thread.
    void next(Ask.EapToPeer ask, Consumer<Answer> answer) {
        if (!threads.offer(() -> answer.accept(guarded(ask)))) {
            answer.accept(new Answer.EapFailed(Octets.EMPTY, "the EAP peer is overloaded"));
        }
    }

    private Answer guarded(Ask.EapToPeer ask) {
        try {
            return step(ask);
        } catch (RuntimeException e) {
            LOG.error("a step of EAP failed; this is a bug in Postern", e);
            return new Answer.EapFailed(Octets.EMPTY, "a step of EAP failed");
        }
    }

    private Answer step(Ask.EapToPeer ask) {
        EapPeer current = peer;
        if (current == null || conversation != ask.conversation()) {
            if (current != null) {
                current.close();
            }
            current = new EapPeer(identity, method.get());
            peer = current;
            conversation = ask.conversation();
        }
        return switch (current.on(ask.packet())) {
            case EapOutcome.Continue(Octets packet) -> new Answer.EapContinues(packet);
            case EapOutcome.Success success ->
                    new Answer.EapSucceeded(
                            success.packet(),
                            success.msk(),
                            LocalEapServer.identityOf(success.identity()),
                            success.mutual(),
                            List.of(),
                            0);
            case EapOutcome.Failure(Octets packet, String reason) ->
                    new Answer.EapFailed(packet, reason);
        };
    }

    @Override
    public void close() {
        threads.close();
    }
}
