import dev.postern.api.GatewayEvent;
import dev.postern.api.PosternGateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A server with a state of its own for each client, protected by Postern in the same process: a
/// much simplified Mobile IP home agent, whose state is a binding. It keeps a count of
/// registrations, so that one can see whether the state has moved along with the session.
///
///     java -cp ... HomeAgent.java gateway.toml DIRECTORY
///
/// The state is kept under the name of the session in DIRECTORY, which all gateways of the domain
/// share; in earnest that would be a replicated store. What is written before the answer is sent
/// survives the gateway.
public final class HomeAgent {
    private record Binding(String sessionId, int registrations) {}

    private final Path directory;
    private final Map<InetAddress, Binding> bindings = new ConcurrentHashMap<>();
    private PosternGateway gateway;

    private HomeAgent(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        HomeAgent agent = new HomeAgent(Path.of(arguments[1]));
        agent.gateway =
                PosternGateway.builder(Path.of(arguments[0]))
                        .packets(agent::onPacket)
                        .onEvent(agent::onEvent)
                        .build();
        agent.gateway.start();
        System.out.println("serving");
        Thread.currentThread().join();
    }

    /// The state follows the session.
    private void onEvent(GatewayEvent event) {
        switch (event) {
            case GatewayEvent.SessionEstablished e -> bind(e.sessionId(), e.client(), 0);
            case GatewayEvent.SessionResumed e -> {
                int kept = fetch(e.sessionId());
                System.out.println(
                        "session of "
                                + e.client().identity()
                                + " comes from "
                                + e.from()
                                + " with "
                                + kept
                                + " registrations");
                bind(e.sessionId(), e.client(), kept);
            }
            case GatewayEvent.SessionTakenOver e ->
                    bind(e.sessionId(), e.client(), fetch(e.sessionId()));
            case GatewayEvent.SessionConfirmed _ -> {}
            case GatewayEvent.SessionLeft e -> {
                bindings.values().removeIf(each -> each.sessionId().equals(e.sessionId()));
                if (!e.goesOn()) {
                    forget(e.sessionId());
                }
            }
        }
    }

    private void bind(String sessionId, GatewayEvent.Client client, int registrations) {
        for (InetAddress address : client.innerAddresses()) {
            bindings.put(address, new Binding(sessionId, registrations));
        }
    }

    /// A registration: counted, written down, and answered.
    private void onPacket(byte[] packet) {
        Ipv4Udp request = Ipv4Udp.parse(packet);
        if (request == null) {
            return;
        }
        Binding now =
                bindings.computeIfPresent(
                        request.source(),
                        (_, known) -> new Binding(known.sessionId(), known.registrations() + 1));
        if (now == null) {
            // The event with the session is still on its way; the client asks again.
            return;
        }
        store(now);
        byte[] answer = ByteBuffer.allocate(4).putInt(now.registrations()).array();
        gateway.send(request.answer(answer).packet());
    }

    private void store(Binding binding) {
        try {
            Path next = Files.createTempFile(directory, "binding", ".new");
            Files.writeString(
                    next, String.valueOf(binding.registrations()), StandardCharsets.US_ASCII);
            Files.move(next, file(binding.sessionId()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int fetch(String sessionId) {
        try {
            return Files.exists(file(sessionId))
                    ? Integer.parseInt(Files.readString(file(sessionId), StandardCharsets.US_ASCII))
                    : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forget(String sessionId) {
        try {
            Files.deleteIfExists(file(sessionId));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String sessionId) {
        return directory.resolve(sessionId + ".binding");
    }
}
