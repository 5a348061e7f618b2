package dev.postern.ike.guard;

import java.net.InetAddress;

/// How many refusals in clear text go out in a second: so many to one source, and so many in all.
/// Such a refusal is shorter than what it answers, so nobody's flood grows by it; the bound keeps a
/// gateway from being the flood's mirror. While one source asks without end, another still gets its
/// answer: half of all is kept for the first answer to a source.
///
/// A client that gets none waits its few retransmissions out and runs a full exchange.
public final class RefusalBudget {
    public static final int PER_SOURCE = 200;
    public static final int IN_ALL = 10_000;

    private final SecondTally given;

    /// @param secret random, so that nobody finds sources that share a slot with another's
    public RefusalBudget(long secret) {
        this.given = new SecondTally(Integer.MAX_VALUE, secret);
    }

    /// Whether one more may go to this source now; it is then counted.
    public boolean take(InetAddress source, long nowNanos) {
        int before = given.of(source, nowNanos);
        int limit = before == 0 ? IN_ALL : IN_ALL / 2;
        if (given.inAll(nowNanos) >= limit || before >= PER_SOURCE) {
            return false;
        }
        given.count(nowNanos);
        given.count(source, PER_SOURCE, nowNanos);
        return true;
    }
}
