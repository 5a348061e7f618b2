package dev.postern.lab.matrix;

import dev.postern.lab.Command;
import dev.postern.lab.Component;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The IKE messages that passed in a time, as their headers in clear text tell.
///
/// @param fromMillis when it begins, in milliseconds since 1970
/// @param untilMillis when it ends
record Conversation(long fromMillis, long untilMillis, List<Message> messages) {
    /// The exchange types as tcpdump names them.
    static final String IKE_AUTH = "ikev2_auth";

    static final String IKE_SESSION_RESUME_1RTT = "#240";

    private static final Pattern LINE =
            Pattern.compile(
                    "^(\\d+\\.\\d+) IP.* isakmp: (?:parent_sa|child_sa)"
                            + " +([^\\[\\s]+)(?:\\[(\\w+)])?");

    /// @param exchange its type, in tcpdump's words
    record Message(long epochMillis, String exchange, boolean isResponse) {}

    /// All messages of a capture.
    static Conversation in(Path pcap) {
        return new Conversation(
                0,
                Long.MAX_VALUE,
                Command.of(
                                Component.TCPDUMP.require().toString(),
                                "-n",
                                "-tt",
                                "-r",
                                pcap.toString())
                        .runSuccessfully()
                        .lines()
                        .map(Conversation::message)
                        .flatMap(Optional::stream)
                        .toList());
    }

    static Optional<Message> message(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.find()
                ? Optional.of(
                        new Message(
                                (long) (Double.parseDouble(matcher.group(1)) * 1e3),
                                matcher.group(2),
                                matcher.group(3) != null && matcher.group(3).contains("R")))
                : Optional.empty();
    }

    /// What passed from the one time until the other, both included.
    Conversation between(long from, long until) {
        return new Conversation(
                from,
                until,
                messages.stream()
                        .filter(each -> from <= each.epochMillis() && each.epochMillis() <= until)
                        .toList());
    }

    int count() {
        return messages.size();
    }

    /// Messages of that exchange type.
    int count(String exchange) {
        return (int) messages.stream().filter(each -> each.exchange().equals(exchange)).count();
    }

    /// Responses of that exchange type.
    int answered(String exchange) {
        return (int)
                messages.stream()
                        .filter(each -> each.isResponse() && each.exchange().equals(exchange))
                        .count();
    }

    /// How long it lasted, in seconds, begun ones included.
    int seconds() {
        return (int) Math.ceilDiv(untilMillis - fromMillis, 1000L);
    }
}
