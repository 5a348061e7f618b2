package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;

import dev.postern.ike.CertificatePolicy.Revocation;
import dev.postern.pki.IdentityPattern;

import java.nio.file.Path;
import java.util.List;

/// The keys of the tables `certificates`, of a gateway's profile and of a client.
final class CertificateKeys {
    static final Key<Path> CERTIFICATE =
            optional(
                    "certificate",
                    BasicTypes.path(),
                    "\"gw-a.pem\"",
                    "Our certificate, and those between it and the authority, in PEM; or it alone"
                            + " in DER. Needs `private-key`.");
    static final Key<Path> PRIVATE_KEY =
            optional(
                    "private-key",
                    BasicTypes.path(),
                    "\"gw-a.key\"",
                    "Its private key, PKCS#8 in PEM or DER, in a file closed to others.");
    static final Key<Path> PKCS12 =
            optional(
                    "pkcs12",
                    BasicTypes.path(),
                    "\"gw-a.p12\"",
                    "Certificate, those above it and the private key in one PKCS#12 file, closed to"
                            + " others, in place of the two before; needs"
                            + " `private-key-passphrase-file`.");
    static final Key<Path> PASSPHRASE =
            optional(
                    "private-key-passphrase-file",
                    BasicTypes.path(),
                    "\"gw-a.pass\"",
                    "A file whose one line opens an encrypted private key or the PKCS#12 file;"
                            + " closed to others.");
    static final Key<List<Path>> TRUST =
            optional(
                    "trust",
                    BasicTypes.oneOrMore(BasicTypes.path()),
                    "\"ca.pem\"",
                    "Certificates of the authorities that the other end's certificate must come"
                            + " from, in PEM or DER. Missing: the other end proves itself in"
                            + " another way.");
    static final Key<List<Path>> CRL =
            optional(
                    "crl",
                    BasicTypes.oneOrMore(BasicTypes.path()),
                    "\"ca.crl\"",
                    "Revocation lists of these authorities, in PEM or DER; read again when they"
                            + " change. Missing: none.");
    static final Key<List<String>> CRL_URLS =
            optional(
                    "crl-urls",
                    BasicTypes.oneOrMore(NetworkTypes.webAddress()),
                    "\"http://pki.example/ca.crl\"",
                    "Addresses of such lists, which are fetched ahead and again before they end."
                            + " Missing: none.");
    static final Key<List<String>> OCSP_URLS =
            optional(
                    "ocsp-urls",
                    BasicTypes.oneOrMore(NetworkTypes.webAddress()),
                    "\"http://ocsp.example/\"",
                    "OCSP responders (RFC 6960) that are asked about every certificate, in place"
                            + " of those that it names. Missing: those.");
    static final Key<Boolean> OCSP_NONCE =
            defaulted(
                    "ocsp-nonce",
                    BasicTypes.flag(),
                    "false",
                    "Whether a responder has to repeat a nonce (RFC 9654), which many cannot.");
    static final Key<Boolean> OCSP_STAPLE =
            defaulted(
                    "ocsp-staple",
                    BasicTypes.flag(),
                    "false",
                    "Whether the responder is asked about our own certificates ahead of time, and"
                        + " what it says is sent to peers that want it (RFC 4806); they then need"
                        + " not ask it themselves.");
    static final Key<Boolean> FROM_CERTIFICATES =
            defaulted(
                    "revocation-from-certificates",
                    BasicTypes.flag(),
                    "true",
                    "Whether the addresses of responders and lists that stand in a certificate are"
                            + " asked, where nothing current is at hand: only once an authority of"
                            + " `trust` vouches for it and the other end has proven to hold its"
                            + " key.");
    static final Key<Revocation> REVOCATION =
            defaulted(
                    "revocation",
                    BasicTypes.choice(Revocation.values()),
                    "\"relaxed\"",
                    "`off`: nothing is looked at. `relaxed`: a certificate that is known to be"
                            + " revoked is refused. `strict`: so is one of which nothing current"
                            + " is known.");
    static final Key<List<IdentityPattern>> PEERS =
            optional(
                    "peers",
                    BasicTypes.list(NetworkTypes.identityPattern(), 1),
                    "[\"alice@example\"]",
                    "Who may come in by a certificate: IDi, which the certificate must name too."
                            + " Missing: everybody whom an authority of `trust` vouches for.");

    static final Shape GATEWAY =
            Shape.single(
                    "certificates",
                    "Peers that prove themselves by certificates, and the certificate that proves"
                            + " the gateway to them, and to those that go on with EAP.",
                    List.of(
                            CERTIFICATE,
                            PRIVATE_KEY,
                            PKCS12,
                            PASSPHRASE,
                            TRUST,
                            CRL,
                            CRL_URLS,
                            REVOCATION,
                            FROM_CERTIFICATES,
                            OCSP_URLS,
                            OCSP_NONCE,
                            OCSP_STAPLE,
                            PEERS));
    static final Shape CLIENT =
            Shape.single(
                    "certificates",
                    "The certificate that proves us, and the authorities that vouch for the"
                            + " gateways; each stands in the place of the pre-shared key.",
                    List.of(
                            CERTIFICATE,
                            PRIVATE_KEY,
                            PKCS12,
                            PASSPHRASE,
                            TRUST,
                            CRL,
                            CRL_URLS,
                            REVOCATION,
                            FROM_CERTIFICATES,
                            OCSP_URLS,
                            OCSP_NONCE,
                            OCSP_STAPLE));

    private CertificateKeys() {}
}
