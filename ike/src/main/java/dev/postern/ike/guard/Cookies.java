package dev.postern.ike.guard;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.Prf;
import dev.postern.ike.Now;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.Arrays;

/// Stateless cookies, RFC 7296 section 2.6: version | difficulty | prf(secret, difficulty | subject
/// | address | SPIi). The difficulty is that of the puzzle that went with the cookie (RFC 8019
/// section 7.1.1.3), 0 for none. The subject is Ni for IKE_SA_INIT and the ticket for a resume. The
/// port stays out, a NAT may change it. The secret changes every two minutes; cookies of the one
/// before are still good.
public final class Cookies {
    private static final long SECRET_LIFETIME_NANOS = 120 * Now.NANOS_PER_SECOND;
    private static final int SECRET_LENGTH = 32;
    private static final int MAC_LENGTH = 16;
    private static final int HEAD_LENGTH = 2;

    /// No cookie of ours.
    public static final int WRONG = -1;

    private byte @Nullable [] secret;
    private byte @Nullable [] previousSecret;
    private long secretSince;
    private int version;

    /// The cookie that this peer must send back.
    ///
    /// @param difficulty of the puzzle that goes with it, 0 for none
    public Octets make(
            byte[] subject,
            InetAddress address,
            long spiI,
            int difficulty,
            Now now,
            Entropy entropy) {
        rotate(now, entropy);
        return cookie(secret, version, difficulty, subject, address, spiI);
    }

    /// The difficulty that this cookie was made with, or [#WRONG] where we did not make it for this
    /// peer not long ago.
    public int difficultyOf(
            Octets cookie,
            byte[] subject,
            InetAddress address,
            long spiI,
            Now now,
            Entropy entropy) {
        rotate(now, entropy);
        if (cookie.length() != HEAD_LENGTH + MAC_LENGTH) {
            return WRONG;
        }
        byte[] chosen =
                cookie.at(0) == version
                        ? secret
                        : cookie.at(0) == (version - 1 & 0xff) ? previousSecret : null;
        boolean ours =
                chosen != null
                        && MessageDigest.isEqual(
                                cookie(chosen, cookie.at(0), cookie.at(1), subject, address, spiI)
                                        .array(),
                                cookie.array());
        return ours ? cookie.at(1) : WRONG;
    }

    private void rotate(Now now, Entropy entropy) {
        if (secret == null || now.nanos() - secretSince > SECRET_LIFETIME_NANOS) {
            previousSecret = secret;
            secret = entropy.octets(SECRET_LENGTH);
            secretSince = now.nanos();
            version = version + 1 & 0xff;
        }
    }

    private static Octets cookie(
            byte @Nullable [] key,
            int version,
            int difficulty,
            byte[] subject,
            InetAddress address,
            long spiI) {
        if (key == null) {
            throw new IllegalStateException("a cookie was asked for before there was a secret");
        }
        byte[] mac =
                Prf.HMAC_SHA2_256.compute(
                        key,
                        new byte[] {(byte) difficulty},
                        subject,
                        address.getAddress(),
                        Octets.ofLong(spiI).array());
        byte[] octets = new byte[HEAD_LENGTH + MAC_LENGTH];
        octets[0] = (byte) version;
        octets[1] = (byte) difficulty;
        System.arraycopy(Arrays.copyOf(mac, MAC_LENGTH), 0, octets, HEAD_LENGTH, MAC_LENGTH);
        return Octets.of(octets);
    }
}
