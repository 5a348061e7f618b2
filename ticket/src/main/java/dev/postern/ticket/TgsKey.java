package dev.postern.ticket;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// One key of the ticket granting service: a key encryption key that no octet of traffic or ticket
/// is ever sealed with directly. A value that nobody drew at random is refused, because tickets
/// under it could be forged by anybody (GnuTLS sealed under zeros until the first rotation,
/// CVE-2020-13777).
///
/// @param spi the TGS-SPI that stands in clear text at the head of each ticket
/// @param secret exactly 32 octets
/// @param issueFrom seconds since 1970 UTC from which tickets are sealed under this key
/// @param acceptUntil seconds since 1970 UTC from which its tickets are no longer opened
public record TgsKey(long spi, SecretBytes secret, long issueFrom, long acceptUntil) {
    public static final int SECRET_LENGTH = 32;

    /// The value of [#acceptUntil] for a key that nobody has retired.
    public static final long UNLIMITED = Long.MAX_VALUE;

    /// 32 random octets have fewer than this many distinct values less than once in 10^30 keys.
    private static final int FEWEST_DISTINCT_OCTETS = 8;

    /// @throws IllegalArgumentException where the secret or the times cannot be those of a key
    public TgsKey {
        String weakness = weaknessOf(secret.expose());
        if (weakness != null) {
            throw new IllegalArgumentException("a TGS key " + weakness);
        }
        if (acceptUntil <= issueFrom) {
            throw new IllegalArgumentException("a TGS key expires before it is first used");
        }
    }

    /// A fresh key for tickets from `issueFrom` on.
    public static TgsKey generate(Entropy entropy, long issueFrom) {
        long spi = ByteBuffer.wrap(entropy.octets(Long.BYTES)).getLong();
        return new TgsKey(
                spi, SecretBytes.owning(entropy.octets(SECRET_LENGTH)), issueFrom, UNLIMITED);
    }

    /// The same key, accepted until `instant` at most.
    public TgsKey retiredAt(long instant) {
        return instant >= acceptUntil
                ? this
                : new TgsKey(spi, secret, issueFrom, Math.max(instant, issueFrom + 1));
    }

    /// What is wrong with a secret, to follow the words "a TGS key"; null where nothing is. Never
    /// tells the value.
    static @Nullable String weaknessOf(byte[] secret) {
        if (secret.length != SECRET_LENGTH) {
            return "has " + secret.length + " octets, 32 are wanted";
        }
        boolean[] seen = new boolean[256];
        int distinct = 0;
        for (byte octet : secret) {
            distinct += seen[octet & 0xff] ? 0 : 1;
            seen[octet & 0xff] = true;
        }
        int half = SECRET_LENGTH / 2;
        if (distinct < FEWEST_DISTINCT_OCTETS
                || Arrays.equals(secret, 0, half, secret, half, SECRET_LENGTH)) {
            return "repeats its octets, 32 random ones are wanted";
        }
        return null;
    }

    @Override
    public String toString() {
        return "TgsKey[" + HexFormat.of().toHexDigits(spi) + "]";
    }
}
