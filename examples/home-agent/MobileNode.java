import dev.postern.api.ClientEvent;
import dev.postern.api.PosternClient;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// The client of [HomeAgent]: registers again and again, and tells the application what becomes of
/// its session when a gateway dies.
///
///     java -cp ... MobileNode.java client.toml 10.1.0.1
public final class MobileNode {
    private static final int PORT = 434;
    private static final long INTERVAL_MILLIS = 50;
    private static final int UNANSWERED_BEFORE_HINT = 5;

    private final AtomicReference<InetAddress> home = new AtomicReference<>();
    private volatile int registered;
    private volatile int unanswered;

    public static void main(String[] arguments) throws Exception {
        new MobileNode().run(Path.of(arguments[0]), InetAddress.ofLiteral(arguments[1]));
    }

    private void run(Path file, InetAddress agent) throws Exception {
        try (PosternClient client =
                PosternClient.builder(file)
                        .packets(this::onPacket)
                        .onEvent(this::onEvent)
                        .build()) {
            client.connect();
            client.awaitConnected(Duration.ofMinutes(1));
            while (true) {
                register(client, agent);
                Thread.sleep(INTERVAL_MILLIS);
            }
        }
    }

    private void register(PosternClient client, InetAddress agent) {
        InetAddress source = home.get();
        if (source == null) {
            return;
        }
        byte[] request = ByteBuffer.allocate(4).putInt(registered).array();
        client.send(new Ipv4Udp(source, agent, PORT, PORT, request).packet());
        // The application notices by its own protocol that nobody answers, and says so.
        if (++unanswered == UNANSWERED_BEFORE_HINT) {
            client.hintGatewaySuspected();
        }
    }

    private void onPacket(byte[] packet) {
        Ipv4Udp answer = Ipv4Udp.parse(packet);
        if (answer != null && answer.data().length == 4) {
            int now = ByteBuffer.wrap(answer.data()).getInt();
            if (now < registered) {
                System.out.println("state lost: " + registered + " registrations are " + now);
            } else if (registered == 0 || unanswered >= UNANSWERED_BEFORE_HINT) {
                System.out.println("state is " + now + " registrations, was " + registered);
            }
            registered = now;
            unanswered = 0;
        }
    }

    private void onEvent(ClientEvent event) {
        switch (event) {
            case ClientEvent.Connected e -> {
                use(e.service().innerAddresses());
                System.out.println("connected to " + e.service().gateway());
            }
            case ClientEvent.Resumed e -> {
                use(e.service().innerAddresses());
                System.out.println(
                        "resumed at "
                                + e.service().gateway()
                                + ", came from "
                                + e.from()
                                + ", address "
                                + (e.addressChanged() ? "changed" : "kept"));
            }
            case ClientEvent.Replaced e -> {
                // Another session: the agent knows nothing of the registrations before.
                use(e.service().innerAddresses());
                registered = 0;
                System.out.println("a new session at " + e.service().gateway());
            }
            case ClientEvent.Lost e -> System.out.println("lost: " + e.reason());
            case ClientEvent.GatewaySuspected e ->
                    System.out.println("suspects " + e.gateway() + ": " + e.cause());
            case ClientEvent.GatewaySilent e -> System.out.println(e.gateway() + " is silent");
            case ClientEvent.Switching e -> System.out.println("tries " + e.to());
            case ClientEvent.GatewayAlive _,
                    ClientEvent.Waiting _,
                    ClientEvent.SwitchRefused _,
                    ClientEvent.Parked _,
                    ClientEvent.Closed _ -> {}
        }
    }

    private void use(List<InetAddress> addresses) {
        addresses.stream().filter(Inet4Address.class::isInstance).findFirst().ifPresent(home::set);
    }
}
