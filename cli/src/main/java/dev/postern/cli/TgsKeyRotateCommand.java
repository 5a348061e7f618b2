package dev.postern.cli;

import dev.postern.cli.TgsKeyTiming.DurationConverter;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.TgsKeyRotation;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeySchedule;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;

/// Rotates a key file, now or as a schedule says.
@Command(
        name = "rotate",
        description = {
            "Puts the next key into a TGS key file; running gateways read the file by themselves.",
            "With --every it does so only when the next key is due: call it from cron as often as"
                    + " you like, then copy the file to every gateway."
        })
final class TgsKeyRotateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The key file; it must be there.")
    private Path file = Path.of("");

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long each key is the newest. Missing: rotate now.")
    private @Nullable Duration every;

    @Mixin private TgsKeyTiming timing = new TgsKeyTiming();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        SecureRandom random = new SecureRandom();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Instant now = Instant.now();
        try {
            TgsKeySchedule schedule =
                    every == null
                            ? null
                            : new TgsKeySchedule(
                                    every.toSeconds(),
                                    timing.issueIn().toSeconds(),
                                    timing.overlap().toSeconds());
            TgsKey key =
                    schedule == null
                            ? TgsKeyRotation.rotate(
                                    file,
                                    random::nextBytes,
                                    now,
                                    timing.issueIn(),
                                    timing.overlap())
                            : TgsKeyRotation.rotateIfDue(file, random::nextBytes, now, schedule);
            if (key == null) {
                out.println("The next TGS key of " + file + " is not due yet.");
                return ExitCode.DONE;
            }
            out.println(TgsKeyTiming.written(key, file));
            return ExitCode.DONE;
        } catch (ConfigurationException e) {
            e.problems().forEach(err::println);
            return ExitCode.WRONG_USAGE;
        } catch (IllegalArgumentException e) {
            err.println("postern tgs-key rotate: " + e.getMessage());
            return ExitCode.WRONG_USAGE;
        } catch (IOException e) {
            err.println(
                    "postern tgs-key rotate: " + file + " cannot be written: " + e.getMessage());
            return ExitCode.FAILED;
        } finally {
            out.flush();
            err.flush();
        }
    }
}
