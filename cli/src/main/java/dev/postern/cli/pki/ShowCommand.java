package dev.postern.cli.pki;

import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SigningKey;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.Pem;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.UnreadableException;
import dev.postern.wire.PrintableText;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/// Shows what a file holds.
@Command(
        name = "show",
        description =
                "Shows certificates, revocation lists and kinds of keys in PEM, DER or PKCS#12, and"
                        + " what the authority of a directory has issued. Never prints a private"
                        + " key.")
final class ShowCommand implements Callable<Integer> {
    private static final int LONGEST = 16 << 20;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to look at.")
    private List<Path> files = List.of();

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Its one line opens a PKCS#12 file. Missing: asked for at the terminal.")
    private @Nullable Path passphraseFile;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return Work.carryOut(
                spec,
                out -> {
                    for (Path file : files) {
                        if (files.size() > 1) {
                            out.println(file + ":");
                        }
                        show(file, out);
                    }
                });
    }

    private void show(Path file, PrintWriter out)
            throws PkiFailure, UnreadableException, IOException {
        Instant now = Instant.now();
        if (Files.isDirectory(file)) {
            showAuthority(file, out, now);
            return;
        }
        byte[] octets;
        try (var in = Files.newInputStream(file)) {
            octets = in.readNBytes(LONGEST + 1);
        }
        try {
            if (octets.length > LONGEST) {
                throw new UnreadableException("more than " + LONGEST + " octets");
            }
            if (Pem.isPem(octets)) {
                for (Pem block : Pem.parse(octets)) {
                    lines(block, now).forEach(out::println);
                }
            } else {
                showDer(file, octets, out, now);
            }
        } catch (UnreadableException e) {
            throw new UnreadableException(file + ": " + e.getMessage());
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static List<String> lines(Pem block, Instant now) throws UnreadableException {
        return switch (block.label()) {
            case Pem.CERTIFICATE -> CertificateText.of(certificate(block.content()), now);
            case Pem.CRL -> CertificateText.of(RevocationEvidence.decodeList(block.content()), now);
            case Pem.PRIVATE_KEY -> List.of(privateKey(block.content()));
            case Pem.ENCRYPTED_PRIVATE_KEY -> List.of("private key, encrypted");
            default -> List.of("a block " + PrintableText.of(block.label()));
        };
    }

    private static X509Certificate certificate(byte[] der) throws UnreadableException {
        return CertificateChain.decode(List.of(der)).leaf();
    }

    private static String privateKey(byte[] content) throws UnreadableException {
        try (SecretBytes secret = SecretBytes.owning(content);
                SigningKey key = SigningKey.of(secret)) {
            return "private key that signs by " + key.schemes().getFirst() + ", not encrypted";
        } catch (InvalidKeyException e) {
            throw new UnreadableException(String.valueOf(e.getMessage()));
        }
    }

    private void showDer(Path file, byte[] octets, PrintWriter out, Instant now)
            throws PkiFailure, UnreadableException, IOException {
        List<String> lines;
        try {
            lines = CertificateText.of(certificate(octets), now);
        } catch (UnreadableException noCertificate) {
            try {
                lines = CertificateText.of(RevocationEvidence.decodeList(octets), now);
            } catch (UnreadableException noList) {
                showPkcs12(file, octets, out, now);
                return;
            }
        }
        lines.forEach(out::println);
    }

    private void showPkcs12(Path file, byte[] octets, PrintWriter out, Instant now)
            throws PkiFailure, UnreadableException, IOException {
        if (octets.length == 0 || octets[0] != 0x30) {
            throw new UnreadableException("no certificate, list or key in PEM, DER or PKCS#12");
        }
        try (Passphrase passphrase =
                        Passphrase.read(passphraseFile, file.toString(), "--passphrase-file");
                Credentials credentials =
                        Credentials.ofPkcs12(
                                octets, passphrase.characters(), new SecureRandom()::nextBytes)) {
            out.println(
                    "private key that signs by "
                            + credentials.key().schemes().getFirst()
                            + ", in PKCS#12 with");
            for (X509Certificate each : credentials.chain().certificates()) {
                CertificateText.of(each, now).forEach(out::println);
            }
        }
    }

    private static void showAuthority(Path directory, PrintWriter out, Instant now)
            throws PkiFailure, UnreadableException, IOException {
        for (String name : List.of(AuthorityDirectory.CERTIFICATE, AuthorityDirectory.LIST)) {
            for (Pem block : Pem.parse(Files.readAllBytes(directory.resolve(name)))) {
                lines(block, now).forEach(out::println);
            }
        }
        out.println("has issued");
        for (Ledger.Entry each : Ledger.read(directory.resolve("issued")).entries()) {
            String state =
                    each.revoked() != null
                            ? "revoked at " + each.revoked().at()
                            : each.notAfter().isBefore(now)
                                    ? "EXPIRED at " + each.notAfter()
                                    : "good until " + each.notAfter();
            out.println(
                    "  "
                            + each.serial().toString(16)
                            + " "
                            + PrintableText.of(each.names())
                            + ", "
                            + state);
        }
    }
}
