package dev.postern.cli.pki;

import dev.postern.crypto.Entropy;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.ChainVerdict;
import dev.postern.pki.Credentials;
import dev.postern.pki.Pem;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.TrustAnchors;
import dev.postern.pki.UnreadableException;
import dev.postern.pki.issue.Authority;
import dev.postern.pki.issue.Draft;
import dev.postern.pki.issue.Revoked;
import dev.postern.wire.PrintableText;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// An authority's directory: `ca.pem`, `ca.key`, those above it in `chain.pem`, the list `crl.pem`
/// and the ledger `issued`. Open to one command at a time.
final class AuthorityDirectory implements AutoCloseable {
    static final String CERTIFICATE = "ca.pem";
    static final String KEY = "ca.key";
    static final String CHAIN = "chain.pem";
    static final String LIST = "crl.pem";
    private static final String LEDGER = "issued";
    private static final String LOCK = "lock";

    /// Clocks of peers are not all right.
    static final Duration BACKDATED = Duration.ofMinutes(10);

    private final Path directory;
    private final FileChannel lock;
    private final Credentials credentials;
    private final List<X509Certificate> above;
    private final Authority authority;
    private final Ledger ledger;

    private AuthorityDirectory(
            Path directory,
            FileChannel lock,
            Credentials credentials,
            List<X509Certificate> above,
            Authority authority,
            Ledger ledger) {
        this.directory = directory;
        this.lock = lock;
        this.credentials = credentials;
        this.above = above;
        this.authority = authority;
        this.ledger = ledger;
    }

    /// @param passphraseFile of the key; null to ask at the terminal where it is encrypted
    static AuthorityDirectory open(Path directory, @Nullable Path passphraseFile)
            throws IOException, PkiFailure, UnreadableException {
        if (!Files.isRegularFile(directory.resolve(KEY))) {
            throw new PkiFailure(
                    directory
                            + " holds no "
                            + KEY
                            + "; wanted is the directory that \"postern pki ca --out "
                            + directory
                            + "\" makes");
        }
        FileChannel lock =
                FileChannel.open(
                        directory.resolve(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            lock.lock();
            Entropy entropy = new SecureRandom()::nextBytes;
            Credentials credentials = credentials(directory, passphraseFile, entropy);
            Path chain = directory.resolve(CHAIN);
            return new AuthorityDirectory(
                    directory,
                    lock,
                    credentials,
                    Files.exists(chain)
                            ? Credentials.authoritiesOf(Files.readAllBytes(chain))
                            : List.of(),
                    Authority.of(credentials, entropy),
                    Ledger.read(directory.resolve(LEDGER)));
        } catch (IOException | PkiFailure | UnreadableException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Credentials credentials(
            Path directory, @Nullable Path passphraseFile, Entropy entropy)
            throws IOException, PkiFailure, UnreadableException {
        Path certificateFile = directory.resolve(CERTIFICATE);
        byte[] certificate = Files.readAllBytes(certificateFile);
        try {
            Credentials.authoritiesOf(certificate);
        } catch (UnreadableException e) {
            throw new UnreadableException(certificateFile + ": " + e.getMessage());
        }
        Path file = directory.resolve(KEY);
        byte[] key = Files.readAllBytes(file);
        boolean encrypted =
                Pem.isPem(key)
                        && Pem.parse(key).stream()
                                .anyMatch(each -> each.label().equals(Pem.ENCRYPTED_PRIVATE_KEY));
        try {
            if (!encrypted) {
                return Credentials.of(certificate, key, null, entropy);
            }
            try (Passphrase passphrase =
                    Passphrase.read(passphraseFile, file.toString(), "--ca-passphrase-file")) {
                return Credentials.of(certificate, key, passphrase.characters(), entropy);
            }
        } catch (UnreadableException e) {
            throw new UnreadableException(file + ": " + e.getMessage());
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    X509Certificate certificate() {
        return credentials.chain().leaf();
    }

    /// This authority and those above it, as far as they are known here.
    List<X509Certificate> chain() {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(certificate());
        chain.addAll(above);
        return chain;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    Ledger ledger() {
        return ledger;
    }

    /// From when on a new certificate is good.
    Instant begin(Instant now) {
        Instant earliest = certificate().getNotBefore().toInstant();
        Instant begin = now.minus(BACKDATED).truncatedTo(ChronoUnit.SECONDS);
        return begin.isBefore(earliest) ? earliest : begin;
    }

    /// Until when: no certificate outlives its authority.
    Instant end(Instant now, Duration validity) throws PkiFailure {
        Instant latest = certificate().getNotAfter().toInstant();
        if (!latest.isAfter(now)) {
            throw new PkiFailure("the authority in " + directory + " expired at " + latest);
        }
        Instant end = now.plus(validity).truncatedTo(ChronoUnit.SECONDS);
        return end.isAfter(latest) ? latest : end;
    }

    /// Issues a certificate, after it was judged as a peer would judge it.
    X509Certificate issue(Draft draft, Instant now) throws PkiFailure {
        X509Certificate certificate = authority.issue(draft);
        ChainVerdict verdict =
                new TrustAnchors(List.of(certificate()))
                        .judge(new CertificateChain(List.of(certificate)), now);
        if (verdict instanceof ChainVerdict.Refused refused) {
            throw new PkiFailure(
                    "nobody would believe that certificate, so it is not made: "
                            + refused.detail());
        }
        return certificate;
    }

    /// Signs an authority below this one.
    X509Certificate issueAuthority(Draft draft) throws PkiFailure {
        if (certificate().getBasicConstraints() == 0) {
            throw new PkiFailure(
                    "the authority in " + directory + " may not have authorities below it");
        }
        return authority.issue(draft);
    }

    void remember(X509Certificate certificate, String names) throws IOException {
        ledger.add(entry(certificate, names));
    }

    static Ledger.Entry entry(X509Certificate certificate, String names) {
        return new Ledger.Entry(
                certificate.getSerialNumber(),
                fingerprint(certificate),
                certificate.getNotAfter().toInstant(),
                null,
                PrintableText.of(names));
    }

    static String fingerprint(X509Certificate certificate) {
        return HexFormat.of().formatHex(new CertificateChain(List.of(certificate)).fingerprint());
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate of ours does not encode", e);
        }
    }

    static String pem(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        certificates.forEach(each -> text.append(NewFiles.pem(Pem.CERTIFICATE, encoded(each))));
        return text.toString();
    }

    /// Writes the list anew.
    ///
    /// @return what is on it
    List<Revoked> writeList(Instant now, Duration validity)
            throws IOException, UnreadableException, PkiFailure {
        Instant at = now.truncatedTo(ChronoUnit.SECONDS);
        List<Revoked> revoked = ledger.revoked(at);
        byte[] list =
                authority.list(
                        revoked,
                        nextNumber(),
                        at.minus(BACKDATED),
                        at.plus(validity).truncatedTo(ChronoUnit.SECONDS));
        NewFiles.replace(file(LIST), NewFiles.pem(Pem.CRL, list));
        return revoked;
    }

    /// One more than the number of the list that is there.
    private BigInteger nextNumber() throws IOException, UnreadableException {
        Path file = file(LIST);
        if (!Files.exists(file)) {
            return BigInteger.ONE;
        }
        return CertificateText.listNumber(RevocationEvidence.decodeList(Files.readAllBytes(file)))
                .add(BigInteger.ONE);
    }

    @Override
    public void close() throws IOException {
        credentials.close();
        lock.close();
    }
}
