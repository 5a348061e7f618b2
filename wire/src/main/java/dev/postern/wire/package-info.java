/// IKE octets to records and back (RFC 7296 section 3).
///
/// [Message] is the whole: a [Header] and a chain of [Payload]s, decoded by [MessageCodec]. What is protected stays
/// octets: an [Encrypted] payload names where it lies, and whoever holds the keys opens it and decodes its chain
/// with [PayloadCodec].
///
///     HDR | payload | payload | ... | SK { payload, payload, ... }
///
/// Decoding either yields a well-formed value or throws [MalformedException] with a [Malformation]; it never reads beyond
/// what a length promised, and counts what it reads against fixed bounds. Well-formed says nothing about trust.
@NullMarked
package dev.postern.wire;

import org.jspecify.annotations.NullMarked;
