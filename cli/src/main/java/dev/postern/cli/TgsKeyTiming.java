package dev.postern.cli;

import dev.postern.gateway.configuration.Durations;
import dev.postern.ticket.TgsKey;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/// When a new key of a key file begins to issue, and how long the old ones go on opening.
final class TgsKeyTiming {
    @Option(
            names = "--issue-in",
            paramLabel = "DURATION",
            defaultValue = "1h",
            converter = DurationConverter.class,
            description =
                    "In a file that has keys: how long the new one stands there before it issues"
                            + " tickets, which leaves time to copy the file to every gateway"
                            + " (default: ${DEFAULT-VALUE}).")
    private Duration issueIn = Duration.ZERO;

    @Option(
            names = "--overlap",
            paramLabel = "DURATION",
            defaultValue = "30d",
            converter = DurationConverter.class,
            description =
                    "How long after that the old keys still open tickets: at least the longest"
                            + " ticket-lifetime of the domain (default: ${DEFAULT-VALUE}).")
    private Duration overlap = Duration.ZERO;

    Duration issueIn() {
        return issueIn;
    }

    Duration overlap() {
        return overlap;
    }

    /// What is said of a key that has been written.
    static String written(TgsKey key, Path file) {
        return "TGS key "
                + HexFormat.of().toHexDigits(key.spi())
                + " is in "
                + file
                + " and issues from "
                + Instant.ofEpochSecond(key.issueFrom())
                + " on. Copy the file to each gateway of the domain.";
    }

    /// Durations as configuration files write them.
    static final class DurationConverter implements ITypeConverter<Duration> {
        private static final Duration LONGEST = Duration.ofDays(3650);

        @Override
        public Duration convert(String value) {
            try {
                Duration duration = Durations.parse(value);
                if (duration.compareTo(LONGEST) <= 0) {
                    return duration;
                }
            } catch (IllegalArgumentException e) {
                // told below, with what is legal
            }
            throw new TypeConversionException(
                    "\"" + value + "\" cannot be used; legal is " + Durations.FORM + ", to 3650d");
        }
    }
}
