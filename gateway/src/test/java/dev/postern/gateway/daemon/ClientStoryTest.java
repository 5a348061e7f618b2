package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.gateway.configuration.Log;
import dev.postern.gateway.daemon.ClientStory.State;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.Origin;
import dev.postern.ike.Event.Suspicion;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// How a client stands, as its user is told.
class ClientStoryTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final InetAddress INNER = InetAddress.ofLiteral("10.1.0.200");

    private final ClientStory story = new ClientStory(BEGIN);
    private int seconds;

    private void on(Event... events) {
        for (Event event : events) {
            story.on(event, BEGIN.plusSeconds(++seconds));
        }
    }

    private static Event started(long handle, String from, String to) {
        return new Event.SwitchStarted(handle, from, to, !from.isEmpty());
    }

    private static Event completed(long handle, String from, String to) {
        return new Event.SwitchCompleted(
                handle,
                from,
                to,
                from.isEmpty() ? Origin.FULL_EXCHANGE : Origin.RESUMED_1RTT,
                List.of(INNER),
                false);
    }

    private static Event closed(long handle, CloseReason reason, String detail) {
        return new Event.IkeSaClosed(handle, reason, detail, Octets.of(new byte[0]));
    }

    @Test
    void aMoveIsToldFromTheSuspicionOn() {
        assertThat(story.now().state()).isEqualTo(State.CONNECTING);
        on(started(1, "", "gw-a"), completed(1, "", "gw-a"));
        assertThat(story.now().state()).isEqualTo(State.CONNECTED);
        assertThat(story.now().since()).isEqualTo(BEGIN.plusSeconds(2));
        on(new Event.GatewaySuspected(1, "gw-a", Suspicion.TRAFFIC_SILENCE));
        assertThat(story.now().state()).isEqualTo(State.CHECKING);
        on(new Event.PeerAlive(1));
        assertThat(story.now().state()).isEqualTo(State.CONNECTED);
        on(new Event.PeerUnresponsive(1), started(2, "gw-a", "gw-b"));
        assertThat(story.now().state()).isEqualTo(State.SWITCHING);
        on(completed(2, "gw-a", "gw-b"), closed(1, CloseReason.CLOSED_LOCALLY, ""));
        assertThat(story.now().state()).isEqualTo(State.CONNECTED);
        assertThat(story.now().gateway()).isEqualTo("gw-b");
        assertThat(story.now().by()).isEqualTo("resumed-1rtt");
        assertThat(story.now().switches()).isOne();
        assertThat(story.now().results()).containsOnlyKeys("gw-a", "gw-b");
        assertThat(story.now().results().get("gw-a")).startsWith("silent at");
    }

    @Test
    void whatBecameOfEachGatewayIsKept() {
        on(
                started(1, "", "gw-a"),
                closed(1, CloseReason.AUTHENTICATION_FAILED, "the key is another one"),
                started(2, "", "gw-b"),
                closed(2, CloseReason.PEER_UNRESPONSIVE, ""),
                new Event.RetryScheduled(0, 1));
        assertThat(story.now().state()).isEqualTo(State.WAITING);
        assertThat(story.now().results().get("gw-a"))
                .startsWith("authentication-failed (the key is another one) at 2026-");
        assertThat(story.now().results().get("gw-b")).startsWith("peer-unresponsive at");
    }

    @Test
    void aGatewayThatDoesNotTakeUsLeavesUsWhereWeAre() {
        on(started(1, "", "gw-a"), completed(1, "", "gw-a"), started(2, "gw-a", "gw-b"));
        assertThat(story.now().state()).isEqualTo(State.SWITCHING);
        on(closed(2, CloseReason.PEER_UNRESPONSIVE, ""));
        assertThat(story.now().state()).isEqualTo(State.CONNECTED);
        assertThat(story.now().gateway()).isEqualTo("gw-a");
        on(new Event.PeerUnresponsive(1), started(3, "gw-a", "gw-b"));
        on(closed(3, CloseReason.PEER_UNRESPONSIVE, ""));
        assertThat(story.now().state()).isEqualTo(State.SWITCHING);
    }

    @Test
    void aParkedSessionIsNotALostOne() {
        on(started(1, "", "gw-a"), completed(1, "", "gw-a"), closed(1, CloseReason.PARKED, ""));
        assertThat(story.now().state()).isEqualTo(State.PARKED);
        story.ended(BEGIN);
        assertThat(story.now().state()).isEqualTo(State.ENDED);
    }

    @Test
    void aThousandGatewaysDoNotFillTheMemory() {
        for (int i = 0; i < 1_000; i++) {
            on(started(i, "", "gw-" + i), closed(i, CloseReason.PEER_UNRESPONSIVE, ""));
        }
        assertThat(story.now().results()).hasSizeLessThan(200).containsKey("gw-999");
    }

    @Test
    void theDeskAnswersForPeopleAndForMachines() throws Exception {
        on(started(1, "", "gw \"a\""), completed(1, "", "gw \"a\""));
        Clock clock = Clock.fixed(BEGIN.plusSeconds(12), ZoneOffset.UTC);
        EventLog log =
                new EventLog(
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        Log.Format.TEXT,
                        clock,
                        false);
        EventRing ring = log.keepLatest();
        List<Boolean> ends = new ArrayList<>();
        DeskCommands desk =
                new DeskCommands(
                        story,
                        ring,
                        clock,
                        ends::add,
                        words -> {
                            throw new AdminException("unknown " + words);
                        });
        assertThat(desk.run(List.of("status")))
                .contains(
                        "connected for 10 s",
                        "gateway gw \"a\", by full-exchange",
                        "inner addresses 10.1.0.200");
        assertThat(desk.run(List.of("status", "json")).getFirst())
                .startsWith("{\"state\":\"connected\"")
                .contains("\"gateway\":\"gw \\\"a\\\"\"", "\"innerAddresses\":[\"10.1.0.200\"]");
        // Events are told to those who look on, although the log's level withholds them.
        log.write(new Event.PeerUnresponsive(1));
        assertThat(desk.run(List.of("last"))).containsExactly("1");
        assertThat(desk.run(List.of("events", "0"))).singleElement().asString().startsWith("1 ");
        assertThat(desk.run(List.of("events", "0", "json")).getFirst()).startsWith("1 {\"event\":");
        assertThatThrownBy(() -> desk.run(List.of("events", "x")))
                .hasMessageContaining("events NUMBER");
        assertThatThrownBy(() -> desk.run(List.of("nonsense"))).hasMessageContaining("nonsense");
        desk.run(List.of("down"));
        desk.run(List.of("down", "logout"));
        assertThat(ends).containsExactly(false, true);
    }

    @Test
    void theRingForgetsTheOldestAndCountsOn() throws Exception {
        EventRing ring = new EventRing();
        for (int i = 0; i < 1_500; i++) {
            ring.add("line " + i, "{}");
        }
        assertThat(ring.last()).isEqualTo(1_500);
        assertThat(ring.after(0, 0)).hasSize(1_000).first().extracting("number").isEqualTo(501L);
        assertThat(ring.after(1_499, 0)).hasSize(1);
        assertThat(ring.after(1_500, 1)).isEmpty();
        // Who has looked on at an earlier run of the client begins anew.
        assertThat(ring.after(9_999, 0)).hasSize(1_000);
    }
}
