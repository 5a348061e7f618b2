package dev.postern.pki.issue;

import dev.postern.crypto.Der;
import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.MalformedDerException;
import dev.postern.crypto.SignatureScheme;
import dev.postern.crypto.VerificationKey;
import dev.postern.pki.Pem;
import dev.postern.pki.UnreadableException;

import java.util.List;

/// A certification request (PKCS#10, RFC 2986), of which the key alone counts: whoever made it
/// holds that key, which its signature has proven. Names are the issuer's to decide.
public record SignedRequest(byte[] subjectPublicKeyInfo) {
    private static final List<String> LABELS =
            List.of("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");

    /// Reads PEM or DER and verifies the signature.
    public static SignedRequest of(byte[] octets) throws UnreadableException {
        byte[] der = octets;
        if (Pem.isPem(octets)) {
            der =
                    Pem.parse(octets).stream()
                            .filter(block -> LABELS.contains(block.label()))
                            .findFirst()
                            .orElseThrow(() ->
                                    new UnreadableException(
                                            "a PEM file without a block " + LABELS.getFirst()))
                            .content();
        }
        try {
            Der request = Der.only(der, Der.SEQUENCE);
            byte[] body = request.element();
            byte[] algorithm = request.element();
            byte[] signature = request.bits();
            request.finish();
            Der contents = Der.only(body, Der.SEQUENCE);
            contents.integer();
            contents.skip();
            byte[] key = contents.element();
            SignatureScheme scheme =
                    SignatureScheme.ofIdentifier(algorithm)
                            .orElseThrow(() ->
                                    new UnreadableException(
                                            "a request signed in a way that is not known"));
            if (!VerificationKey.of(key).verify(scheme, signature, body)) {
                throw new UnreadableException(
                        "a request whose signature is not that of its own key");
            }
            return new SignedRequest(key);
        } catch (MalformedDerException e) {
            throw new UnreadableException("not a certification request (PKCS#10)");
        } catch (InvalidKeyException e) {
            throw new UnreadableException("the request holds " + e.getMessage());
        }
    }
}
