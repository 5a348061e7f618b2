package dev.postern.sim.scale;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What a run came to, as a page shows it and a file keeps it: a line for each figure, its name and
/// its value.
///
/// @param affected clients whose gateway died
/// @param recovered of them those that are back in the end
/// @param resumed of these those that have resumed
/// @param halfMillis after which half of the affected are back; -1 for never, as in the next three
/// @param ninetyMillis 90 %
/// @param ninetyNineMillis 99 %
/// @param allMillis all
/// @param mostAnswers of the busiest gateway in a second
/// @param loadPermille highest share of a core in a second
/// @param longestQueueMicros that a message waited
/// @param messagesHundredths of attempts that an affected client sent until it was back, in
///   hundredths
/// @param checksHundredths by which it asked its silent gateway
/// @param givenUp attempts that no gateway answered in time
/// @param rounds in which every gateway was silent to a client
/// @param dropped messages that found a full queue
/// @param recovery of the affected those that are back each second, in hundredths of a percent
/// @param busiest answers of the busiest gateway in each second
record Figures(
        long affected,
        long recovered,
        long resumed,
        long halfMillis,
        long ninetyMillis,
        long ninetyNineMillis,
        long allMillis,
        long mostAnswers,
        long loadPermille,
        long longestQueueMicros,
        long messagesHundredths,
        long checksHundredths,
        long givenUp,
        long rounds,
        long dropped,
        List<Long> recovery,
        List<Long> busiest) {
    private static final double IN_FULL = 10_000;

    static Figures of(ScaleResult result) {
        List<Long> recovery = new ArrayList<>();
        for (double share : result.recoveryCurve(ScalePage.SECONDS)) {
            recovery.add(Math.round(share * IN_FULL));
        }
        List<Long> busiest = new ArrayList<>();
        long most = 0;
        for (double answers : result.busiest(ScalePage.SECONDS)) {
            busiest.add(Math.round(answers));
            most = Math.max(most, Math.round(answers));
        }
        return new Figures(
                result.clientsAffected(),
                result.clientsRecovered(),
                result.clientsResumed(),
                result.millisUntil(0.5),
                result.millisUntil(0.9),
                result.millisUntil(0.99),
                result.millisUntil(1),
                most,
                Math.round(result.highestLoad() * 1000),
                Math.round(result.longestQueueMillis() * 1000),
                Math.round(result.messagesPerClient() * 100),
                Math.round(result.checksPerClient() * 100),
                result.attemptsGivenUp(),
                result.roundsFailed(),
                result.requestsDropped(),
                recovery,
                busiest);
    }

    private Map<String, List<Long>> lines() {
        Map<String, List<Long>> lines = new LinkedHashMap<>();
        lines.put("affected", List.of(affected));
        lines.put("recovered", List.of(recovered));
        lines.put("resumed", List.of(resumed));
        lines.put("half-ms", List.of(halfMillis));
        lines.put("90%-ms", List.of(ninetyMillis));
        lines.put("99%-ms", List.of(ninetyNineMillis));
        lines.put("all-ms", List.of(allMillis));
        lines.put("most-answers", List.of(mostAnswers));
        lines.put("load-permille", List.of(loadPermille));
        lines.put("longest-queue-us", List.of(longestQueueMicros));
        lines.put("messages-hundredths", List.of(messagesHundredths));
        lines.put("checks-hundredths", List.of(checksHundredths));
        lines.put("given-up", List.of(givenUp));
        lines.put("rounds-failed", List.of(rounds));
        lines.put("dropped", List.of(dropped));
        lines.put("recovery", recovery);
        lines.put("busiest", busiest);
        return lines;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        lines().forEach((name, values) ->
                text.append(name)
                        .append(' ')
                        .append(
                                values.stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(" ")))
                        .append('\n'));
        return text.toString();
    }

    /// @param lines names, and what follows them
    /// @throws IllegalArgumentException for a line that lacks or is no number
    static Figures read(Map<String, String> lines) {
        return new Figures(
                number(lines, "affected"),
                number(lines, "recovered"),
                number(lines, "resumed"),
                number(lines, "half-ms"),
                number(lines, "90%-ms"),
                number(lines, "99%-ms"),
                number(lines, "all-ms"),
                number(lines, "most-answers"),
                number(lines, "load-permille"),
                number(lines, "longest-queue-us"),
                number(lines, "messages-hundredths"),
                number(lines, "checks-hundredths"),
                number(lines, "given-up"),
                number(lines, "rounds-failed"),
                number(lines, "dropped"),
                numbers(lines, "recovery"),
                numbers(lines, "busiest"));
    }

    static long number(Map<String, String> lines, String name) {
        List<Long> numbers = numbers(lines, name);
        if (numbers.size() != 1) {
            throw new IllegalArgumentException(name + " has " + numbers.size() + " numbers, not 1");
        }
        return numbers.getFirst();
    }

    private static List<Long> numbers(Map<String, String> lines, String name) {
        String values = lines.get(name);
        if (values == null) {
            throw new IllegalArgumentException("there is no line " + name);
        }
        List<Long> numbers = new ArrayList<>();
        for (String value : values.split(" ", -1)) {
            try {
                numbers.add(Long.valueOf(value));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        name + " has \"" + value + "\", which is no number", e);
            }
        }
        return numbers;
    }

    double[] recoveryPercent() {
        return recovery.stream().mapToDouble(each -> each / 100.0).toArray();
    }

    double[] answers() {
        return busiest.stream().mapToDouble(Long::doubleValue).toArray();
    }

    /// A row of a table, behind its name.
    String row() {
        return String.format(
                Locale.ROOT,
                "| %,d | %s | %s | %s | %s | %,d | %.0f%% | %.1f ms | %.2f | %.2f | %,d | %,d | %,d"
                        + " |\n",
                affected,
                ScalePage.seconds((int) halfMillis),
                ScalePage.seconds((int) ninetyMillis),
                ScalePage.seconds((int) ninetyNineMillis),
                ScalePage.seconds((int) allMillis),
                mostAnswers,
                loadPermille / 10.0,
                longestQueueMicros / 1e3,
                messagesHundredths / 100.0,
                checksHundredths / 100.0,
                givenUp,
                rounds,
                dropped);
    }
}
