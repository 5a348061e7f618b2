package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;

import dev.postern.host.ResolverKind;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/// What a client's file says of the host that it runs on.
final class HostKeys {
    /// Words of `resolver.mode`.
    enum ResolverMode {
        AUTO,
        SYSTEMD_RESOLVED,
        RESOLVCONF,
        FILE,
        OFF
    }

    static final Key<ResolverMode> RESOLVER_MODE =
            defaulted(
                    "mode",
                    BasicTypes.choice(ResolverMode.values()),
                    "\"auto\"",
                    "Who is given the servers: systemd-resolved, resolvconf, or /etc/resolv.conf"
                            + " itself; auto is the first of them that this host has, and nobody"
                            + " where inside.hook is called instead, or in a network namespace"
                            + " other than the host's, which shares those settings.");
    static final Key<List<InetAddress>> SERVERS =
            defaulted(
                    "servers",
                    BasicTypes.list(NetworkTypes.address(), 0),
                    "[]",
                    "Servers that are asked for names while the tunnel stands, in place of those"
                        + " that the gateway names. Without either the host's resolver stays as it"
                        + " is.");
    static final Key<List<String>> DOMAINS =
            defaulted(
                    "domains",
                    BasicTypes.list(NetworkTypes.domain(), 0),
                    "[]",
                    "Names in these domains alone go to the servers, which takes systemd-resolved."
                            + " None: all names do.");
    static final Shape RESOLVER =
            Shape.single(
                    "resolver",
                    "Whom this host asks for names while the tunnel stands; with mode tun only.",
                    List.of(RESOLVER_MODE, SERVERS, DOMAINS));

    static final Key<Path> STATE =
            defaulted(
                    "state",
                    BasicTypes.path(),
                    "\"/run/postern\"",
                    "Directory where the client writes down what it is about to change on this"
                            + " host, to be undone after a crash.");
    static final Key<Boolean> BARRIER =
            defaulted(
                    "barrier",
                    BasicTypes.flag(),
                    "false",
                    "Whether packets that the tunnel is to carry are refused, with an error to"
                            + " their senders, as long as it does not: from the start of the"
                            + " client on, before its first session too, until it is ended as it"
                            + " should be. A client that was killed leaves the barrier standing;"
                            + " its next start takes it over without a gap, and `postern client"
                            + " down` or `restore` takes it away. The client's own messages pass,"
                            + " and what the host reaches past the tunnel. With mode tun and its"
                            + " routes only.");
    static final Shape HOST =
            Shape.single(
                    "host",
                    "What a client that was killed leaves behind. With it its device is gone: from"
                            + " then on, as after it has ended as it should, packets leave this"
                            + " host as if there were no tunnel, unless barrier is set.",
                    List.of(STATE, BARRIER));

    private HostKeys() {}

    /// @param reached whether there is something that is reached through the tunnel
    static HostSettings read(Section top, ClientInside inside, boolean reached) {
        boolean carries = reached && inside instanceof ClientInside.Tun tun && tun.routes();
        Section resolver = top.single(RESOLVER);
        ResolverMode mode = resolver.get(RESOLVER_MODE);
        List<InetAddress> servers = resolver.get(SERVERS);
        List<String> domains = resolver.get(DOMAINS);
        for (Key<?> key : List.of(SERVERS, DOMAINS)) {
            if (!(inside instanceof ClientInside.Tun) && resolver.has(key)) {
                resolver.place(key)
                        .contradicts("means nothing without a TUN device; legal is mode tun");
            }
        }
        if (servers.isEmpty() && !domains.isEmpty() && resolver.sound(SERVERS)) {
            resolver.place(DOMAINS).contradicts("needs servers; legal is none without them");
        }
        Section host = top.single(HOST);
        boolean barrier = host.get(BARRIER);
        if (barrier && !carries) {
            host.place(BARRIER)
                    .contradicts(
                            "has nothing to guard without a TUN device and routes into it; legal is"
                                    + " true with inside.mode = \"tun\", inside.routes = true and"
                                    + " tunnel mode");
        }
        return new HostSettings(
                mode != ResolverMode.OFF && !(mode == ResolverMode.AUTO && hasHook(inside)),
                kind(mode),
                servers,
                domains,
                host.get(STATE).toAbsolutePath(),
                barrier);
    }

    /// It sets a resolver up by itself.
    private static boolean hasHook(ClientInside inside) {
        return inside instanceof ClientInside.Tun tun && tun.hook() != null;
    }

    private static @Nullable ResolverKind kind(ResolverMode mode) {
        return switch (mode) {
            case AUTO, OFF -> null;
            case SYSTEMD_RESOLVED -> ResolverKind.SYSTEMD_RESOLVED;
            case RESOLVCONF -> ResolverKind.RESOLVCONF;
            case FILE -> ResolverKind.FILE;
        };
    }
}
