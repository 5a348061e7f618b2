package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Answer;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.TrafficWatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// How soon a client whose file sets nothing beyond what it must notices that its gateway is dead,
/// in simulated time.
final class DetectionByDefaultTest {
    private static final long MILLI = Now.NANOS_PER_MILLI;
    private static final long LOOK_MILLIS = 50;
    private static final long PACKET_MILLIS = 20;
    private static final InetSocketAddress CLIENT = address("198.51.100.1");
    private static final InetSocketAddress GATEWAY = address("192.0.2.1");

    @TempDir private java.nio.file.Path directory = java.nio.file.Path.of("");

    private final List<Event> events = new ArrayList<>();
    private long nanos = 1;
    private boolean dead;
    private int asked;

    private static InetSocketAddress address(String text) {
        return new InetSocketAddress(InetAddress.ofLiteral(text), 4500);
    }

    private Now now() {
        return new Now(nanos, Workspace.NOW.getEpochSecond() + nanos / Now.NANOS_PER_SECOND);
    }

    private static Entropy random(int seed) {
        return new Random(seed)::nextBytes;
    }

    /// A client that is connected, and how it is driven.
    private final class Run {
        private final FailoverClient client;
        private final IkeEndpoint gateway;
        private final TrafficWatch watch;

        Run() throws ConfigurationException {
            Workspace files = Workspace.in(directory);
            ClientConfiguration configuration =
                    ClientConfiguration.parse(
                            files.directory().resolve("client.toml"),
                            Workspace.CLIENT,
                            Workspace.NOW);
            gateway =
                    new IkeEndpoint(
                            GatewayConfiguration.parse(
                                            files.directory().resolve("gateway.toml"),
                                            Workspace.GATEWAY,
                                            Workspace.NOW)
                                    .endpoint(1),
                            random(1));
            GatewayCandidate candidate =
                    new GatewayCandidate(
                            "gw-a.example",
                            configuration.gateways().getFirst().identity(),
                            new Path(CLIENT, GATEWAY, true));
            client =
                    new FailoverClient(
                            configuration.policy(List.of(candidate), List.of()),
                            new IkeEndpoint(configuration.endpoint(), random(2)),
                            random(3));
            watch = new TrafficWatch(configuration.trafficSilence().toNanos());
            carryOut(client.start(now(), null));
            assertThat(events).anyMatch(Event.SwitchCompleted.class::isInstance);
        }

        private void carryOut(List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Emit(Event event)) {
                    events.add(event);
                } else if (effect instanceof Effect.Send send) {
                    asked++;
                    if (!dead) {
                        Path path = new Path(GATEWAY, CLIENT, true);
                        answer(gateway.handle(now(), new Input.Datagram(path, send.octets())));
                    }
                }
            }
        }

        private void answer(List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Send send) {
                    Path path = new Path(CLIENT, GATEWAY, true);
                    carryOut(client.handle(now(), new Input.Datagram(path, send.octets())));
                } else if (effect instanceof Effect.Raise raise) {
                    InetAddress inner = InetAddress.ofLiteral("10.9.0.1");
                    Answer lease = new Answer.AddressesLeased(List.of(inner), List.of());
                    answer(gateway.handle(now(), new Input.Answered(raise.askId(), lease)));
                }
            }
        }

        /// Lets a millisecond pass.
        ///
        /// @param sent packets so far
        void tick(long sent, long received) {
            nanos += MILLI;
            if (client.nextDeadline() <= nanos) {
                carryOut(client.handle(now(), new Input.DeadlineReached()));
            }
            if (nanos / MILLI % LOOK_MILLIS == 0 && watch.isSuspicious(nanos, sent, received)) {
                carryOut(client.suspect(now(), Event.Suspicion.TRAFFIC_SILENCE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 1_013, 1_027, 1_049})
    void underTrafficWithinTwoSeconds(long diesAtMillis) throws ConfigurationException {
        Run run = new Run();
        long sent = 0;
        long received = 0;
        for (long millis = 0; millis < diesAtMillis; millis++) {
            sent += millis % PACKET_MILLIS == 0 ? 1 : 0;
            received = sent;
            run.tick(sent, received);
        }
        dead = true;
        long took = 0;
        while (events.stream().noneMatch(Event.PeerUnresponsive.class::isInstance)) {
            sent += ++took % PACKET_MILLIS == 0 ? 1 : 0;
            run.tick(sent, received);
            assertThat(took).as("milliseconds since its death").isLessThanOrEqualTo(2_000);
        }
        assertThat(took).as("and no sooner than a lossy path allows").isGreaterThan(1_000);
    }

    @Test
    void anIdleClientAsksOnceAMinute() throws ConfigurationException {
        Run run = new Run();
        int before = asked;
        for (long millis = 0; millis < Duration.ofMinutes(10).toMillis(); millis++) {
            run.tick(0, 0);
        }
        assertThat(asked - before).isBetween(9, 10);
    }
}
