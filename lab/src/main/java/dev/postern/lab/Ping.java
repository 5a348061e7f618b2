package dev.postern.lab;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What `ping` counted.
///
/// @param sent requests sent
/// @param received answers
/// @param averageMicros mean round trip in microseconds, 0 without answers
public record Ping(int sent, int received, long averageMicros) {
    private static final Pattern COUNTS =
            Pattern.compile("(\\d+) packets transmitted, (\\d+) received");
    private static final Pattern NAMED = Pattern.compile("icmp_seq=(\\d+)");
    private static final Pattern ANSWERED = Pattern.compile("bytes from .* icmp_seq=(\\d+) ");
    private static final Pattern TIMES = Pattern.compile("= [0-9.]+/([0-9.]+)/");

    /// Sends `count` requests, 20 ms apart, and waits a second for each answer.
    public static Ping send(NetworkNamespace from, String to, int count) {
        return send(from, to, count, "-i", "0.02");
    }

    /// As [#send(NetworkNamespace, String, int)] with further options: `-I` address, `-s` octets,
    /// `-M do`.
    public static Ping send(NetworkNamespace from, String to, int count, String... options) {
        String[] words = new String[options.length + 7];
        words[0] = Component.PING.require().toString();
        words[1] = "-n";
        words[2] = "-c";
        words[3] = Integer.toString(count);
        words[4] = "-W";
        words[5] = "1";
        System.arraycopy(options, 0, words, 6, options.length);
        words[words.length - 1] = to;
        String output =
                from.command(words).within(Duration.ofSeconds(count + 10L)).run().everything();
        // Without a route nothing is sent and nothing counted.
        return output.contains("Network is unreachable") ? new Ping(count, 0, 0) : parse(output);
    }

    /// A ping that goes on while a test does something else; [#parse] reads its output after
    /// [LabProcess.Signal#INT] has ended it.
    public static LabProcess start(NetworkNamespace from, String to, Duration interval) {
        return from.start(
                "ping",
                Component.PING.require().toString(),
                "-n",
                "-D",
                "-O",
                "-i",
                "%.3f".formatted(interval.toMillis() / 1000.0),
                to);
    }

    /// Ends a ping that was started and gives its counts.
    public static Ping finish(LabProcess ping) {
        ping.signal(LabProcess.Signal.INT);
        ping.awaitExit(Duration.ofSeconds(5));
        return parse(String.join("\n", ping.output()));
    }

    /// Ends a ping that was started once each request that it had sent until now is answered, and
    /// one sent later is; however late: what is slow is not lost.
    ///
    /// @throws LabException if one is not
    public static void finishWithoutLoss(LabProcess ping, Duration deadline) {
        int sent = numbers(ping, NAMED).stream().reduce(0, Math::max);
        Await.until(
                "each of the first %d requests is answered, and a later one".formatted(sent),
                deadline,
                () -> {
                    Set<Integer> answered = numbers(ping, ANSWERED);
                    return answered.stream().filter(number -> number <= sent).count() == sent
                            && answered.size() > sent;
                });
        finish(ping);
    }

    private static Set<Integer> numbers(LabProcess ping, Pattern line) {
        return ping.output().stream()
                .map(line::matcher)
                .filter(Matcher::find)
                .map(matcher -> Integer.parseInt(matcher.group(1)))
                .collect(Collectors.toSet());
    }

    static Ping parse(String output) {
        Matcher counts = COUNTS.matcher(output);
        if (!counts.find()) {
            throw new LabException("ping counted nothing: " + output.strip());
        }
        Matcher times = TIMES.matcher(output);
        long micros = times.find() ? Math.round(Double.parseDouble(times.group(1)) * 1000) : 0;
        return new Ping(
                Integer.parseInt(counts.group(1)), Integer.parseInt(counts.group(2)), micros);
    }

    public int lost() {
        return sent - received;
    }
}
