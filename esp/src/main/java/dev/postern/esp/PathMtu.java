package dev.postern.esp;

import dev.postern.crypto.PacketCipher;

/// What is believed of the largest IP packet that a path takes (RFC 4301 section 8.2, RFC 8201).
///
/// Packets go without "don't fragment", so that a path whose routers say nothing delivers them in
/// fragments. Beside them go tests: dummy packets (RFC 4303 section 2.6) with it, as long as the
/// longest that was sent. A "too big" of ICMP, which nobody proves, lowers the size at once, never
/// below what every path takes, and has to be said again of a test of our own; else it is
/// forgotten. What was confirmed is tested again after ten minutes with traffic.
///
///     none -- too big --> doubted -- of a test --> confirmed -- ten minutes --> doubted
///       ^--- no word of three tests ---'
///
/// The sealer's thread tells and reads sizes; everything else is done under one lock.
final class PathMtu {
    static final int UNKNOWN = Integer.MAX_VALUE;

    /// RFC 791: every host takes that much.
    static final int LEAST_IPV4 = 576;

    /// RFC 8200 section 5.
    static final int LEAST_IPV6 = 1_280;

    static final int TESTS = 3;
    static final long TEST_NANOS = 2_000_000_000L;
    static final long HELD_NANOS = 600_000_000_000L;

    private static final int UDP_HEADER = 8;

    private enum Belief {
        /// Nothing is known to be refused.
        NONE,
        DOUBTED,
        CONFIRMED
    }

    private final int outerHeaders;
    private final int least;

    /// The longest since it was last looked at; a size that is lost between two threads comes
    /// again.
    private volatile int sent;

    private volatile int innerMtu = UNKNOWN;
    private int limit = UNKNOWN;
    private Belief belief = Belief.NONE;
    private int longest;
    private int testsLeft;
    private boolean expired;

    /// When the next test is due, or the silence after the last one counts.
    private long nextTest;

    /// Until when there is nothing to find out; of no meaning before the first test.
    private long restUntil;

    PathMtu(int version) {
        this.least = version == 4 ? LEAST_IPV4 : LEAST_IPV6;
        this.outerHeaders = (version == 4 ? 20 : 40) + UDP_HEADER;
    }

    /// The longest inner packet of tunnel mode that goes through in one piece.
    int innerMtu() {
        return innerMtu;
    }

    /// A datagram was sent with this many octets of payload. The sealer's thread.
    void sent(int payload) {
        int length = payload + outerHeaders;
        if (length > sent) {
            sent = length;
        }
    }

    /// Says whether a test is due.
    ///
    /// @return octets of the datagram's payload; 0 for none
    int testDue(long nanos) {
        if (testsLeft == 0) {
            boolean waits = belief == Belief.DOUBTED && nanos - nextTest < 0;
            if (waits || !beginsTests(nanos)) {
                return 0;
            }
        }
        if (nanos - nextTest < 0) {
            return 0;
        }
        testsLeft--;
        nextTest = nanos + TEST_NANOS;
        restUntil = nanos + HELD_NANOS;
        return longest - outerHeaders;
    }

    private boolean beginsTests(long nanos) {
        if (belief == Belief.DOUBTED) {
            // All tests are through and nobody called them too big.
            belief = Belief.NONE;
            lower(UNKNOWN);
            return false;
        }
        int fresh = sent;
        boolean news = belief == Belief.NONE && fresh > longest;
        boolean again = longest > 0 && nanos - restUntil >= 0;
        if (fresh <= least || !(news || again)) {
            return false;
        }
        sent = 0;
        longest = Math.max(longest, fresh);
        expired = belief == Belief.CONFIRMED;
        belief = expired ? Belief.DOUBTED : Belief.NONE;
        testsLeft = TESTS;
        nextTest = nanos;
        return true;
    }

    /// Somebody says that this path takes `mtu` octets and no more.
    ///
    /// @return whether that is now believed and was not before
    boolean tooBig(int mtu, long nanos) {
        int said = Math.max(mtu, least);
        longest = Math.max(longest, sent);
        if (mtu <= 0 || said >= longest) {
            // No size, or nothing so long was sent.
            return false;
        }
        if (said < limit) {
            belief = Belief.DOUBTED;
            expired = false;
            testsLeft = TESTS;
            nextTest = nanos + TEST_NANOS;
            lower(said);
            return true;
        }
        if (belief == Belief.DOUBTED && testsLeft < TESTS) {
            belief = Belief.CONFIRMED;
            testsLeft = 0;
            restUntil = nanos + HELD_NANOS;
            sent = 0;
            lower(expired ? said : limit);
        }
        return false;
    }

    private void lower(int octets) {
        limit = octets;
        int text = (octets - outerHeaders - EspSealer.TEXT_OFFSET - PacketCipher.ICV_LENGTH) & ~3;
        innerMtu = octets == UNKNOWN ? UNKNOWN : text - 2;
    }
}
