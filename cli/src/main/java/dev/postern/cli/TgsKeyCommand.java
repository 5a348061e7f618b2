package dev.postern.cli;

import dev.postern.crypto.Entropy;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.Durations;
import dev.postern.gateway.configuration.TgsKeyRotation;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.Callable;

/// Makes TGS keys.
@Command(
        name = "tgs-key",
        description = {
            "Makes a TGS key: prints a new key file, or adds a key to one with --append.",
            "Copy the file to each gateway of the domain, mode 0600, and nowhere else."
        },
        subcommands = {TgsKeyRotateCommand.class})
final class TgsKeyCommand implements Callable<Integer> {
    @Option(
            names = "--append",
            paramLabel = "FILE",
            description = "Add the key to this file, which is made where it does not exist.")
    private @Nullable Path file;

    @Option(
            names = "--issue-in",
            paramLabel = "DURATION",
            defaultValue = "1h",
            converter = DurationConverter.class,
            description =
                    "In a file that has keys: when the new one starts to issue tickets, which"
                            + " leaves time to copy the file to every gateway (default:"
                            + " ${DEFAULT-VALUE}).")
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

    @Spec private CommandSpec spec = CommandSpec.create();

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

    @Override
    public Integer call() {
        SecureRandom random = new SecureRandom();
        Entropy entropy = random::nextBytes;
        Instant now = Instant.now();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (file == null) {
            out.print(TgsKeyFile.generate(entropy, now.getEpochSecond()));
            out.flush();
            return ExitCode.DONE;
        }
        try {
            TgsKey key = TgsKeyRotation.append(file, entropy, now, issueIn, overlap);
            out.println(
                    "TGS key "
                            + HexFormat.of().toHexDigits(key.spi())
                            + " is in "
                            + file
                            + " and issues from "
                            + Instant.ofEpochSecond(key.issueFrom())
                            + " on. Copy the file to each gateway of the domain.");
            return ExitCode.DONE;
        } catch (ConfigurationException e) {
            e.problems().forEach(err::println);
            return ExitCode.WRONG_USAGE;
        } catch (IOException e) {
            err.println("postern tgs-key: " + file + " cannot be written: " + e.getMessage());
            return ExitCode.FAILED;
        } finally {
            out.flush();
            err.flush();
        }
    }
}
