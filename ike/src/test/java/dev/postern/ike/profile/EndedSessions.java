package dev.postern.ike.profile;

import com.sun.management.HotSpotDiagnosticMXBean;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.Session;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A process of its own in which sessions of both protocols are set up, resumed at another gateway,
/// ended and revoked, and presented once more, and which then dumps its heap: `EndedSessions
/// SECRETS DUMP`. SECRETS is a file for what they have had, with every bit turned, a line each; the
/// first one is of a secret that still stands. What endpoints hand out, keys of Child SAs and the
/// client's tickets, is wiped here, as data plane and client do.
final class EndedSessions {
    private static final SecretBytes STANDING =
            SecretBytes.owning(new SeededEntropy(180).octets(32));

    private final Set<String> turned = new LinkedHashSet<>();

    private EndedSessions() {}

    public static void main(String[] arguments) throws IOException {
        EndedSessions sessions = new EndedSessions();
        sessions.note(STANDING);
        List<Resumption> worlds = new ArrayList<>();
        for (Session.Kind kind : Session.Kind.values()) {
            worlds.add(sessions.lives(kind));
        }
        Files.write(Path.of(arguments[0]), sessions.turned);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpHeap(arguments[1], false);
        // Its endpoints are there while the heap is dumped.
        worlds.forEach(world -> world.world.settle());
    }

    private Resumption lives(Session.Kind kind) {
        Resumption r = new Resumption(62 + kind.code());
        ResumableSession ticket = r.connect(kind);
        r.resume(r.b(), ticket);
        for (long handle = 1; handle <= 2; handle++) {
            r.client().give(new Input.Close(handle, false));
        }
        r.world.settle();
        r.b().give(new Input.Revoke(new Revocation.OfEverything(r.world.now().epochSeconds())));
        r.resume(r.b(), ticket);
        r.world.advance(Duration.ofMinutes(1));
        for (Node node : List.of(r.a(), r.b(), r.client())) {
            if (node.endpoint().size() != 0) {
                throw new IllegalStateException(node + " still has an IKE SA");
            }
            node.effects().forEach(this::note);
        }
        return r;
    }

    private void note(Effect effect) {
        if (effect instanceof Effect.InstallChildSa install) {
            end(install.installation().inboundKey());
            end(install.installation().outboundKey());
        } else if (effect instanceof Effect.Emit(Event event)
                && event instanceof Event.TicketReceived received) {
            end(received.session().session().secret());
        }
    }

    private void end(SecretBytes secret) {
        note(secret);
        secret.close();
    }

    private void note(SecretBytes secret) {
        StringBuilder line = new StringBuilder();
        for (byte octet : secret.expose()) {
            line.append(HexFormat.of().toHexDigits((byte) ~octet));
        }
        turned.add(line.toString());
    }
}
