package dev.postern.gateway.discovery;

import dev.postern.ike.Answer;
import dev.postern.ike.FoundGateway;
import dev.postern.ike.GatewayName;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// Looks the gateways behind a name up, without keeping the caller. Nothing is kept from one
/// question to the next: whoever asks knows how long an answer holds.
public final class GatewayNames implements AutoCloseable {
    /// Targets of a service whose addresses are asked for, best first.
    static final int MAXIMUM_TARGETS = 16;

    /// Records of an answer that are looked at.
    static final int MAXIMUM_RECORDS = 256;

    /// How long what is found out about an address holds.
    private static final long ITSELF_SECONDS = 10;

    private final NameServers servers;
    private final Ways ways;
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("gateway-names").factory());
    private volatile boolean failedLately;

    /// @param servers to ask; empty for the host's
    /// @param patience for one question
    /// @param wayOut of the questions, past a tunnel which may be dead
    public GatewayNames(
            List<InetSocketAddress> servers, Duration patience, Ways ways, WayOut wayOut) {
        this.servers =
                new NameServers(
                        List.copyOf(servers), patience, executor, new NameQuestions(wayOut));
        this.ways = ways;
    }

    /// One address of a host, and how long it is known.
    private record HostAddress(InetAddress address, long ttl) {}

    /// Calls `answer` once, from another thread.
    public void lookUp(GatewayName name, Consumer<Answer> answer) {
        executor.execute(() ->
                begin(name)
                        .handle((found, failure) -> {
                            failedLately = failure != null;
                            return failure == null
                                    ? found
                                    : new Answer.GatewaysNotFound(LookupTrouble.of(failure));
                        })
                        .thenAccept(answer));
    }

    private CompletableFuture<Answer> begin(GatewayName name) {
        if (name.kind() == GatewayName.Kind.ADDRESSES
                && (Address.isDottedQuad(name.owner()) || name.owner().contains(":"))) {
            return CompletableFuture.completedFuture(ofItself(name));
        }
        try {
            LookupSession session = servers.session(failedLately);
            Name owner = Name.fromString(name.owner());
            return switch (name.kind()) {
                case ADDRESSES -> addresses(session, owner).thenApply(found -> ofHost(name, found));
                case SERVICE ->
                        session.lookupAsync(owner, Type.SRV)
                                .toCompletableFuture()
                                .thenCompose(result -> targets(session, result));
            };
        } catch (TextParseException e) {
            return CompletableFuture.completedFuture(
                    new Answer.GatewaysNotFound("that is no name: " + e.getMessage()));
        }
    }

    /// An address, for what has become of the way to it.
    private Answer ofItself(GatewayName name) {
        InetAddress address = InetAddress.ofLiteral(name.owner());
        return ofHost(name, List.of(new HostAddress(address, ITSELF_SECONDS)));
    }

    private Answer ofHost(GatewayName name, List<HostAddress> addresses) {
        List<FoundGateway> gateways = new ArrayList<>();
        for (HostAddress each : addresses) {
            gateways.add(found(name.owner(), each.address(), name.port(), 0, 1));
        }
        return new Answer.GatewaysFound(gateways, shortest(addresses));
    }

    private FoundGateway found(
            String target, InetAddress address, int port, int priority, int weight) {
        InetSocketAddress remote = new InetSocketAddress(address, port);
        return new FoundGateway(target, remote, ways.to(remote), priority, weight);
    }

    private CompletableFuture<Answer> targets(LookupSession session, LookupResult result) {
        List<SRVRecord> records =
                result.getRecords().stream()
                        .limit(MAXIMUM_RECORDS)
                        .filter(SRVRecord.class::isInstance)
                        .map(SRVRecord.class::cast)
                        .sorted(
                                Comparator.comparingInt(SRVRecord::getPriority)
                                        .thenComparing(
                                                SRVRecord::getWeight, Comparator.reverseOrder()))
                        .limit(MAXIMUM_TARGETS)
                        .toList();
        if (records.stream().anyMatch(each -> each.getTarget().equals(Name.root))) {
            // RFC 2782: "the service is decidedly not available at this domain".
            return CompletableFuture.completedFuture(
                    new Answer.GatewaysNotFound("the domain says that it has no gateways"));
        }
        List<CompletableFuture<List<HostAddress>>> hosts = new ArrayList<>();
        for (SRVRecord each : records) {
            hosts.add(addresses(session, each.getTarget()).exceptionally(_ -> List.of()));
        }
        return CompletableFuture.allOf(hosts.toArray(CompletableFuture[]::new))
                .thenApply(_ ->
                        ofService(records, hosts.stream().map(CompletableFuture::join).toList()));
    }

    private Answer ofService(List<SRVRecord> records, List<List<HostAddress>> hosts) {
        List<FoundGateway> gateways = new ArrayList<>();
        long ttl = Long.MAX_VALUE;
        for (int i = 0; i < records.size(); i++) {
            SRVRecord record = records.get(i);
            ttl = Math.min(ttl, Math.min(record.getTTL(), shortest(hosts.get(i))));
            for (HostAddress each : hosts.get(i)) {
                gateways.add(
                        found(
                                record.getTarget().toString(true),
                                each.address(),
                                GatewayName.portOf(record.getPort()),
                                record.getPriority(),
                                record.getWeight()));
            }
        }
        return gateways.isEmpty()
                ? new Answer.GatewaysNotFound(
                        "none of the " + records.size() + " hosts that it names has an address")
                : new Answer.GatewaysFound(gateways, ttl);
    }

    /// A and AAAA; fails where there are neither.
    private static CompletableFuture<List<HostAddress>> addresses(
            LookupSession session, Name host) {
        CompletableFuture<LookupResult> ipv6 =
                session.lookupAsync(host, Type.AAAA).toCompletableFuture();
        CompletableFuture<LookupResult> ipv4 =
                session.lookupAsync(host, Type.A).toCompletableFuture();
        CompletableFuture<List<HostAddress>> others =
                ipv6.thenApply(GatewayNames::of).exceptionally(_ -> List.of());
        return others.thenCompose(found ->
                found.isEmpty()
                        ? ipv4.thenApply(GatewayNames::of)
                        : ipv4.thenApply(GatewayNames::of)
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

    private static long shortest(List<HostAddress> addresses) {
        return addresses.stream().mapToLong(HostAddress::ttl).min().orElse(Long.MAX_VALUE);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
