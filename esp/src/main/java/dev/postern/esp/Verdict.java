package dev.postern.esp;

import java.util.Locale;

/// The fate of a packet. Each packet gets exactly one, and the constant's name is also the name of
/// the metric that counts it.
public enum Verdict {
    /// Sealed into an ESP packet.
    SEALED,
    /// A dummy packet of ours that tries out which size the path takes.
    PATH_PROBE,
    /// An authentic, new packet within its selectors, handed inwards.
    OPENED,
    /// A dummy packet (RFC 4303 section 2.6), discarded.
    DUMMY,
    /// A NAT keepalive (RFC 3948 section 2.3).
    KEEPALIVE,
    /// Behind a non-ESP marker: an IKE message (RFC 3948 section 2.2).
    IKE,

    /// From outside: fewer octets than an ESP packet has.
    TOO_SHORT,
    /// No SA has this SPI.
    UNKNOWN_SPI,
    /// Seen already, or left of the replay window (RFC 4303 section 3.4.3).
    REPLAYED,
    /// The ICV does not verify.
    NOT_AUTHENTIC,
    /// The pad length exceeds the packet, or the padding is not 1, 2, 3, ... (RFC 4303 section
    /// 2.4).
    BAD_PADDING,
    /// Neither IPv4 nor IPv6 nor a dummy is inside.
    UNSUPPORTED_NEXT_HEADER,
    /// What is inside is not a well-formed IP packet of the version that the next header names.
    MALFORMED_INNER,
    /// Authentic, but outside the SA's selectors (RFC 4301 section 5.2).
    SELECTOR_MISMATCH,

    /// The network has marked a packet that does not know ECN (RFC 6040 section 4.2): the mark is
    /// turned into the loss that its sender understands.
    ILLEGAL_ECN,
    /// From inside: not a well-formed packet or segmentation request.
    MALFORMED_OUTBOUND,
    /// A fragment, for an SA in transport mode, which takes whole packets only (RFC 4303 section
    /// 3.1.1).
    FRAGMENT_IN_TRANSPORT_MODE,
    /// No SA takes this packet.
    NO_POLICY,
    /// Longer than a UDP datagram can carry once sealed.
    TOO_LONG,
    /// Longer than the path takes, and not to be fragmented: its sender is told (RFC 4301 section
    /// 8.2).
    TOO_BIG_FOR_PATH,
    /// The sequence number must not cycle (RFC 4303 section 3.3.3): the SA has to be rekeyed.
    SEQUENCE_EXHAUSTED,
    /// The IV's counter must not cycle: the SA has to be rekeyed.
    IV_EXHAUSTED;

    /// The label value of the metric.
    public String metric() {
        return name().toLowerCase(Locale.ROOT);
    }
}
