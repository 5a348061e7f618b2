package dev.postern.sim;

import dev.postern.crypto.Der;
import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SigningKey;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.TrustAnchors;
import dev.postern.pki.UnreadableException;
import dev.postern.pki.issue.Authority;
import dev.postern.pki.issue.Draft;
import dev.postern.pki.issue.Extension;
import dev.postern.wire.Identity;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A certificate authority of a run and what it has issued, all on P-256 and all from the seed.
final class Issuer {
    private static final Instant BEGINS = Instant.ofEpochSecond(NodeClock.EPOCH - 86_400);
    private static final Instant ENDS = Instant.ofEpochSecond(NodeClock.EPOCH + 365L * 86_400);

    /// AlgorithmIdentifier of an EC key on P-256, RFC 5480 section 2.1.1.
    private static final byte[] P_256 =
            HexFormat.of().parseHex("301306072a8648ce3d020106082a8648ce3d030107");

    private final Dice dice;
    private final X509Certificate root;
    private final Authority authority;
    private final TrustAnchors anchors;
    private final Map<Identity, Credentials> issued = new HashMap<>();
    private final List<byte[]> secrets = new ArrayList<>();

    /// @param owner whose authority it is: another one has other keys
    Issuer(long seed, String owner) {
        this.dice = Dice.of(seed, "authority of " + owner);
        Pair own = pair();
        root =
                Authority.selfSigned(
                        draft(
                                "Authority of " + owner,
                                own,
                                List.of(Extension.authority(0), Extension.signsCertificates())),
                        own.signing(),
                        dice);
        try {
            authority =
                    Authority.of(
                            new Credentials(new CertificateChain(List.of(root)), own.signing()),
                            dice);
        } catch (UnreadableException e) {
            throw new IllegalStateException("a root is no authority", e);
        }
        anchors = new TrustAnchors(List.of(root));
    }

    private record Pair(SigningKey signing, byte[] publicKeyInfo) {}

    /// Who trusts this authority.
    TrustAnchors anchors() {
        return anchors;
    }

    /// What proves its holder to be this one.
    Credentials of(Identity identity) {
        return issued.computeIfAbsent(identity, this::issue);
    }

    /// The private keys of all.
    List<byte[]> secrets() {
        return secrets;
    }

    private Credentials issue(Identity identity) {
        Pair pair = pair();
        Draft draft =
                draft(
                        "member",
                        pair,
                        List.of(
                                Extension.noAuthority(),
                                Extension.signs(),
                                Extension.names(List.of(identity), false)));
        return new Credentials(
                new CertificateChain(List.of(authority.issue(draft))), pair.signing());
    }

    private static Draft draft(String name, Pair pair, List<Extension> extensions) {
        return new Draft(Draft.commonName(name), pair.publicKeyInfo(), BEGINS, ENDS, extensions);
    }

    /// The scalar is what the key agreement has drawn last, and its public value the point.
    private Pair pair() {
        byte[][] drawn = {new byte[0]};
        try (KeyAgreement agreement =
                        KeyExchangeMethod.ECP_256.generate(octets -> {
                            dice.fill(octets);
                            drawn[0] = octets.clone();
                        });
                SecretBytes info = SecretBytes.owning(privateKeyInfo(drawn[0]))) {
            secrets.add(drawn[0]);
            byte[] point = new byte[1 + agreement.publicData().length];
            point[0] = 4;
            System.arraycopy(agreement.publicData(), 0, point, 1, point.length - 1);
            return new Pair(
                    SigningKey.of(info),
                    Der.write(
                            Der.SEQUENCE, P_256, Der.write(Der.BIT_STRING, new byte[] {0}, point)));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a scalar of P-256 is no key", e);
        }
    }

    private static byte[] privateKeyInfo(byte[] scalar) {
        return Der.write(
                Der.SEQUENCE,
                Der.write(BigInteger.ZERO),
                P_256,
                Der.write(
                        Der.OCTET_STRING,
                        Der.write(
                                Der.SEQUENCE,
                                Der.write(BigInteger.ONE),
                                Der.write(Der.OCTET_STRING, scalar))));
    }
}
