package dev.postern.cli.demo;

import java.io.IOException;

/// One failover: two gateways, a client, a steady stream, a SIGKILL, and the stream again.
final class Act {
    private static final long START_SECONDS = 60;
    private static final long FAILOVER_SECONDS = 30;
    private static final long STEADY_MILLIS = 1_500;

    private final Stage stage;
    private final Screen screen;

    Act(Stage stage, Screen screen) {
        this.stage = stage;
        this.screen = screen;
    }

    Figures play(String title, boolean resuming)
            throws IOException, InterruptedException, DemoFailure {
        screen.title(title);
        screen.say("starting gateways gw-a and gw-b and a client, three processes on loopback ...");
        Actor a = stage.gateway("gw-a");
        Actor b = stage.gateway("gw-b");
        a.await("start", START_SECONDS, event -> event.event().equals("gateway-ready"));
        b.await("start", START_SECONDS, event -> event.event().equals("gateway-ready"));
        screen.say(
                "gateways are up (pids "
                        + a.pid()
                        + " and "
                        + b.pid()
                        + "), the client connects ...");
        Actor client = stage.client(resuming);
        EventLine connected =
                client.await(
                        "the first connection",
                        START_SECONDS,
                        event -> event.event().equals("switch-completed"));
        client.await(
                "an answer through the tunnel",
                START_SECONDS,
                event -> event.event().equals("probe-answered"));
        screen.say(
                "tunnel to "
                        + connected.text("to")
                        + " by a full IKEv2 exchange, inner address "
                        + connected.text("innerAddresses")
                        + ", one echo request every 5 ms");
        Thread.sleep(STEADY_MILLIS);
        Actor victim = connected.text("to").startsWith("gw-a") ? a : b;
        long killedAt = System.nanoTime() / 1_000_000;
        victim.kill();
        screen.beginTimeline(killedAt);
        screen.mark(killedAt, "kill -9 " + victim.pid() + " (" + victim.name() + ")");
        EventLine moved =
                client.await(
                        "the switch to the other gateway",
                        FAILOVER_SECONDS,
                        event ->
                                event.event().equals("switch-completed")
                                        && event.uptimeMillis() >= killedAt);
        EventLine back =
                client.await(
                        "traffic through the other gateway",
                        FAILOVER_SECONDS,
                        event ->
                                event.event().equals("probe-answered")
                                        && event.uptimeMillis() >= moved.uptimeMillis());
        client.await(
                "the stream that stays up",
                FAILOVER_SECONDS,
                event ->
                        event.event().equals("probe-statistics")
                                && event.uptimeMillis() >= back.uptimeMillis() + 1_000);
        boolean silentAgain =
                client.events().stream()
                        .anyMatch(event ->
                                event.event().equals("probe-silent")
                                        && event.uptimeMillis() > back.uptimeMillis());
        screen.endTimeline();
        if (silentAgain) {
            throw new DemoFailure("the stream stopped again after the failover");
        }
        Figures figures = Figures.of(client.events(), killedAt);
        stage.endAll();
        return figures;
    }
}
