package dev.postern.gateway.configuration;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations in the words of operators: `400ms`, `90s`, `4h`.
public final class Durations {
    /// How a duration is written, for messages.
    public static final String FORM =
            "a whole number with the unit ms, s, m, h or d, for example \"90s\"";

    private static final Pattern PATTERN = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");
    private static final String NEVER = "never";

    /// Of any unit: so many days still fit into milliseconds.
    private static final long MOST = 100_000_000_000L;

    private Durations() {}

    /// A duration between two others.
    static KeyType<Duration> between(String least, String most) {
        Duration lower = parse(least);
        Duration upper = parse(most);
        return BasicTypes.ofText(
                "duration, " + least + " to " + most,
                FORM + ", from " + least + " to " + most,
                text -> within(parse(text), lower, upper));
    }

    /// The same, or the word never, which becomes zero.
    static KeyType<Duration> betweenOrNever(String least, String most) {
        Duration lower = parse(least);
        Duration upper = parse(most);
        return BasicTypes.ofText(
                "duration, " + least + " to " + most + ", or \"never\"",
                FORM + ", from " + least + " to " + most + ", or \"never\"",
                text -> text.equals(NEVER) ? Duration.ZERO : within(parse(text), lower, upper));
    }

    /// The shortest of the words for a duration.
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1_000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /// @throws IllegalArgumentException with what is wrong, without the text
    public static Duration parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not a duration");
        }
        long number = Long.parseLong(matcher.group(1));
        if (number > MOST) {
            throw new IllegalArgumentException("is too long");
        }
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static Duration within(Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException("is too short");
        }
        if (value.compareTo(most) > 0) {
            throw new IllegalArgumentException("is too long");
        }
        return value;
    }
}
