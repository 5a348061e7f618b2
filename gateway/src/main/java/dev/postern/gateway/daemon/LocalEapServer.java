package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;
import dev.postern.eap.CertificateProof;
import dev.postern.eap.EapOutcome;
import dev.postern.eap.EapServer;
import dev.postern.eap.MsChapV2Server;
import dev.postern.eap.ServerMethod;
import dev.postern.eap.TlsServer;
import dev.postern.gateway.configuration.EapSettings;
import dev.postern.gateway.eap.TlsEngines;
import dev.postern.gateway.revocation.RevocationNews;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The EAP server of one profile, in this process. Conversations are bounded in number and age; one
/// of them is worked on by one thread at a time, because the endpoint asks one question at a time.
final class LocalEapServer implements EapServers {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEapServer.class);
    private static final int MOST_CONVERSATIONS = 20_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(Ask.EAP_PATIENCE_SECONDS);

    /// More than there are cores: one may wait for a responder that says what is revoked.
    private static final int THREADS = 8;

    private static final int QUEUE_LENGTH = 4_096;

    /// RFC 3748 section 3.1: what every lower layer carries in one piece.
    static final int TLS_FRAGMENT_LENGTH = 1_000;

    private final boolean asksIdentity;
    private final Supplier<ServerMethod> method;
    private final Entropy entropy;
    private final EapThreads threads = new EapThreads(THREADS, QUEUE_LENGTH);

    /// In order of the last packet, oldest first.
    private final Map<Long, Conversation> conversations = new LinkedHashMap<>();

    private record Conversation(EapServer server, long lastNanos) {}

    private LocalEapServer(boolean asksIdentity, Supplier<ServerMethod> method, Entropy entropy) {
        this.asksIdentity = asksIdentity;
        this.method = method;
        this.entropy = entropy;
    }

    /// @param serverName what the server calls itself towards peers
    /// @param news of what is revoked, for TLS
    static LocalEapServer of(
            EapSettings settings, String serverName, Entropy entropy, RevocationNews news) {
        Supplier<ServerMethod> method =
                switch (settings.method()) {
                    case EapSettings.Method.MsChapV2 passwords -> {
                        ReloadedUsers users =
                                new ReloadedUsers(passwords.file(), passwords.users());
                        yield () -> new MsChapV2Server(serverName, users::passwordOf, entropy);
                    }
                    case EapSettings.Method.Tls tls -> {
                        TlsEngines engines =
                                new TlsEngines(tls.identity(), news.judge(tls.peers()));
                        yield () -> new TlsServer(engines.server(), TLS_FRAGMENT_LENGTH);
                    }
                    case EapSettings.Method.Radius _ ->
                            throw new IllegalArgumentException("the EAP server is elsewhere");
                };
        return new LocalEapServer(settings.asksIdentity(), method, entropy);
    }

    @Override
    public void next(Ask.EapToServer ask, Consumer<Answer> answer) {
        if (!threads.offer(() -> answer.accept(guarded(ask)))) {
            answer.accept(new Answer.EapFailed(Octets.EMPTY, "the EAP server is overloaded"));
        }
    }

    /// A bug in a method costs its conversation and no other.
    private Answer guarded(Ask.EapToServer ask) {
        try {
            return step(ask);
        } catch (RuntimeException e) {
            LOG.error("a step of EAP failed; this is a bug in Postern", e);
            return new Answer.EapFailed(Octets.EMPTY, "a step of EAP failed");
        }
    }

    private Answer step(Ask.EapToServer ask) {
        EapServer server = ask.packet().isEmpty() ? begin(ask) : take(ask.conversation());
        if (server == null) {
            return new Answer.EapFailed(Octets.EMPTY, "no such EAP conversation");
        }
        EapOutcome outcome =
                ask.packet().isEmpty() ? server.begin() : server.onResponse(ask.packet());
        return switch (outcome) {
            case EapOutcome.Continue(Octets packet) -> {
                keep(ask.conversation(), server);
                yield new Answer.EapContinues(packet);
            }
            case EapOutcome.Success success -> succeeded(success);
            case EapOutcome.Failure(Octets packet, String reason) -> {
                LOG.info(
                        "EAP of {} at {} failed: {}",
                        ask.peer(),
                        ask.path().remote().getAddress().getHostAddress(),
                        reason);
                yield new Answer.EapFailed(packet, reason);
            }
        };
    }

    private @Nullable EapServer begin(Ask.EapToServer ask) {
        ServerMethod made = method.get();
        if (ask.eapOnly() && !made.isMutual()) {
            made.close();
            LOG.info("{} wants EAP alone, which this method is too weak for", ask.peer());
            return null;
        }
        return new EapServer(entropy.octets(1)[0], asksIdentity, List.of(made));
    }

    private @Nullable EapServer take(long id) {
        synchronized (conversations) {
            Conversation conversation = conversations.remove(id);
            return conversation == null ? null : conversation.server();
        }
    }

    private void keep(long id, EapServer server) {
        long now = System.nanoTime();
        synchronized (conversations) {
            conversations.put(id, new Conversation(server, now));
            while (!conversations.isEmpty()) {
                Map.Entry<Long, Conversation> oldest = conversations.entrySet().iterator().next();
                boolean stale = now - oldest.getValue().lastNanos() > PATIENCE_NANOS;
                if (!stale && conversations.size() <= MOST_CONVERSATIONS) {
                    return;
                }
                conversations.remove(oldest.getKey());
                oldest.getValue().server().close();
            }
        }
    }

    private static Answer succeeded(EapOutcome.Success success) {
        CertificateProof certificate = success.certificate();
        return new Answer.EapSucceeded(
                success.packet(),
                success.msk(),
                identityOf(success.identity()),
                success.mutual(),
                certificate == null ? List.of() : certificate.marks(),
                certificate == null ? 0 : certificate.notAfter(),
                certificate == null ? Octets.EMPTY : certificate.fingerprint());
    }

    /// A name of EAP as IKE writes it.
    static Identity identityOf(String name) {
        return name.indexOf('@') > 0 ? Identity.email(name) : Identity.fqdn(name);
    }

    @Override
    public void close() {
        threads.close();
        synchronized (conversations) {
            conversations.values().forEach(each -> each.server().close());
            conversations.clear();
        }
    }
}
