package dev.postern.gateway.discovery;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Asks name servers on this process's own account, without keeping the caller. Nothing is kept
/// from one question to the next. Any thread may call.
public final class HostNames implements AutoCloseable {
    /// Records of an answer that are looked at.
    static final int MAXIMUM_RECORDS = 256;

    private final NameServers servers;
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("host-names").factory());
    private volatile boolean failedLately;

    /// @param servers to ask; empty for the host's
    /// @param patience for one question
    /// @param wayOut of the questions, past a tunnel which may be dead
    public HostNames(List<InetSocketAddress> servers, Duration patience, WayOut wayOut) {
        this.servers =
                new NameServers(
                        List.copyOf(servers), patience, executor, new NameQuestions(wayOut));
    }

    /// One address of a host, and for how many seconds it is known.
    record HostAddress(InetAddress address, long ttl) {}

    /// Asks; the answer comes from another thread.
    <T> CompletableFuture<T> ask(Function<LookupSession, CompletableFuture<T>> question) {
        return CompletableFuture.supplyAsync(() -> servers.session(failedLately), executor)
                .thenCompose(question)
                .whenComplete((_, failure) -> failedLately = failure != null);
    }

    /// A and AAAA; fails where there are neither.
    static CompletableFuture<List<HostAddress>> addresses(LookupSession session, Name host) {
        CompletableFuture<LookupResult> ipv6 =
                session.lookupAsync(host, Type.AAAA).toCompletableFuture();
        CompletableFuture<LookupResult> ipv4 =
                session.lookupAsync(host, Type.A).toCompletableFuture();
        CompletableFuture<List<HostAddress>> others =
                ipv6.thenApply(HostNames::of).exceptionally(_ -> List.of());
        return others.thenCompose(found ->
                found.isEmpty()
                        ? ipv4.thenApply(HostNames::of)
                        : ipv4.thenApply(HostNames::of)
                                .exceptionally(_ -> List.of())
                                .thenApply(more -> both(found, more)));
    }

    private static List<HostAddress> both(List<HostAddress> some, List<HostAddress> more) {
        List<HostAddress> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static List<HostAddress> of(LookupResult result) {
        List<HostAddress> addresses = new ArrayList<>();
        for (Record record : result.getRecords()) {
            if (addresses.size() == MAXIMUM_RECORDS) {
                break;
            }
            if (record instanceof ARecord ipv4) {
                addresses.add(new HostAddress(ipv4.getAddress(), ipv4.getTTL()));
            } else if (record instanceof AAAARecord ipv6) {
                addresses.add(new HostAddress(ipv6.getAddress(), ipv6.getTTL()));
            }
        }
        return addresses;
    }

    /// The addresses of a host, for a caller that waits.
    ///
    /// @param host a name, or an address as it stands in a URL but without brackets
    /// @throws IOException with the reason in words where there is none
    public List<InetAddress> addressesOf(String host) throws IOException, InterruptedException {
        InetAddress literal = literal(host);
        if (literal != null) {
            return List.of(literal);
        }
        Name name = Name.fromString(host);
        try {
            return ask(session -> addresses(session, name)).get().stream()
                    .map(HostAddress::address)
                    .toList();
        } catch (ExecutionException e) {
            throw new IOException(host + ": " + LookupTrouble.of(e.getCause()), e);
        }
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException aName) {
            return null;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
