package dev.postern.ike.vectors;

import dev.postern.ike.Ask;
import dev.postern.ike.Input;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.StoreByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Writes docs/vectors/exchanges.txt: two gateways of one domain, a client, and what goes between
/// them, all from one seed. Run `main` in the directory of this module after a change of what is
/// sent.
final class ExchangeVectors {
    static final Path FILE = Path.of("..", "docs", "vectors", "exchanges.txt");
    private static final long SEED = 2026;

    private static final String PREAMBLE =
            """
            # Whole exchanges of the failover protocol, docs/protocol.md. One value a line, in hexadecimal digits.
            # Suite: AES-256-GCM, PRF-HMAC-SHA2-384, X25519. Messages begin with the IKE header, without non-ESP marker.
            # x25519 is the private key of the client, from which all keys of the full exchange follow.
            # Each [exchange] stands alone, but for the key and the pre-shared key here.
            # Where the client holds a reference, `record` is what the gateways' store has under it, sealed as a ticket by value.
            """;

    private final StringBuilder text = new StringBuilder(PREAMBLE);

    private ExchangeVectors() {}

    public static void main(String[] arguments) throws IOException {
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, generate());
    }

    /// The text of the file; the same each time.
    static String generate() {
        ExchangeVectors vectors = new ExchangeVectors();
        vectors.line("tgs-spi", "%016x".formatted(1));
        vectors.line("tgs-key", hex(new SeededEntropy(1).octets(TgsKey.SECRET_LENGTH)));
        vectors.line("psk", Octets.ofAscii("correct horse battery staple").hex());
        vectors.fullExchange();
        vectors.resume("resume without KE", Suites.ONE_ROUND_TRIP);
        vectors.resume("resume with KE", Suites.ONE_ROUND_TRIP_WITH_KE);
        vectors.resumeByReference();
        vectors.rfc5723();
        vectors.rfc5723ByReference();
        vectors.refusals();
        return vectors.text.toString();
    }

    /// Three nodes in a world of their own.
    private static final class Scene {
        final World world = new World(SEED);
        final ClientSettings settings = new ClientSettings();
        final StoreByHand store = new StoreByHand();
        final Node a;
        final Node b;
        final Node client;

        Scene(ResumptionPolicy policy) {
            GatewaySettings first = new GatewaySettings('a');
            GatewaySettings second = new GatewaySettings('b');
            first.resumption = policy;
            second.resumption = policy;
            first.store = store;
            second.store = store;
            settings.resumption = policy;
            a = world.add(first);
            b = world.add(second);
            client = world.add(settings);
        }

        ResumableSession connect() {
            client.initiate(1, settings.profile(), a);
            world.settle();
            return client.lastTicket();
        }

        /// What the store has under this name.
        StoredSession record(Octets name) {
            return Objects.requireNonNull(store.records().fetch(new SessionReference(name), 0));
        }

        int resume(ResumableSession ticket) {
            int before = world.carried().size();
            client.resume(2, settings.profile(), b, ticket);
            world.settle();
            return before;
        }
    }

    private void fullExchange() {
        Scene scene = new Scene(Suites.ONE_ROUND_TRIP);
        scene.connect();
        begin("full exchange with a ticket");
        List<Datagram> carried = scene.world.carried();
        ephemeral(scene, carried.getFirst());
        message("IKE_SA_INIT request", carried.get(0));
        message("IKE_SA_INIT response", carried.get(1));
        message("IKE_AUTH request", carried.get(2));
        message("IKE_AUTH response", carried.get(3));
    }

    private void resume(String title, ResumptionPolicy policy) {
        Scene scene = new Scene(policy);
        int first = scene.resume(scene.connect());
        begin(title);
        List<Datagram> carried = scene.world.carried();
        for (byte[] drawn : scene.client.entropy().drawn()) {
            if (policy.equals(Suites.ONE_ROUND_TRIP_WITH_KE) && drawn.length == 32) {
                line("client-drew", hex(drawn));
            }
        }
        message("request", carried.get(first));
        message("response", carried.get(first + 1));
        message("confirmation", carried.get(first + 2));
    }

    private void resumeByReference() {
        Scene scene = new Scene(Suites.ONE_ROUND_TRIP.storing(TicketStorage.BY_REFERENCE));
        ResumableSession session = scene.connect();
        begin("resume by reference");
        line("record", scene.record(session.ticket()).sealed().hex());
        int first = scene.resume(session);
        List<Datagram> carried = scene.world.carried();
        message("request", carried.get(first));
        line("claim", scene.store.asked(Ask.RaiseSwitchCount.class).getLast().claim().hex());
        message("response", carried.get(first + 1));
        message("confirmation", carried.get(first + 2));
        for (Datagram next : carried.subList(first + 3, carried.size())) {
            if (next.from().equals(scene.b.address()) && !next.header().response()) {
                message("next reference", next);
            }
        }
    }

    private void rfc5723ByReference() {
        Scene scene = new Scene(Suites.RFC_5723.storing(TicketStorage.BY_REFERENCE));
        ResumableSession session = scene.connect();
        begin("RFC 5723 by reference");
        line("record", scene.record(session.ticket().slice(9, 25)).sealed().hex());
        opaqueResume(scene, session);
    }

    private void rfc5723() {
        Scene scene = new Scene(Suites.RFC_5723);
        ResumableSession session = scene.connect();
        begin("RFC 5723");
        opaqueResume(scene, session);
    }

    private void opaqueResume(Scene scene, ResumableSession session) {
        int first = scene.resume(session);
        List<Datagram> carried = scene.world.carried();
        message("IKE_SESSION_RESUME request", carried.get(first));
        message("IKE_SESSION_RESUME response", carried.get(first + 1));
        message("IKE_AUTH request", carried.get(first + 2));
        message("IKE_AUTH response", carried.get(first + 3));
    }

    private void refusals() {
        Scene scene = new Scene(Suites.ONE_ROUND_TRIP);
        ResumableSession ticket = scene.connect();
        Identity meant = Identity.fqdn("gw-b.example");

        ResumeByHand changed = new ResumeByHand(ticket, meant, 1);
        byte[] octets = ticket.ticket().array().clone();
        octets[octets.length - 1] ^= 1;
        changed.ticket = Octets.of(octets);
        begin("refusal of a ticket that does not open");
        line("request", hex(changed.encode()));
        message("response", changed.send(scene.world, scene.b).getFirst());

        begin("refusal of a ticket that has expired");
        scene.world.advance(Duration.ofSeconds(Suites.LIFETIME_SECONDS));
        scene.b.give(new Input.DeadlineReached());
        ResumeByHand expired = new ResumeByHand(ticket, meant, 2);
        byte[] request = expired.encode();
        line("request", hex(request));
        message("response", expired.send(scene.world, scene.b, request).getFirst());
    }

    private void begin(String title) {
        text.append("\n[").append(title).append("]\n");
    }

    private void message(String name, Datagram datagram) {
        line(name.replace(' ', '-').toLowerCase(Locale.ROOT), hex(datagram.octets()));
    }

    private void ephemeral(Scene scene, Datagram first) {
        String request = hex(first.octets());
        for (byte[] drawn : scene.client.entropy().drawn()) {
            if (drawn.length == 32
                    && request.contains(hex(IndependentReader.x25519PublicKey(drawn)))) {
                line("x25519", hex(drawn));
            }
        }
    }

    private void line(String name, String value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }
}
