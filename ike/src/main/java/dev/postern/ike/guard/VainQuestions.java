package dev.postern.ike.guard;

import java.net.InetAddress;

/// Questions to a store or a ticket service that first messages of strangers made this gateway ask
/// and that led to no session, in each second (RFC 5723 section 9.3: references can be made up at no
/// cost). A store that answers at once would be asked as often as somebody pleases: few such
/// questions are under way at any time. So
///
///     after so many in vain      whoever makes us ask has to show a COOKIE first
///     after so many of a source  that source makes us ask no more, and hears that it is refused
///
/// until the next second. A source is an IPv4 address or the first 64 bits of one of IPv6, of which
/// one host may have all the rest. Only what has come with a good COOKIE counts against its source:
/// whoever writes another's address into his datagrams gains nothing by that. Whoever has besides
/// seen a COOKIE that went there can use it again, as long as it is good, and so has the resumes of
/// that source refused that need a question; its clients then run the full exchange.
public final class VainQuestions {
    public static final int UNPROVEN = 256;
    public static final int PER_SOURCE = 64;

    private static final int PREFIX_OCTETS = 8;

    private final SecondTally inVain;

    /// @param secret random, so that nobody finds sources that share a slot with another's
    public VainQuestions(long secret) {
        this.inVain = new SecondTally(PREFIX_OCTETS, secret);
    }

    /// Notes one.
    ///
    /// @param proven whether the sender has shown that it receives at its address
    public void note(InetAddress source, boolean proven, long nowNanos) {
        inVain.count(nowNanos);
        if (proven) {
            inVain.count(source, PER_SOURCE, nowNanos);
        }
    }

    /// Whether the next question wants a COOKIE.
    public boolean areMany(long nowNanos) {
        return inVain.inAll(nowNanos) >= UNPROVEN;
    }

    /// Whether this source has made us ask in vain too often.
    public boolean areManyOf(InetAddress source, long nowNanos) {
        return inVain.of(source, nowNanos) >= PER_SOURCE;
    }
}
