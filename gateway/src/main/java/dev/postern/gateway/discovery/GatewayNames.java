package dev.postern.gateway.discovery;

import dev.postern.gateway.discovery.HostNames.HostAddress;
import dev.postern.ike.Answer;
import dev.postern.ike.FoundGateway;
import dev.postern.ike.GatewayName;

import org.xbill.DNS.Address;
import org.xbill.DNS.Name;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Looks the gateways behind a name up, without keeping the caller. Nothing is kept from one
/// question to the next: whoever asks knows how long an answer holds.
public final class GatewayNames {
    /// Targets of a service whose addresses are asked for, best first.
    static final int MAXIMUM_TARGETS = 16;

    /// How long what is found out about an address holds.
    private static final long ITSELF_SECONDS = 10;

    private final HostNames hosts;
    private final Ways ways;

    /// @param hosts whose name servers are asked; the caller closes it
    public GatewayNames(HostNames hosts, Ways ways) {
        this.hosts = hosts;
        this.ways = ways;
    }

    /// Calls `answer` once, from another thread.
    public void lookUp(GatewayName name, Consumer<Answer> answer) {
        hosts.ask(session -> begin(session, name))
                .exceptionally(failure -> new Answer.GatewaysNotFound(LookupTrouble.of(failure)))
                .thenAccept(answer);
    }

    private CompletableFuture<Answer> begin(LookupSession session, GatewayName name) {
        if (name.kind() == GatewayName.Kind.ADDRESSES
                && (Address.isDottedQuad(name.owner()) || name.owner().contains(":"))) {
            return CompletableFuture.completedFuture(ofItself(name));
        }
        try {
            Name owner = Name.fromString(name.owner());
            return switch (name.kind()) {
                case ADDRESSES ->
                        HostNames.addresses(session, owner).thenApply(found -> ofHost(name, found));
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
                        .limit(HostNames.MAXIMUM_RECORDS)
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
        List<CompletableFuture<List<HostAddress>>> found = new ArrayList<>();
        for (SRVRecord each : records) {
            found.add(HostNames.addresses(session, each.getTarget()).exceptionally(_ -> List.of()));
        }
        return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new))
                .thenApply(_ ->
                        ofService(records, found.stream().map(CompletableFuture::join).toList()));
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

    private static long shortest(List<HostAddress> addresses) {
        return addresses.stream().mapToLong(HostAddress::ttl).min().orElse(Long.MAX_VALUE);
    }
}
