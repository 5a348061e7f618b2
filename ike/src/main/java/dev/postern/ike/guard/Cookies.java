package dev.postern.ike.guard;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SipHash;
import dev.postern.ike.Now;
import dev.postern.wire.Octets;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/// Stateless cookies, RFC 7296 section 2.6: version | difficulty | prf(secret, difficulty | address
/// | SPIi | subject). The difficulty is that of the puzzle that went with the cookie (RFC 8019
/// section 7.1.1.3), 0 for none. The subject is Ni for IKE_SA_INIT and the ticket for a resume. The
/// port stays out, a NAT may change it. The secret changes every two minutes; cookies of the one
/// before are still good, so that none is after four.
///
/// The prf is SipHash, as in RFC 9018's cookies of the DNS: a cookie shows that its sender receives
/// at its address and no more, and it has to be told from a made-up one a million times a second.
///
/// The endpoint's thread alone makes cookies and changes secrets; [#areOurs] is for any thread.
public final class Cookies {
    private static final long SECRET_LIFETIME_NANOS = 120 * Now.NANOS_PER_SECOND;
    private static final int HEAD_LENGTH = 2;
    private static final int LENGTH = HEAD_LENGTH + Long.BYTES;

    /// No cookie of ours.
    public static final int WRONG = -1;

    private record Secrets(
            int version, SipHash.Key present, SipHash.@Nullable Key previous, long since) {
        SipHash.@Nullable Key of(int named) {
            if (named == version) {
                return present;
            }
            return named == (version - 1 & 0xff) ? previous : null;
        }
    }

    private volatile @Nullable Secrets secrets;

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
        Secrets known = rotate(now, entropy);
        long tag = tag(known.present(), difficulty, address, spiI, subject, 0, subject.length);
        return Octets.of(
                new WireWriter(LENGTH).u8(known.version()).u8(difficulty).i64(tag).finish());
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
        byte[] octets = cookie.array();
        return areOurs(octets, 0, octets.length, address, spiI, subject, 0, subject.length)
                ? cookie.at(1)
                : WRONG;
    }

    /// Whether these octets, in the middle of something, are a cookie that was made here for this
    /// peer and subject not long ago, by the secrets that were last in use.
    boolean areOurs(
            byte[] octets,
            int from,
            int to,
            InetAddress address,
            long spiI,
            byte[] subject,
            int subjectFrom,
            int subjectTo) {
        Secrets known = secrets;
        if (known == null || to - from != LENGTH) {
            return false;
        }
        SipHash.Key key = known.of(octets[from] & 0xff);
        if (key == null) {
            return false;
        }
        long tag = tag(key, octets[from + 1], address, spiI, subject, subjectFrom, subjectTo);
        long given = 0;
        for (int i = from + HEAD_LENGTH; i < to; i++) {
            given = given << Byte.SIZE | (octets[i] & 0xff);
        }
        return tag == given;
    }

    private Secrets rotate(Now now, Entropy entropy) {
        Secrets known = secrets;
        if (known == null || now.nanos() - known.since() > SECRET_LIFETIME_NANOS) {
            known = after(known, now, SipHash.Key.of(entropy.octets(SipHash.KEY_LENGTH)));
            secrets = known;
        }
        return known;
    }

    /// Each lifetime begins where the one before has ended, not when somebody came: else cookies of
    /// before an idle time would be good after it.
    private static Secrets after(@Nullable Secrets known, Now now, SipHash.Key fresh) {
        if (known == null) {
            return new Secrets(1, fresh, null, now.nanos());
        }
        int version = known.version() + 1 & 0xff;
        boolean isLong = now.nanos() - known.since() > 2 * SECRET_LIFETIME_NANOS;
        return isLong
                ? new Secrets(version, fresh, null, now.nanos())
                : new Secrets(
                        version, fresh, known.present(), known.since() + SECRET_LIFETIME_NANOS);
    }

    private static long tag(
            SipHash.Key key,
            int difficulty,
            InetAddress address,
            long spiI,
            byte[] subject,
            int from,
            int to) {
        byte[] host = address.getAddress();
        return new SipHash(key)
                .octet(difficulty)
                .octet(host.length)
                .add(host)
                .i64(spiI)
                .add(subject, from, to)
                .tag();
    }
}
