package dev.postern.cli.pki;

import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.UnreadableException;
import dev.postern.pki.issue.Revoked;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// Revokes certificates of an authority.
@Command(
        name = "revoke",
        description = {
            "Puts certificates on the authority's list, crl.pem in its directory, for good.",
            "Gateways that are given that file read it again by themselves. Sessions that live go"
                    + " on until they are revoked too: the command for that is printed."
        })
final class RevokeCertificateCommand implements Callable<Integer> {
    @Option(
            names = "--ca",
            required = true,
            paramLabel = "DIRECTORY",
            description = "The authority, as \"postern pki ca\" made it.")
    private Path directory = Path.of("");

    @Parameters(
            paramLabel = "WHICH",
            description =
                    "A certificate's file, its serial number in hexadecimal digits, or a name: then"
                            + " every certificate that was issued for this name.")
    private String which = "";

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            defaultValue = "unspecified",
            converter = ReasonConverter.class,
            description =
                    "unspecified, key-compromise, ca-compromise, affiliation-changed, superseded,"
                            + " cessation-of-operation or privilege-withdrawn (default:"
                            + " ${DEFAULT-VALUE}).")
    private Revoked.Reason reason = Revoked.Reason.UNSPECIFIED;

    @Option(
            names = "--valid",
            paramLabel = "DURATION",
            defaultValue = "30d",
            converter = Words.ValidityConverter.class,
            description = "How long the list is good (default: ${DEFAULT-VALUE}).")
    private Duration validity = CrlCommand.USUAL_VALIDITY;

    @Option(
            names = "--ca-passphrase-file",
            paramLabel = "FILE",
            description = "Its one line opens the authority's key, where that is encrypted.")
    private @Nullable Path passphraseFile;

    @Spec private CommandSpec spec = CommandSpec.create();

    /// By the words of the option.
    static final class ReasonConverter implements ITypeConverter<Revoked.Reason> {
        @Override
        public Revoked.Reason convert(String value) {
            try {
                return Ledger.reason(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "\""
                                + value
                                + "\" cannot be used; legal is "
                                + Arrays.stream(Revoked.Reason.values())
                                        .map(Ledger::word)
                                        .collect(Collectors.joining(", ")));
            }
        }
    }

    @Override
    public Integer call() {
        return Work.carryOut(spec, this::revoke);
    }

    private void revoke(PrintWriter out) throws PkiFailure, UnreadableException, IOException {
        Instant now = Instant.now();
        try (AuthorityDirectory authority = AuthorityDirectory.open(directory, passphraseFile)) {
            List<Ledger.Entry> meant = meant(authority);
            for (Ledger.Entry entry : meant) {
                if (entry.revoked() == null) {
                    authority
                            .ledger()
                            .put(entry.revokedAt(now.truncatedTo(ChronoUnit.SECONDS), reason));
                }
            }
            authority.writeList(now, validity);
            for (Ledger.Entry entry : meant) {
                out.println(
                        "The certificate "
                                + entry.serial().toString(16)
                                + " of "
                                + entry.names()
                                + (entry.revoked() == null
                                        ? " is revoked."
                                        : " was revoked at " + entry.revoked().at() + "."));
            }
            out.println(
                    authority.file(AuthorityDirectory.LIST)
                            + " says so; at each gateway, sessions end by:");
            for (Ledger.Entry entry : meant) {
                out.println("    postern revoke --admin SOCKET certificate " + entry.fingerprint());
            }
        }
    }

    private List<Ledger.Entry> meant(AuthorityDirectory authority)
            throws PkiFailure, UnreadableException, IOException {
        List<Ledger.Entry> entries = authority.ledger().entries();
        Path file = Path.of(which);
        if (Files.isRegularFile(file)) {
            X509Certificate certificate =
                    CertificateChain.decode(Credentials.certificatesOf(Files.readAllBytes(file)))
                            .leaf();
            demandOwn(authority, certificate);
            return List.of(
                    entries.stream()
                            .filter(each -> each.serial().equals(certificate.getSerialNumber()))
                            .findFirst()
                            .orElseGet(() ->
                                    AuthorityDirectory.entry(
                                            certificate,
                                            String.valueOf(
                                                    certificate.getSubjectX500Principal()))));
        }
        List<Ledger.Entry> meant =
                entries.stream().filter(each -> isSerial(each) || hasName(each)).toList();
        if (meant.isEmpty()) {
            throw new PkiFailure(
                    "\""
                            + which
                            + "\" is no file, and the authority in "
                            + directory
                            + " has issued no certificate with that serial number or name");
        }
        return meant;
    }

    private static void demandOwn(AuthorityDirectory authority, X509Certificate certificate)
            throws PkiFailure {
        try {
            certificate.verify(authority.certificate().getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new PkiFailure(
                    "the certificate of "
                            + certificate.getSubjectX500Principal()
                            + " is from "
                            + certificate.getIssuerX500Principal()
                            + ", which alone can revoke it; the authority at hand is "
                            + authority.certificate().getSubjectX500Principal());
        }
    }

    private boolean isSerial(Ledger.Entry entry) {
        return which.matches("(?i)[0-9a-f:]{1,64}")
                && !which.replace(":", "").isEmpty()
                && new BigInteger(which.replace(":", ""), 16).equals(entry.serial());
    }

    private boolean hasName(Ledger.Entry entry) {
        return Arrays.asList(entry.names().toLowerCase(Locale.ROOT).split(","))
                .contains(which.toLowerCase(Locale.ROOT));
    }
}
