package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.configuration.EapKeys.EapMethod;
import dev.postern.gateway.eap.TlsIdentity;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Reads the tables `eap`. Null comes back where there is none, or after its faults were told.
final class EapReader {
    private static final List<Key<?>> TLS_KEYS =
            List.of(EapKeys.CERTIFICATE, EapKeys.PRIVATE_KEY, EapKeys.TRUST);

    private EapReader() {}

    static @Nullable EapSettings ofProfile(Report report, Section profile, Instant now) {
        Section section = profile.single(EapKeys.GATEWAY);
        EapMethod method = method(section, EapKeys.GATEWAY);
        if (method == null) {
            return null;
        }
        boolean only = only(section, method);
        Modes modes = new Modes(section, EapKeys.METHOD, method);
        modes.reserve(EapMethod.MSCHAPV2, EapKeys.USERS);
        modes.reserve(EapMethod.TLS, EapKeys.REVOCATION_KEYS.toArray(new Key<?>[0]));
        modes.demand(EapMethod.MSCHAPV2, EapKeys.USERS);
        SecretBytes key = PskReader.optional(section);
        if (key == null
                && !only
                && !CertificateReader.hasOwn(profile.single(CertificateKeys.GATEWAY))) {
            section.missing(
                    SharedKeys.PSK,
                    "missing, and so are psk-hex, psk-file and a table certificates; the gateway"
                            + " has to prove itself before EAP");
        }
        EapSettings.Method read =
                switch (method) {
                    case MSCHAPV2 -> users(report, section);
                    case TLS -> {
                        TlsIdentity tls = tls(section, List.of(), now);
                        yield tls == null
                                ? null
                                : new EapSettings.Method.Tls(
                                        tls, CertificateReader.ofTls(section, tls.trusted(), now));
                    }
                    case RADIUS -> new EapSettings.Method.Radius();
                };
        return read == null
                ? null
                : new EapSettings(section.get(EapKeys.ASK_IDENTITY), only, key, read);
    }

    private static EapSettings.Method.@Nullable MsChapV2 users(Report report, Section section) {
        Path file = section.optional(EapKeys.USERS);
        if (file == null) {
            return null;
        }
        Map<String, SecretBytes> users = EapUsers.read(file, section.place(EapKeys.USERS), report);
        return users == null ? null : new EapSettings.Method.MsChapV2(file, users);
    }

    /// Whether the client's file has a table `eap`.
    static boolean isIn(Section top) {
        return top.single(EapKeys.CLIENT).has(EapKeys.METHOD);
    }

    /// @param identity the client's
    /// @param gateways what the gateways are called
    /// @param key the client's pre-shared key, which then is the gateway's
    static @Nullable ClientEap ofClient(
            Section top,
            String identity,
            List<String> gateways,
            @Nullable SecretBytes key,
            Instant now) {
        Section section = top.single(EapKeys.CLIENT);
        EapMethod method = method(section, EapKeys.CLIENT);
        if (method == null) {
            return null;
        }
        boolean only = only(section, method);
        Modes modes = new Modes(section, EapKeys.METHOD, method);
        modes.reserve(EapMethod.MSCHAPV2, EapKeys.PASSWORD, EapKeys.PASSWORD_FILE);
        modes.reserve(EapMethod.TLS, EapKeys.SERVER_NAMES);
        modes.reserve(EapMethod.TLS, EapKeys.REVOCATION_KEYS.toArray(new Key<?>[0]));
        if (key == null
                && !only
                && !top.single(CertificateKeys.CLIENT).has(CertificateKeys.TRUST)) {
            top.missing(
                    SharedKeys.PSK,
                    "missing, and so are psk-hex, psk-file and certificates.trust; the gateway has"
                            + " to prove itself before EAP");
        }
        String named = section.optional(EapKeys.IDENTITY);
        List<String> servers = section.optional(EapKeys.SERVER_NAMES);
        ClientEap.Method read =
                switch (method) {
                    case MSCHAPV2 -> {
                        SecretBytes password = password(section);
                        yield password == null ? null : new ClientEap.Method.MsChapV2(password);
                    }
                    case TLS -> {
                        TlsIdentity tls = tls(section, servers == null ? gateways : servers, now);
                        yield tls == null
                                ? null
                                : new ClientEap.Method.Tls(
                                        tls, CertificateReader.ofTls(section, tls.trusted(), now));
                    }
                    case RADIUS -> {
                        section.place(EapKeys.METHOD)
                                .contradicts(
                                        "is what a gateway does; legal at a client are"
                                                + " \"mschapv2\" and \"tls\"");
                        yield null;
                    }
                };
        return read == null
                ? null
                : new ClientEap(named == null ? identity : named, only, key, read);
    }

    /// A table without a method is a mistake where it says anything else.
    private static @Nullable EapMethod method(Section section, Shape shape) {
        if (!section.has(EapKeys.METHOD) && shape.keys().stream().anyMatch(section::has)) {
            section.missing(EapKeys.METHOD);
        }
        return section.optional(EapKeys.METHOD);
    }

    private static boolean only(Section section, EapMethod method) {
        boolean only = section.get(EapKeys.ONLY);
        if (only && method == EapMethod.MSCHAPV2 && section.sound(EapKeys.ONLY)) {
            section.place(EapKeys.ONLY)
                    .contradicts(
                            "whoever answers in the gateway's place could guess the password with"
                                    + " method = \""
                                    + BasicTypes.word(method)
                                    + "\" (RFC 5998, 4); legal with the other methods only");
        }
        return only;
    }

    private static @Nullable SecretBytes password(Section section) {
        if (section.has(EapKeys.PASSWORD) && section.has(EapKeys.PASSWORD_FILE)) {
            section.place(EapKeys.PASSWORD_FILE)
                    .contradicts("stands beside password; legal is one of the two");
        } else if (!section.has(EapKeys.PASSWORD) && !section.has(EapKeys.PASSWORD_FILE)) {
            section.missing(EapKeys.PASSWORD, "missing, and so is password-file");
        }
        Path file = section.optional(EapKeys.PASSWORD_FILE);
        SecretBytes password = section.optional(EapKeys.PASSWORD);
        return file == null
                ? password
                : PskReader.ofFile(file, section.place(EapKeys.PASSWORD_FILE));
    }

    private static @Nullable TlsIdentity tls(
            Section section, List<String> serverNames, Instant now) {
        for (Key<?> needed : TLS_KEYS) {
            if (!section.has(needed)) {
                section.missing(needed, "missing with method = \"tls\"");
            }
        }
        return TlsIdentityReader.read(
                section, EapKeys.CERTIFICATE, EapKeys.PRIVATE_KEY, EapKeys.TRUST, serverNames, now);
    }
}
