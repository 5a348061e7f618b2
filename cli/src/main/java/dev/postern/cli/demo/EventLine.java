package dev.postern.cli.demo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of a daemon's event log in its JSON form: a flat object of texts, numbers and truth
/// values.
///
/// @param uptimeMillis monotonic, the same clock in every process of this machine
record EventLine(String event, long uptimeMillis, Map<String, String> fields) {
    private static final Pattern FIELD =
            Pattern.compile("\"([^\"]+)\":(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^,}\"]+))");

    EventLine {
        fields = Map.copyOf(fields);
    }

    /// Reads a line; empty for anything that is not one of ours.
    static Optional<EventLine> parse(String line) {
        if (!line.startsWith("{\"event\":")) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        Matcher matcher = FIELD.matcher(line);
        while (matcher.find()) {
            fields.put(
                    matcher.group(1),
                    matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        String event = fields.get("event");
        String uptime = fields.get("uptimeMillis");
        return event == null || uptime == null || !uptime.matches("-?\\d{1,18}")
                ? Optional.empty()
                : Optional.of(new EventLine(event, Long.parseLong(uptime), fields));
    }

    String text(String field) {
        return fields.getOrDefault(field, "");
    }

    long number(String field) {
        String value = fields.getOrDefault(field, "0");
        return value.matches("-?\\d{1,18}") ? Long.parseLong(value) : 0;
    }
}
