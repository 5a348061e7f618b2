package dev.postern.cli.pki;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The options that gateways' and clients' certificates share.
final class LeafOptions {
    @Option(
            names = "--ca",
            required = true,
            paramLabel = "DIRECTORY",
            description = "The authority, as \"postern pki ca\" made it.")
    Path authority = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "PREFIX",
            description =
                    "Write PREFIX.pem, PREFIX.key and perhaps PREFIX.p12 (default: the first"
                            + " name).")
    @Nullable Path out;

    @Option(
            names = "--key",
            paramLabel = "KIND",
            defaultValue = "p256",
            converter = KeyChoice.Converter.class,
            description =
                    "p256, p384, ed25519, rsa2048, rsa3072 or rsa4096 (default: ${DEFAULT-VALUE}).")
    KeyChoice key = KeyChoice.P256;

    @Option(
            names = "--request",
            paramLabel = "FILE",
            description =
                    "Certify the key of this request (PKCS#10) in place of a new one; what it says"
                            + " besides is not looked at.")
    @Nullable Path request;

    @Option(
            names = "--valid",
            paramLabel = "DURATION",
            defaultValue = "730d",
            converter = Words.ValidityConverter.class,
            description =
                    "How long it is good, though never longer than the authority (default:"
                            + " ${DEFAULT-VALUE}).")
    Duration validity = Duration.ZERO;

    @Option(
            names = "--crl-url",
            paramLabel = "URL",
            converter = Words.UrlConverter.class,
            description = "Where whoever is shown it finds the list crl.pem or its DER.")
    List<String> listUrls = new ArrayList<>();

    @Option(
            names = "--ocsp-url",
            paramLabel = "URL",
            converter = Words.UrlConverter.class,
            description = "Where they find an OCSP responder.")
    List<String> responderUrls = new ArrayList<>();

    @Option(
            names = "--p12",
            description = "Also write PREFIX.p12: key, certificate and authorities in PKCS#12.")
    boolean p12;

    @Option(names = "--encrypt-key", description = "Encrypt PREFIX.key by a passphrase.")
    boolean encrypted;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description =
                    "Its one line is the passphrase of --p12 and --encrypt-key. Missing: asked for"
                            + " at the terminal.")
    @Nullable Path passphraseFile;

    @Option(
            names = "--ca-passphrase-file",
            paramLabel = "FILE",
            description = "Its one line opens the authority's key, where that is encrypted.")
    @Nullable Path authorityPassphraseFile;
}
