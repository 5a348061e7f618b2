package dev.postern.cli;

import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.TgsKeys;
import dev.postern.ticket.SealedTickets;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Callable;

/// Explains a ticket to the operator who has its key.
@Command(
        name = "inspect",
        description = {
            "Explains a ticket in words. The secret inside (RS or SK_d) is never printed.",
            "Exit code 0 where the ticket opens and is still good, 1 where it is not, 2 for wrong"
                    + " usage. Of a reference, whose session is in the gateways' store, 0 says no"
                    + " more than that it is one: an SPI pair, or made under a key of the file."
        })
final class TicketInspectCommand implements Callable<Integer> {
    private static final int LONGEST = 1 << 20;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TICKET",
            defaultValue = "-",
            description =
                    "The ticket in hexadecimal digits or Base64, without the notification's"
                            + " lifetime; - reads it from standard input.")
    private String ticket = "-";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "The TGS key file of its domain; expired keys in it open it too.")
    private Path keys = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    /// Where a ticket is read from that is not among the arguments.
    InputStream in = System.in;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            String text = ticket.equals("-") ? fromInput() : ticket;
            if (text.length() > LONGEST) {
                err.println(
                        "postern ticket inspect: standard input has more than "
                                + LONGEST
                                + " octets, and a ticket at most "
                                + SealedTickets.MAXIMUM_LENGTH);
                return ExitCode.WRONG_USAGE;
            }
            if (text.isBlank()) {
                err.println(
                        "postern ticket inspect: there is no ticket: standard input is empty, and"
                                + " hexadecimal digits or Base64 are wanted there");
                return ExitCode.WRONG_USAGE;
            }
            Octets octets = decoded(text);
            if (octets == null) {
                err.println(
                        "postern ticket inspect: this is neither hexadecimal digits nor Base64, and"
                                + " a ticket is wanted in one of them");
                return ExitCode.WRONG_USAGE;
            }
            TicketExplanation explanation =
                    TicketExplanation.of(
                            octets, TgsKeys.read(keys, Instant.EPOCH).ring(), Instant.now());
            explanation.lines().forEach(out::println);
            explanation.faults().forEach(err::println);
            return explanation.faults().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        } catch (ConfigurationException e) {
            e.problems().forEach(err::println);
            return ExitCode.WRONG_USAGE;
        } catch (IOException e) {
            err.println("postern ticket inspect: standard input: " + e.getMessage());
            return ExitCode.FAILED;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private String fromInput() throws IOException {
        return new String(in.readNBytes(LONGEST + 1), StandardCharsets.US_ASCII);
    }

    /// Hexadecimal digits where it can be read so, else Base64 of either alphabet.
    private static @Nullable Octets decoded(String text) {
        String compact = text.replaceAll("[\\s:]", "");
        String digits = compact.startsWith("0x") ? compact.substring(2) : compact;
        try {
            return Octets.of(HexFormat.of().parseHex(digits));
        } catch (IllegalArgumentException notHexadecimal) {
            try {
                String standard = compact.replace('-', '+').replace('_', '/');
                return Octets.of(Base64.getDecoder().decode(standard));
            } catch (IllegalArgumentException neither) {
                return null;
            }
        }
    }
}
