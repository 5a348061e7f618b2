package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.radius.Nas;
import dev.postern.radius.RetryPolicy;
import dev.postern.radius.Server;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the table `radius`. Null comes back where there is none.
final class RadiusReader {
    private static final int SHORTEST_GOOD = 16;
    private static final int DEAD_TIME_DOUBLINGS = 4;
    private static final int WAITING_LIMIT = 16_384;

    private final Section section;
    private final Map<InetAddress, SecretBytes> orderers = new HashMap<>();
    private final List<Server> authentication = new ArrayList<>();
    private final List<Server> accounting = new ArrayList<>();

    private RadiusReader(Section section) {
        this.section = section;
    }

    static @Nullable Radius read(Section top, String identity) {
        Section section = top.single(RadiusKeys.RADIUS);
        boolean there =
                !section.repeated(RadiusKeys.SERVER).isEmpty()
                        || RadiusKeys.RADIUS.keys().stream().anyMatch(section::has);
        return there ? new RadiusReader(section).read(identity) : null;
    }

    private Radius read(String identity) {
        List<Section> servers = section.repeated(RadiusKeys.SERVER);
        if (servers.isEmpty()) {
            section.missing(
                    "radius: has no server; legal is a table [[radius.server]] for each, the"
                            + " preferred one first");
        }
        servers.forEach(this::server);
        for (Section authorizer : section.repeated(RadiusKeys.AUTHORIZER)) {
            mayOrder(authorizer, authorizer.get(RadiusKeys.ADDRESS), secret(authorizer));
        }
        String name = section.optional(RadiusKeys.NAS_IDENTIFIER);
        InetAddress address = section.optional(RadiusKeys.NAS_ADDRESS);
        return new Radius(
                new Nas(name == null ? identity : name, address),
                address,
                retry(),
                authentication,
                section.get(RadiusKeys.ACCOUNTING) ? accounting : List.of(),
                new Radius.Books(
                        section.get(RadiusKeys.INTERIM_INTERVAL).toSeconds(),
                        section.optional(RadiusKeys.ACCOUNTING_JOURNAL),
                        section.get(RadiusKeys.ACCOUNTING_QUEUE)),
                orders());
    }

    private void server(Section server) {
        InetAddress address = server.get(RadiusKeys.ADDRESS);
        SecretBytes secret = secret(server);
        int port = server.get(RadiusKeys.PORT);
        int accountingPort = server.get(RadiusKeys.ACCOUNTING_PORT);
        if (server.sound(RadiusKeys.PORT, RadiusKeys.ACCOUNTING_PORT) && port == accountingPort) {
            server.place(RadiusKeys.ACCOUNTING_PORT)
                    .contradicts("is also port; legal are two different ports");
        }
        String name = "radius.server[" + authentication.size() + "]";
        authentication.add(new Server(name, new InetSocketAddress(address, port), secret));
        accounting.add(new Server(name, new InetSocketAddress(address, accountingPort), secret));
        if (server.get(RadiusKeys.MAY_ORDER)) {
            mayOrder(server, address, secret);
        }
    }

    private void mayOrder(Section who, InetAddress address, SecretBytes secret) {
        if (orderers.putIfAbsent(address, secret) != null) {
            who.place(RadiusKeys.ADDRESS)
                    .contradicts(
                            "may send Disconnect-Requests already by another table; legal is each"
                                    + " address once");
        }
    }

    private SecretBytes secret(Section from) {
        if (from.has(RadiusKeys.SECRET) && from.has(RadiusKeys.SECRET_FILE)) {
            from.place(RadiusKeys.SECRET_FILE)
                    .contradicts("stands beside secret; legal is one of the two");
        } else if (!from.has(RadiusKeys.SECRET) && !from.has(RadiusKeys.SECRET_FILE)) {
            from.missing(RadiusKeys.SECRET, "missing, and so is secret-file");
        }
        SecretBytes written = from.optional(RadiusKeys.SECRET);
        Path file = from.optional(RadiusKeys.SECRET_FILE);
        SecretBytes secret = file == null ? written : ofFile(from, file);
        if (secret == null) {
            return RadiusKeys.SECRET.standIn();
        }
        if (secret.length() < SHORTEST_GOOD) {
            from.place(from.has(RadiusKeys.SECRET) ? RadiusKeys.SECRET : RadiusKeys.SECRET_FILE)
                    .warn(
                            "the secret has fewer than "
                                    + SHORTEST_GOOD
                                    + " octets and can be guessed offline by whoever sees one"
                                    + " packet; make one with: openssl rand -hex 24");
        }
        return secret;
    }

    private static @Nullable SecretBytes ofFile(Section from, Path file) {
        Place place = from.place(RadiusKeys.SECRET_FILE);
        String text = SecretFile.read(file, place);
        if (text == null) {
            return null;
        }
        String secret = text.strip();
        if (secret.isEmpty() || secret.indexOf('\n') >= 0) {
            place.wrong(secret.isEmpty() ? "the file is empty" : "the file has several lines");
            return null;
        }
        return SecretBytes.owning(secret.getBytes(StandardCharsets.UTF_8));
    }

    private RetryPolicy retry() {
        Duration deadTime = section.get(RadiusKeys.DEAD_TIME);
        return new RetryPolicy(
                section.get(RadiusKeys.TIMEOUT).toNanos(),
                section.get(RadiusKeys.TRIES),
                deadTime.toNanos(),
                deadTime.toNanos() << DEAD_TIME_DOUBLINGS,
                section.get(RadiusKeys.SOCKETS),
                WAITING_LIMIT);
    }

    private Radius.@Nullable Orders orders() {
        InetSocketAddress listen = section.optional(RadiusKeys.ORDERS);
        if (listen == null) {
            return null;
        }
        if (orderers.isEmpty()) {
            section.place(RadiusKeys.ORDERS)
                    .contradicts(
                            "nobody may send requests there; legal is may-disconnect = true in a"
                                    + " [[radius.server]], or a table [[radius.authorizer]]");
        }
        return new Radius.Orders(
                listen, orderers, section.get(RadiusKeys.ORDERS_WINDOW).toSeconds());
    }
}
