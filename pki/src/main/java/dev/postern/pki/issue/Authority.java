package dev.postern.pki.issue;

import dev.postern.crypto.Der;
import dev.postern.crypto.Entropy;
import dev.postern.crypto.SignatureScheme;
import dev.postern.crypto.SigningKey;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.UnreadableException;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import javax.security.auth.x500.X500Principal;

/// Whoever signs certificates and lists: a name, the identifier of its key, and the key, which is
/// not this class's to wipe.
public final class Authority {
    /// Octets of a serial number: more than nobody guesses, at most what RFC 5280 section 4.1.2.2
    /// lets one have.
    private static final int SERIAL_LENGTH = 16;

    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS_OF_CERTIFICATE = 0xa3;
    private static final int EXTENSIONS_OF_LIST = 0xa0;

    private final X500Principal name;
    private final byte[] keyIdentifier;
    private final SigningKey key;
    private final Entropy entropy;

    private Authority(X500Principal name, byte[] keyIdentifier, SigningKey key, Entropy entropy) {
        this.name = name;
        this.keyIdentifier = keyIdentifier;
        this.key = key;
        this.entropy = entropy;
    }

    /// The authority of a certificate and its key.
    ///
    /// @throws UnreadableException where the certificate is none of an authority
    public static Authority of(Credentials credentials, Entropy entropy)
            throws UnreadableException {
        X509Certificate certificate = credentials.chain().leaf();
        if (certificate.getBasicConstraints() < 0) {
            throw new UnreadableException(
                    certificate.getSubjectX500Principal()
                            + " is not an authority: its basic constraints do not say CA");
        }
        return new Authority(
                certificate.getSubjectX500Principal(),
                Extension.keyIdentifier(certificate.getPublicKey().getEncoded()),
                credentials.key(),
                entropy);
    }

    /// Signs a draft by the key that it is about: a root.
    public static X509Certificate selfSigned(Draft draft, SigningKey key, Entropy entropy) {
        return new Authority(
                        draft.subject(),
                        Extension.keyIdentifier(draft.subjectPublicKeyInfo()),
                        key,
                        entropy)
                .issue(draft);
    }

    /// Issues a certificate, with a random serial number.
    public X509Certificate issue(Draft draft) {
        List<byte[]> extensions = new ArrayList<>();
        draft.extensions().forEach(each -> extensions.add(each.encoded()));
        extensions.add(Extension.subjectKey(draft.subjectPublicKeyInfo()).encoded());
        extensions.add(Extension.issuerKey(keyIdentifier).encoded());
        byte[] signed =
                sign(
                        Der.write(VERSION, Der.write(BigInteger.TWO)),
                        Der.write(serial()),
                        scheme().identifier(),
                        name.getEncoded(),
                        Der.write(
                                Der.SEQUENCE,
                                Times.encoded(draft.notBefore()),
                                Times.encoded(draft.notAfter())),
                        draft.subject().getEncoded(),
                        draft.subjectPublicKeyInfo(),
                        Der.write(
                                EXTENSIONS_OF_CERTIFICATE,
                                Der.write(Der.SEQUENCE, extensions.toArray(byte[][]::new))));
        try {
            return CertificateChain.decode(List.of(signed)).leaf();
        } catch (UnreadableException e) {
            throw new IllegalArgumentException("the draft makes no certificate", e);
        }
    }

    /// A list in DER of what is revoked, complete (RFC 5280 section 5).
    ///
    /// @param number greater than that of every list before
    public byte[] list(
            List<Revoked> revoked, BigInteger number, Instant thisUpdate, Instant nextUpdate) {
        byte[][] entries = revoked.stream().map(Revoked::encoded).toArray(byte[][]::new);
        return sign(
                Der.write(BigInteger.ONE),
                scheme().identifier(),
                name.getEncoded(),
                Times.encoded(thisUpdate),
                Times.encoded(nextUpdate),
                revoked.isEmpty() ? new byte[0] : Der.write(Der.SEQUENCE, entries),
                Der.write(
                        EXTENSIONS_OF_LIST,
                        Der.write(
                                Der.SEQUENCE,
                                Extension.issuerKey(keyIdentifier).encoded(),
                                Extension.listNumber(number).encoded())));
    }

    private byte[] sign(byte[]... contents) {
        byte[] body = Der.write(Der.SEQUENCE, contents);
        byte[] signature = key.sign(scheme(), entropy, body);
        return Der.write(
                Der.SEQUENCE,
                body,
                scheme().identifier(),
                Der.write(Der.BIT_STRING, new byte[] {0}, signature));
    }

    /// RSA signs in the form that everybody reads, which is not RSASSA-PSS.
    private SignatureScheme scheme() {
        return key.schemes().contains(SignatureScheme.RSA_PKCS1_SHA256)
                ? SignatureScheme.RSA_PKCS1_SHA256
                : key.schemes().getFirst();
    }

    private BigInteger serial() {
        BigInteger serial = new BigInteger(1, entropy.octets(SERIAL_LENGTH));
        return serial.signum() == 0 ? serial() : serial;
    }
}
