package dev.postern.cli.pki;

import dev.postern.pki.UnreadableException;
import dev.postern.pki.issue.Draft;
import dev.postern.pki.issue.Extension;
import dev.postern.pki.issue.SignedRequest;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Issues the certificate of a gateway or client and writes its files.
final class Leaf {
    private static final int LARGEST_REQUEST = 1 << 16;

    private final LeafOptions options;
    private final List<Identity> names;
    private final List<Extension.Purpose> purposes;
    private final Path certificateFile;
    private final Path keyFile;
    private final Path p12File;

    /// @param names the first of which is its identity
    Leaf(LeafOptions options, List<Identity> names, List<Extension.Purpose> purposes) {
        this.options = options;
        this.names = List.copyOf(names);
        this.purposes = List.copyOf(purposes);
        String prefix =
                options.out == null
                        ? names.getFirst().toString().replaceAll("[^A-Za-z0-9@._-]", "_")
                        : options.out.toString();
        certificateFile = Path.of(prefix + ".pem");
        keyFile = Path.of(prefix + ".key");
        p12File = Path.of(prefix + ".p12");
    }

    /// What it may write; without `--out` in the working directory, whatever the name.
    List<Path> files() {
        return List.of(certificateFile, keyFile, p12File);
    }

    /// @param table of a configuration file that such a certificate is for
    void make(PrintWriter output, String table)
            throws PkiFailure, UnreadableException, IOException {
        checkTogether();
        List<Path> files = new ArrayList<>(List.of(certificateFile));
        if (options.request == null) {
            files.add(keyFile);
        }
        if (options.p12) {
            files.add(p12File);
        }
        NewFiles.demandAbsent(files);
        Instant now = Instant.now();
        try (AuthorityDirectory authority =
                        AuthorityDirectory.open(
                                options.authority, options.authorityPassphraseFile);
                Passphrase passphrase = passphrase()) {
            KeyPair pair = options.request == null ? options.key.generate() : null;
            byte[] publicKey = pair == null ? requestedKey() : pair.getPublic().getEncoded();
            X509Certificate certificate =
                    authority.issue(
                            draft(
                                    publicKey,
                                    authority.begin(now),
                                    authority.end(now, options.validity)),
                            now);
            authority.remember(certificate, namesText());
            write(certificate, authority.chain(), pair, passphrase);
            tell(output, table, certificate);
        }
    }

    private void checkTogether() throws PkiFailure {
        if (options.request != null && (options.p12 || options.encrypted)) {
            throw new PkiFailure(
                    "--request brings no private key, so --p12 and --encrypt-key cannot be had");
        }
        if (options.passphraseFile != null && !options.p12 && !options.encrypted) {
            throw new PkiFailure("--passphrase-file means nothing without --p12 or --encrypt-key");
        }
    }

    private @Nullable Passphrase passphrase() throws IOException, PkiFailure {
        return options.p12 || options.encrypted
                ? Passphrase.readNew(
                        options.passphraseFile,
                        (options.p12 ? p12File : keyFile).toString(),
                        "--passphrase-file")
                : null;
    }

    private byte[] requestedKey() throws IOException, UnreadableException {
        Path file = options.request == null ? Path.of("") : options.request;
        byte[] octets;
        try (var in = Files.newInputStream(file)) {
            octets = in.readNBytes(LARGEST_REQUEST);
        }
        try {
            return SignedRequest.of(octets).subjectPublicKeyInfo();
        } catch (UnreadableException e) {
            throw new UnreadableException(file + ": " + e.getMessage());
        }
    }

    private Draft draft(byte[] publicKey, Instant notBefore, Instant notAfter) {
        var subject = Draft.commonName(names.getFirst().toString());
        List<Extension> extensions = new ArrayList<>();
        extensions.add(Extension.noAuthority());
        extensions.add(Extension.signs());
        extensions.add(Extension.purposes(purposes));
        extensions.add(Extension.names(names, subject.getName().isEmpty()));
        if (!options.listUrls.isEmpty()) {
            extensions.add(Extension.listsAt(options.listUrls));
        }
        if (!options.responderUrls.isEmpty()) {
            extensions.add(Extension.respondersAt(options.responderUrls));
        }
        return new Draft(subject, publicKey, notBefore, notAfter, extensions);
    }

    private String namesText() {
        return names.stream().map(Identity::toString).collect(Collectors.joining(","));
    }

    private void write(
            X509Certificate certificate,
            List<X509Certificate> above,
            @Nullable KeyPair pair,
            @Nullable Passphrase passphrase)
            throws IOException {
        if (pair != null) {
            byte[] key =
                    PrivateKeyText.of(pair.getPrivate(), options.encrypted ? passphrase : null);
            NewFiles.secret(keyFile, key);
            Arrays.fill(key, (byte) 0);
            if (options.p12 && passphrase != null) {
                NewFiles.secret(p12File, p12(certificate, above, pair.getPrivate(), passphrase));
            }
        }
        List<X509Certificate> shown = new ArrayList<>(List.of(certificate));
        above.stream()
                .filter(each ->
                        !each.getSubjectX500Principal().equals(each.getIssuerX500Principal()))
                .forEach(shown::add);
        NewFiles.open(certificateFile, AuthorityDirectory.pem(shown));
    }

    private byte[] p12(
            X509Certificate certificate,
            List<X509Certificate> above,
            PrivateKey key,
            Passphrase passphrase)
            throws IOException {
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        chain.addAll(above);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    names.getFirst().toString(),
                    key,
                    passphrase.characters(),
                    chain.toArray(X509Certificate[]::new));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, passphrase.characters());
            return out.toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without PKCS#12", e);
        }
    }

    private void tell(PrintWriter output, String table, X509Certificate certificate) {
        output.println(
                certificateFile
                        + " is the certificate of "
                        + namesText()
                        + ", good until "
                        + certificate.getNotAfter().toInstant()
                        + ", SHA-256 "
                        + AuthorityDirectory.fingerprint(certificate)
                        + ".");
        if (options.p12) {
            output.println(p12File + " holds it with its key and the authority (PKCS#12).");
        }
        if (options.request == null) {
            output.println(keyFile + " is its private key; copy it to nobody else.");
            output.println();
            output.println("    " + table);
            output.println("    certificate = \"" + certificateFile + "\"");
            output.println("    private-key = \"" + keyFile + "\"");
            if (options.encrypted) {
                output.println("    private-key-passphrase-file = \"FILE\"");
            }
            output.println(
                    "    trust = \""
                            + options.authority.resolve(AuthorityDirectory.CERTIFICATE)
                            + "\"");
        }
    }
}
