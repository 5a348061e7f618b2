package dev.postern.lab.matrix;

import dev.postern.lab.Await;
import dev.postern.lab.Capture;
import dev.postern.lab.FailoverTopology;
import dev.postern.lab.FreeRadius;
import dev.postern.lab.Lab;
import dev.postern.lab.LabException;
import dev.postern.lab.LabProcess;
import dev.postern.lab.NetworkNamespace;
import dev.postern.lab.Ping;
import dev.postern.lab.PosternDaemon;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Plays one cell: daemons start, packets flow, the failure comes, and packets flow again.
final class Trial implements AutoCloseable {
    /// Generous: a JVM starts late on a loaded machine.
    private static final Duration SOON = Duration.ofMinutes(3);

    /// Echo requests that are answered one after the other once a client is served again.
    static final int ROW = 25;

    /// Milliseconds after which no answer comes that was on its way when a cable was pulled.
    private static final long NO_MORE_ON_THEIR_WAY = 200;

    private static final String SWITCHED = "\"event\":\"switch-completed\"";

    private static final String ALIVE = "\"event\":\"peer-alive\"";

    /// IKE on port 500, and on port 4500 behind the non-ESP marker (RFC 3948 section 2.2).
    private static final String IKE = "udp port 500 or (udp port 4500 and udp[8:4] = 0)";

    private final Cell cell;
    private final Lab lab;
    private final FailoverTopology net;
    private final Settings settings;
    private final NetworkNamespace user;
    private final List<Station> stations = new ArrayList<>();
    private @Nullable FreeRadius radius;

    Trial(Cell cell) {
        this.cell = cell;
        this.lab = Lab.open("Matrix");
        this.net = FailoverTopology.create(lab);
        this.settings = new Settings(lab, cell, gateways(), net.lanhost());
        this.user =
                cell.arrangement() == Arrangement.BRANCH
                        ? BranchOffice.create(lab, net)
                        : net.client();
    }

    private String gateways() {
        return switch (cell.failure()) {
            case REBOOT -> "a";
            case CRASH, DRAIN, ACCESS_OUTAGE -> "ab";
            case PARTITION -> "ba";
            case SITE_LOSS -> "abc";
        };
    }

    Outcome run() {
        startRadius();
        startGateways();
        PosternDaemon client = PosternDaemon.client(net.client(), settings.client());
        String connected = client.awaitLine(SWITCHED, SOON);
        if (cell.arrangement() != Arrangement.COLD) {
            client.awaitLine("\"event\":\"ticket-received\"", SOON);
        }
        awaitStandby();
        String target = target(stations.getFirst());
        Await.until(
                target + " answers the client",
                SOON,
                () -> Ping.send(user, target, 1).received() == 1);
        try (Capture capture = Capture.start(net.client(), "outside", IKE)) {
            Echoes before = Echoes.start(user, target);
            before.awaitAnswer(SOON);
            int asked = accessRequests();
            int mark = client.process().mark();
            long failedAt = System.currentTimeMillis();

            fail(client);

            String switched = staysWhereItIs() ? connected : awaitRecovery(client, mark, connected);
            long switchedAt = System.currentTimeMillis();
            String targetNow = isTight() ? target : target(named(switched));
            Echoes after = targetNow.equals(target) ? before : Echoes.start(user, targetNow);
            after.awaitAnswer(SOON);
            if (staysWhereItIs()) {
                after.awaitAnswerSince(failedAt + NO_MORE_ON_THEIR_WAY, SOON);
                switched = lastSwitch(client, mark, connected);
            }
            after.awaitRow(ROW, after.lastAnsweredAt(), SOON);
            before.stop();
            if (after != before) {
                after.stop();
            }
            Answers answers = new Answers(before, after, failedAt, switchedAt);
            return new Outcome(
                    answers.lost(),
                    answers.outageMillis(),
                    cell.failure() == Failure.REBOOT ? stations.getFirst().readyAt() - failedAt : 0,
                    Conversation.in(capture.stop())
                            .between(failedAt, Math.max(switchedAt, answers.recoveredAt())),
                    accessRequests() - asked,
                    switched.equals(connected) ? Promise.KEPT : field(switched, "by"),
                    field(switched, "innerAddresses").equals(field(connected, "innerAddresses")));
        }
    }

    private void startRadius() {
        if (cell.credential() == Credential.EAP) {
            radius =
                    FreeRadius.start(
                            net.lanhost(),
                            "freeradius",
                            FailoverTopology.LANHOST,
                            "%s Cleartext-Password := \"%s\"\n"
                                    .formatted(Settings.USER, Settings.PASSWORD));
        }
    }

    private int accessRequests() {
        return radius == null ? 0 : radius.accessRequests();
    }

    private void startGateways() {
        for (char letter : gateways().toCharArray()) {
            NetworkNamespace host =
                    switch (letter) {
                        case 'a' -> net.gwA();
                        case 'b' -> net.gwB();
                        default -> third();
                    };
            stations.add(
                    new Station(
                            letter,
                            host,
                            PosternDaemon.gateway(host, settings.gateway(host, letter))));
            if (isTight() && stations.size() == 1) {
                // Who comes first has the address.
                stations.getFirst().daemon().awaitLine("\"event\":\"standby-active\"", SOON);
            }
        }
        for (Station station : stations) {
            station.daemon().awaitLine("\"event\":\"gateway-ready\"", SOON);
        }
        if (cell.arrangement().isClustered() && stations.size() > 1) {
            stations.get(1).awaitBothMembers(SOON);
        }
    }

    /// Until then the client's session would be lost with its gateway.
    private void awaitStandby() {
        Station first = stations.getFirst();
        Station standby = stations.getLast();
        if (isTight()) {
            Await.until(
                    standby.identity() + " holds what it needs of the client",
                    SOON,
                    () ->
                            standby.ctl("standby", "--json")
                                    .contains("\"" + first.identity() + "\":1"));
        } else if (cell.arrangement() == Arrangement.LOOSE) {
            first.daemon().awaitLine("vouched for " + standby.identity(), SOON);
            Await.until(
                    standby.identity() + " holds what it needs of the client",
                    SOON,
                    () -> standby.ctl("members", "--json").contains("\"standby\":1"));
        } else if (cell.failure() == Failure.SITE_LOSS
                && cell.arrangement() == Arrangement.BY_REFERENCE) {
            Await.until(
                    "the other site has the client's session",
                    SOON,
                    () -> standby.ctl("members", "--json").contains("\"sessions\":1"));
        }
    }

    private boolean isTight() {
        return cell.arrangement() == Arrangement.TIGHT;
    }

    /// The gateway of the other site.
    private NetworkNamespace third() {
        NetworkNamespace host = lab.host("gwC").forwarding();
        net.outside().attach(host, "outside");
        net.inside().attach(host, "inside");
        return host.address("outside", "192.0.2.3/24").address("inside", "10.1.0.3/24");
    }

    /// Who is to answer the client when this gateway serves it.
    private String target(Station station) {
        if (cell.encapsulation() == Encapsulation.TUNNEL) {
            return FailoverTopology.LANHOST;
        }
        return isTight() ? ClusterTables.SHARED_ADDRESS : station.address();
    }

    private Station named(String switched) {
        String identity = field(switched, "to");
        return stations.stream()
                .filter(station -> station.identity().equals(identity))
                .findFirst()
                .orElseThrow(() -> new LabException("no gateway " + identity));
    }

    private void fail(PosternDaemon client) {
        Station first = stations.getFirst();
        switch (cell.failure()) {
            case CRASH -> first.crash();
            case REBOOT -> {
                first.crash();
                first.restart();
            }
            case PARTITION -> {
                first.host().linkDown("outside");
                first.host().linkDown("inside");
            }
            case DRAIN -> drain(first);
            case SITE_LOSS -> {
                stations.get(0).crash();
                stations.get(1).crash();
            }
            case ACCESS_OUTAGE -> {
                int mark = client.process().mark();
                net.client().linkDown("outside");
                if (cell.arrangement() == Arrangement.BRANCH) {
                    return;
                }
                client.process().awaitLineAfter(mark, "\"event\":\"retry-scheduled\"", SOON);
                net.client().linkUp("outside");
            }
        }
    }

    /// The client has switched; or, where its network was all that failed, it has found its gateway
    /// again.
    ///
    /// @return its word on the switch that brought it to the gateway that serves it now
    private static String awaitRecovery(PosternDaemon client, int mark, String connected) {
        String line =
                client.process()
                        .awaitLineAfter(
                                mark,
                                "that a gateway serves it",
                                SOON,
                                each -> each.contains(SWITCHED) || each.contains(ALIVE));
        return line.contains(SWITCHED) ? line : connected;
    }

    /// The client's word on its last switch since then, if there was one.
    private static String lastSwitch(PosternDaemon client, int mark, String connected) {
        List<String> lines = client.process().output();
        return lines.subList(mark, lines.size()).stream()
                .filter(line -> line.contains(SWITCHED))
                .reduce(connected, (_, later) -> later);
    }

    /// A branch gateway goes on over its other uplink (RFC 4555), at the same gateway; a standby
    /// that takes over is the same gateway to the client.
    private boolean staysWhereItIs() {
        return isTight()
                || (cell.arrangement() == Arrangement.BRANCH
                        && cell.failure() == Failure.ACCESS_OUTAGE);
    }

    private void drain(Station station) {
        if (isTight()) {
            station.daemon().process().signal(LabProcess.Signal.TERM);
            return;
        }
        List<String> words =
                PosternDaemon.commandLine(
                        "ctl", "drain", "--admin", Settings.socket(station.host()).toString());
        station.host().start("drain", words.toArray(String[]::new));
    }

    private static String field(String eventLine, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\":\"?([^\",}]*)").matcher(eventLine);
        if (!matcher.find()) {
            throw new LabException("no field " + name + " in " + eventLine);
        }
        return matcher.group(1);
    }

    @Override
    public void close() {
        lab.close();
    }
}
