package dev.postern.wire;

/// Why octets are not a message; also the name under which the drop is counted.
public enum Malformation {
    /// Fewer octets than a header or a field needs.
    TRUNCATED,
    /// The header's length differs from the datagram's.
    LENGTH_MISMATCH,
    /// A payload, proposal, transform, selector or attribute length below its minimum.
    LENGTH_TOO_SMALL,
    /// A length that reaches beyond what contains it.
    LENGTH_TOO_LARGE,
    /// Octets left over where a structure had to end.
    TRAILING_OCTETS,
    /// A major version other than 2.
    VERSION,
    /// An exchange type that this implementation does not know.
    EXCHANGE_TYPE,
    /// SPIi zero, or flags that contradict each other.
    HEADER,
    /// More payloads, proposals, transforms, selectors or attributes than any sane message has.
    TOO_MANY,
    /// A payload that may stand only once stands twice, or one stands behind SK.
    PAYLOAD_ORDER,
    /// A field with a value that its specification forbids.
    FIELD
}
