package dev.postern.lab.matrix;

import dev.postern.lab.Await;
import dev.postern.lab.Command;
import dev.postern.lab.LabException;
import dev.postern.lab.NetworkNamespace;
import dev.postern.lab.PosternDaemon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One of the gateways of a trial: where it stands, and the daemon while it runs.
final class Station {
    /// Generous: a JVM starts late on a loaded machine.
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Pattern READY_AT = Pattern.compile("\"at\":\"([^\"]+)\"");

    private final char letter;
    private final NetworkNamespace host;
    private PosternDaemon daemon;

    Station(char letter, NetworkNamespace host, PosternDaemon daemon) {
        this.letter = letter;
        this.host = host;
        this.daemon = daemon;
    }

    String identity() {
        return identity(letter);
    }

    static String identity(char letter) {
        return "gw-" + letter + ".lab";
    }

    static int number(char letter) {
        return letter - 'a' + 1;
    }

    static String address(char letter) {
        return "192.0.2." + number(letter);
    }

    String address() {
        return address(letter);
    }

    NetworkNamespace host() {
        return host;
    }

    PosternDaemon daemon() {
        return daemon;
    }

    void crash() {
        daemon.crash();
    }

    void restart() {
        daemon = daemon.restart();
    }

    /// When the daemon that runs began to serve, in milliseconds since 1970, by its own word.
    long readyAt() {
        String line = daemon.awaitLine("\"event\":\"gateway-ready\"", PATIENCE);
        Matcher at = READY_AT.matcher(line);
        if (!at.find()) {
            throw new LabException("no time in " + line);
        }
        return Instant.parse(at.group(1)).toEpochMilli();
    }

    /// What `postern ctl` answers here.
    String ctl(String... words) {
        List<String> line = new ArrayList<>(List.of("ctl", words[0], "--admin"));
        line.add(Settings.socket(host).toString());
        line.addAll(List.of(words).subList(1, words.length));
        Command command =
                host.command(
                        PosternDaemon.commandLine(line.toArray(new String[0]))
                                .toArray(new String[0]));
        return new Command(command.words(), command.environment(), PATIENCE).runSuccessfully();
    }

    /// Both see each other and agree: two that started side by side may have been clusters of one
    /// at first.
    void awaitBothMembers(Duration deadline) {
        daemon.process()
                .awaitLineAfter(
                        0,
                        "a view of both members",
                        deadline,
                        line ->
                                line.contains("\"event\":\"view-changed\"")
                                        && line.contains(identity('a'))
                                        && line.contains(identity('b')));
        Await.until(
                identity() + " knows all that both knew",
                deadline,
                () -> ctl("members", "--json").contains("\"copied\":true"));
    }
}
