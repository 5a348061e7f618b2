package dev.postern.lab.matrix;

import dev.postern.lab.Await;
import dev.postern.lab.LabProcess;
import dev.postern.lab.NetworkNamespace;
import dev.postern.lab.Ping;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Echo requests that go on through a failure, and when each of them was answered.
final class Echoes {
    static final Duration INTERVAL = Duration.ofMillis(20);

    private static final Pattern ANSWER =
            Pattern.compile("^\\[(\\d+)\\.(\\d{6})] \\d+ bytes from .*icmp_seq=(\\d+) ");

    /// @param epochMillis when the answer came
    record Answer(long epochMillis, int sequence) {}

    private final LabProcess ping;

    private Echoes(LabProcess ping) {
        this.ping = ping;
    }

    static Echoes start(NetworkNamespace from, String to) {
        return new Echoes(Ping.start(from, to, INTERVAL));
    }

    /// Waits for an answer that comes from now on.
    void awaitAnswer(Duration deadline) {
        ping.awaitLineAfter(ping.mark(), "bytes from", deadline);
    }

    /// Waits for an answer that came at that time or later.
    void awaitAnswerSince(long epochMillis, Duration deadline) {
        Await.until(
                "an echo request is answered again",
                deadline,
                () -> answers().getLast().epochMillis() >= epochMillis);
    }

    /// When the last answer came.
    long lastAnsweredAt() {
        return answers().getLast().epochMillis();
    }

    /// Waits until so many requests in a row were answered, the first of them at that time or
    /// later: one answer may be a straggler.
    void awaitRow(int length, long epochMillis, Duration deadline) {
        Await.until(
                length + " echo requests in a row are answered",
                deadline,
                () -> longestRow(answers(), epochMillis) >= length);
    }

    static int longestRow(List<Answer> answers, long epochMillis) {
        int longest = 0;
        int row = 0;
        int last = -1;
        for (Answer answer : answers) {
            if (answer.epochMillis() >= epochMillis) {
                row = answer.sequence() == last + 1 ? row + 1 : 1;
                last = answer.sequence();
                longest = Math.max(longest, row);
            }
        }
        return longest;
    }

    void stop() {
        Ping.finish(ping);
    }

    List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        for (String line : ping.output()) {
            Matcher answer = ANSWER.matcher(line);
            if (answer.find()) {
                long seconds = Long.parseLong(answer.group(1));
                long micros = Long.parseLong(answer.group(2));
                answers.add(
                        new Answer(
                                seconds * 1000 + micros / 1000, Integer.parseInt(answer.group(3))));
            }
        }
        return answers;
    }
}
