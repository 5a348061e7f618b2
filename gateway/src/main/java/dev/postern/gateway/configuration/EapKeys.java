package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;
import static dev.postern.gateway.configuration.Key.required;

import dev.postern.crypto.SecretBytes;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The keys of the tables `eap`, of a gateway's profile and of a client.
final class EapKeys {
    /// Words of `method`.
    enum EapMethod {
        MSCHAPV2,
        TLS,
        RADIUS
    }

    static final Key<EapMethod> METHOD =
            optional(
                    "method",
                    BasicTypes.choice(EapMethod.values()),
                    "\"mschapv2\"",
                    "The EAP method. Missing: no EAP.");
    static final Key<Boolean> ONLY =
            defaulted(
                    "only",
                    BasicTypes.flag(),
                    "false",
                    "Whether EAP alone may prove both sides (RFC 5998); not with method mschapv2. A"
                            + " client then offers it, and a gateway takes the offer.");
    static final Key<Path> CERTIFICATE =
            optional(
                    "certificate",
                    BasicTypes.path(),
                    "\"gw-a.pem\"",
                    "Our certificate for TLS, and those between it and the authority, in PEM;"
                            + " required with method tls.");
    static final Key<Path> PRIVATE_KEY =
            optional(
                    "private-key",
                    BasicTypes.path(),
                    "\"gw-a.key\"",
                    "Its private key, PKCS#8 in PEM, in a file closed to others; required with"
                            + " method tls.");
    static final Key<Path> TRUST =
            optional(
                    "trust",
                    BasicTypes.path(),
                    "\"ca.pem\"",
                    "Certificates of the authorities that the other end's certificate must come"
                            + " from, in PEM; required with method tls.");

    static final Key<Boolean> ASK_IDENTITY =
            defaulted(
                    "ask-identity",
                    BasicTypes.flag(),
                    "true",
                    "Whether EAP begins with an Identity request; some clients wait for it.");
    static final Key<Path> USERS =
            optional(
                    "users",
                    BasicTypes.path(),
                    "\"users.toml\"",
                    "A file of tables [[user]] with name and password, closed to others, that is"
                            + " read again when it changes; required with method mschapv2.");

    /// What is done about revocation, as with the certificates of IKE.
    static final List<Key<?>> REVOCATION_KEYS =
            List.of(
                    CertificateKeys.CRL,
                    CertificateKeys.CRL_URLS,
                    CertificateKeys.REVOCATION,
                    CertificateKeys.FROM_CERTIFICATES,
                    CertificateKeys.OCSP_URLS,
                    CertificateKeys.OCSP_NONCE);

    static final Shape GATEWAY =
            Shape.single(
                    "eap",
                    "Peers that authenticate by EAP. The gateway proves itself by a pre-shared key"
                        + " first, `psk`, `psk-hex` or `psk-file` of this table, by the certificate"
                        + " of the table `certificates`, or by EAP too, with `only`.",
                    List.of(
                            METHOD,
                            ASK_IDENTITY,
                            USERS,
                            CERTIFICATE,
                            PRIVATE_KEY,
                            TRUST,
                            CertificateKeys.CRL,
                            CertificateKeys.CRL_URLS,
                            CertificateKeys.REVOCATION,
                            CertificateKeys.FROM_CERTIFICATES,
                            CertificateKeys.OCSP_URLS,
                            CertificateKeys.OCSP_NONCE,
                            ONLY,
                            SharedKeys.PSK,
                            SharedKeys.PSK_HEX,
                            SharedKeys.PSK_FILE));

    static final Key<String> USER_NAME =
            required("name", anyText(), "\"alice@example.org\"", "The user's name.");
    static final Key<SecretBytes> USER_PASSWORD =
            required("password", SecretTypes.text(), "\"example only\"", "The user's password.");
    static final Shape USER =
            Shape.repeated("user", "One user.", List.of(USER_NAME, USER_PASSWORD));

    /// The file that `users` names.
    static final Shape USERS_FILE = Shape.single("", "A file of users.", List.of(), USER);

    static final Key<String> IDENTITY =
            optional(
                    "identity",
                    anyText(),
                    "\"alice@example.org\"",
                    "Our name within EAP. Missing: that of the client.");
    static final Key<SecretBytes> PASSWORD =
            optional(
                    "password",
                    SecretTypes.text(),
                    "\"example only\"",
                    "Our password. One of `password` and `password-file` is required with method"
                            + " mschapv2, and a file that holds one must be closed to others.");
    static final Key<Path> PASSWORD_FILE =
            optional(
                    "password-file",
                    BasicTypes.path(),
                    "\"password\"",
                    "A file whose one line is our password; closed to others.");
    static final Key<List<String>> SERVER_NAMES =
            optional(
                    "server-names",
                    BasicTypes.list(anyText(), 1),
                    "[\"gw-a.example\"]",
                    "Names of which the EAP server's certificate must hold one. Missing: the"
                            + " identities of the gateways.");
    static final Shape CLIENT =
            Shape.single(
                    "eap",
                    "How we authenticate by EAP; the pre-shared key, or a certificate of"
                            + " `certificates.trust`, is then what proves the gateway.",
                    List.of(
                            METHOD,
                            IDENTITY,
                            PASSWORD,
                            PASSWORD_FILE,
                            CERTIFICATE,
                            PRIVATE_KEY,
                            TRUST,
                            CertificateKeys.CRL,
                            CertificateKeys.CRL_URLS,
                            CertificateKeys.REVOCATION,
                            CertificateKeys.FROM_CERTIFICATES,
                            CertificateKeys.OCSP_URLS,
                            CertificateKeys.OCSP_NONCE,
                            SERVER_NAMES,
                            ONLY));

    private EapKeys() {}

    private static KeyType<String> anyText() {
        return BasicTypes.name(
                "name",
                "1 to 253 characters, none of them a control character",
                Pattern.compile("[^\\p{Cntrl}]{1,253}"));
    }
}
