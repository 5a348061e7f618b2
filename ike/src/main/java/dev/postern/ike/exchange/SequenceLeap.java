package dev.postern.ike.exchange;

/// How far the sequence numbers of a Child SA leap at a takeover, in both directions (RFC 6311
/// section 5.2): by far more than the packets that pass before the standby is told again.
final class SequenceLeap {
    /// Without extended sequence numbers a Child SA has 2^32: 48 takeovers fit below the number
    /// from which on it is rekeyed anyway.
    private static final long ONE = 1L << 26;

    /// A peer that takes each repetition of a request leaps several times; together that stays
    /// below 2^32, beyond which nobody could tell the upper half of an extended number any more
    /// (RFC 4303 appendix A2).
    private static final int MOST = 4;

    private SequenceLeap() {}

    /// @param takeovers how many there may have been since the record was written, this one
    ///   included
    static long of(int takeovers) {
        return ONE * Math.clamp(takeovers, 1, MOST);
    }
}
