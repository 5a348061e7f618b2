package dev.postern.cli.pki;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SigningKey;
import dev.postern.pki.UnreadableException;
import dev.postern.pki.issue.Authority;
import dev.postern.pki.issue.Draft;
import dev.postern.pki.issue.Extension;
import dev.postern.pki.issue.NameSubtree;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/// Makes an authority.
@Command(
        name = "ca",
        description = {
            "Makes an authority in a new directory: ca.pem for those who shall trust it, ca.key"
                    + " that stays there, and a first list of revoked certificates, crl.pem."
        })
final class CaCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "What it is called.")
    private String name = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIRECTORY",
            description = "Where it is made.")
    private Path out = Path.of("");

    @Option(
            names = "--ca",
            paramLabel = "DIRECTORY",
            description = "The authority above it. Missing: it is a root.")
    private @Nullable Path parent;

    @Option(
            names = "--permit",
            paramLabel = "NAMES",
            converter = Words.SubtreeConverter.class,
            description =
                    "Names that alone it may vouch for: example.net, @example.net or 192.0.2.0/24;"
                            + " several times for several.")
    private List<NameSubtree> permitted = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "NAMES",
            converter = Words.SubtreeConverter.class,
            description = "Names that it may not vouch for.")
    private List<NameSubtree> excluded = new ArrayList<>();

    @Option(
            names = "--crl-url",
            paramLabel = "URL",
            converter = Words.UrlConverter.class,
            description = "Where the list of --ca is, which it may stand on.")
    private List<String> listUrls = new ArrayList<>();

    @Option(
            names = "--key",
            paramLabel = "KIND",
            defaultValue = "p256",
            converter = KeyChoice.Converter.class,
            description =
                    "p256, p384, ed25519, rsa2048, rsa3072 or rsa4096 (default: ${DEFAULT-VALUE}).")
    private KeyChoice key = KeyChoice.P256;

    @Option(
            names = "--valid",
            paramLabel = "DURATION",
            defaultValue = "3650d",
            converter = Words.ValidityConverter.class,
            description = "How long it is good (default: ${DEFAULT-VALUE}).")
    private Duration validity = Duration.ZERO;

    @Option(names = "--encrypt-key", description = "Encrypt its key by a passphrase.")
    private boolean encrypted;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Its one line is that passphrase. Missing: asked for at the terminal.")
    private @Nullable Path passphraseFile;

    @Option(
            names = "--ca-passphrase-file",
            paramLabel = "FILE",
            description = "Its one line opens the key of --ca, where that is encrypted.")
    private @Nullable Path parentPassphraseFile;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return Work.carryOut(spec, this::make);
    }

    private void make(PrintWriter output) throws PkiFailure, UnreadableException, IOException {
        if (name.isBlank() || name.codePointCount(0, name.length()) > Draft.LONGEST_COMMON_NAME) {
            throw new PkiFailure(
                    "--name is of "
                            + name.length()
                            + " characters; legal are 1 to "
                            + Draft.LONGEST_COMMON_NAME);
        }
        if (passphraseFile != null && !encrypted) {
            throw new PkiFailure("--passphrase-file means nothing without --encrypt-key");
        }
        Path keyFile = out.resolve(AuthorityDirectory.KEY);
        Path certificateFile = out.resolve(AuthorityDirectory.CERTIFICATE);
        NewFiles.demandAbsent(
                List.of(
                        certificateFile,
                        keyFile,
                        out.resolve(AuthorityDirectory.CHAIN),
                        out.resolve(AuthorityDirectory.LIST)));
        Instant now = Instant.now();
        KeyPair pair = key.generate();
        X509Certificate certificate;
        if (parent == null) {
            certificate = root(now, pair);
            writeKey(keyFile, pair);
        } else {
            try (AuthorityDirectory above = AuthorityDirectory.open(parent, parentPassphraseFile)) {
                certificate =
                        above.issueAuthority(
                                draft(
                                        pair,
                                        above.begin(now),
                                        above.end(now, validity),
                                        Extension.authority(0)));
                writeKey(keyFile, pair);
                NewFiles.open(
                        out.resolve(AuthorityDirectory.CHAIN),
                        AuthorityDirectory.pem(above.chain()));
                above.remember(certificate, name);
            }
        }
        NewFiles.open(certificateFile, AuthorityDirectory.pem(List.of(certificate)));
        try (AuthorityDirectory made = AuthorityDirectory.open(out, passphraseFile)) {
            made.writeList(now, CrlCommand.USUAL_VALIDITY);
        }
        output.println(
                name
                        + " is in "
                        + out
                        + ", good until "
                        + certificate.getNotAfter().toInstant()
                        + ". Give "
                        + certificateFile
                        + " to whoever shall trust it; "
                        + keyFile
                        + " stays here.");
    }

    private void writeKey(Path file, KeyPair pair) throws IOException, PkiFailure {
        try (Passphrase passphrase =
                encrypted
                        ? Passphrase.readNew(passphraseFile, file.toString(), "--passphrase-file")
                        : null) {
            byte[] text = PrivateKeyText.of(pair.getPrivate(), passphrase);
            NewFiles.secret(file, text);
            Arrays.fill(text, (byte) 0);
        }
    }

    private X509Certificate root(Instant now, KeyPair pair) {
        Entropy entropy = new SecureRandom()::nextBytes;
        try (SecretBytes encoded = SecretBytes.owning(pair.getPrivate().getEncoded());
                SigningKey signing = SigningKey.of(encoded)) {
            Instant begin = now.minus(AuthorityDirectory.BACKDATED);
            return Authority.selfSigned(
                    draft(
                            pair,
                            begin.truncatedTo(ChronoUnit.SECONDS),
                            now.plus(validity).truncatedTo(ChronoUnit.SECONDS),
                            Extension.authority(-1)),
                    signing,
                    entropy);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a key that was just made cannot be read", e);
        }
    }

    private Draft draft(KeyPair pair, Instant notBefore, Instant notAfter, Extension constraints) {
        List<Extension> extensions = new ArrayList<>();
        extensions.add(constraints);
        extensions.add(Extension.signsCertificates());
        if (!permitted.isEmpty() || !excluded.isEmpty()) {
            extensions.add(Extension.nameConstraints(permitted, excluded));
        }
        if (!listUrls.isEmpty()) {
            extensions.add(Extension.listsAt(listUrls));
        }
        return new Draft(
                Draft.commonName(name),
                pair.getPublic().getEncoded(),
                notBefore,
                notAfter,
                extensions);
    }
}
