package dev.postern.cli;

import dev.postern.crypto.Entropy;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.TgsKeyRotation;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
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

    @Mixin private TgsKeyTiming timing = new TgsKeyTiming();

    @Spec private CommandSpec spec = CommandSpec.create();

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
            TgsKey key =
                    TgsKeyRotation.append(file, entropy, now, timing.issueIn(), timing.overlap());
            out.println(TgsKeyTiming.written(key, file));
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
