package dev.postern.cli.pki;

import dev.postern.pki.issue.Revoked;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/// Writes an authority's list anew.
@Command(
        name = "crl",
        description = {
            "Writes the authority's list of revoked certificates anew, crl.pem in its directory.",
            "Do so before it ends, from cron for example: where revocation is \"strict\", nobody"
                    + " comes in by a list that has ended."
        })
final class CrlCommand implements Callable<Integer> {
    static final Duration USUAL_VALIDITY = Duration.ofDays(30);

    @Option(
            names = "--ca",
            required = true,
            paramLabel = "DIRECTORY",
            description = "The authority, as \"postern pki ca\" made it.")
    private Path directory = Path.of("");

    @Option(
            names = "--valid",
            paramLabel = "DURATION",
            defaultValue = "30d",
            converter = Words.ValidityConverter.class,
            description = "How long the list is good (default: ${DEFAULT-VALUE}).")
    private Duration validity = USUAL_VALIDITY;

    @Option(
            names = "--ca-passphrase-file",
            paramLabel = "FILE",
            description = "Its one line opens the authority's key, where that is encrypted.")
    private @Nullable Path passphraseFile;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return Work.carryOut(
                spec,
                out -> {
                    Instant now = Instant.now();
                    try (AuthorityDirectory authority =
                            AuthorityDirectory.open(directory, passphraseFile)) {
                        List<Revoked> revoked = authority.writeList(now, validity);
                        out.println(
                                authority.file(AuthorityDirectory.LIST)
                                        + " is good until "
                                        + now.plus(validity)
                                        + " and revokes "
                                        + revoked.size()
                                        + (revoked.size() == 1
                                                ? " certificate."
                                                : " certificates."));
                    }
                });
    }
}
