package dev.postern.gateway.discovery;

import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupSession;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/// Who is asked. Without servers of our own these are the host's, as they were at the start: a
/// tunnel may put others in their place, which nobody reaches once the gateway is gone. For the
/// same reason systemd-resolved's stub is passed by: those that it would ask are asked. After a
/// failure those that the host names by now are asked too, as it may have moved.
final class NameServers {
    /// Aliases that are followed for one name.
    private static final int MAXIMUM_ALIASES = 8;

    private static final int TRIES = 2;
    private static final Set<String> STUBS = Set.of("127.0.0.53", "127.0.0.54");
    private static final Path OF_RESOLVED = Path.of("/run/systemd/resolve/resolv.conf");

    private final List<InetSocketAddress> given;
    private final List<InetSocketAddress> first;
    private final List<Name> searchPath;
    private final Duration patience;
    private final Executor executor;
    private final NameQuestions questions;

    NameServers(
            List<InetSocketAddress> given,
            Duration patience,
            Executor executor,
            NameQuestions questions) {
        this.questions = questions;
        ResolverConfig host = ResolverConfig.getCurrentConfig();
        this.given = given;
        this.first = upstream(host.servers(), OF_RESOLVED);
        this.searchPath = given.isEmpty() ? host.searchPath() : List.of();
        this.patience = patience;
        this.executor = executor;
    }

    /// @param file where systemd-resolved says whom it asks
    static List<InetSocketAddress> upstream(List<InetSocketAddress> servers, Path file) {
        if (!servers.stream().allMatch(each -> STUBS.contains(each.getHostString()))) {
            return servers;
        }
        try {
            List<InetSocketAddress> upstream =
                    Files.readAllLines(file).stream()
                            .map(line -> line.strip().split("\\s+", -1))
                            .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                            .map(words ->
                                    new InetSocketAddress(
                                            InetAddress.ofLiteral(words[1]),
                                            SimpleResolver.DEFAULT_PORT))
                            .toList();
            return upstream.isEmpty() ? servers : upstream;
        } catch (IOException | IllegalArgumentException unreadable) {
            return servers;
        }
    }

    /// @param again whether the last question to them has failed
    LookupSession session(boolean again) {
        return LookupSession.builder()
                .resolver(resolver(again))
                .executor(executor)
                .defaultHostsFileParser()
                .searchPath(searchPath)
                .maxRedirects(MAXIMUM_ALIASES)
                .build();
    }

    private Resolver resolver(boolean again) {
        Set<InetSocketAddress> asked = new LinkedHashSet<>(given.isEmpty() ? first : given);
        if (given.isEmpty() && again) {
            ResolverConfig.refresh();
            asked.addAll(ResolverConfig.getCurrentConfig().servers());
        }
        List<Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : asked) {
            SimpleResolver resolver = new SimpleResolver(server);
            resolver.setIoClientFactory(questions);
            resolver.setTimeout(patience.dividedBy(TRIES));
            resolvers.add(resolver);
        }
        ExtendedResolver all = new ExtendedResolver(resolvers);
        all.setTimeout(patience);
        all.setRetries(TRIES);
        return all;
    }
}
