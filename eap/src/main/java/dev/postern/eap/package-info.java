/// EAP (RFC 3748) without I/O: both ends of a conversation, and the methods they run.
///
///     gateway                                    client
///     EapServer                                  EapPeer
///       Identity request          -->
///                                 <--              Identity response
///       ServerMethod's request    -->
///                                 <--              PeerMethod's response, or Nak
///       ...
///       Success or Failure        -->
///
/// A conversation is one object, single-threaded, fed with one packet at a time; each packet yields
/// one [dev.postern.eap.EapOutcome]. The lower layer (IKE_AUTH, RFC 7296 section 2.16) neither loses
/// nor doubles packets, so what RFC 3748 discards in silence ends the conversation here.
///
/// [dev.postern.eap.MsChapV2Server] and its peer are complete. EAP-TLS is here but for TLS itself,
/// which brings its own randomness: whoever runs it passes a [dev.postern.eap.TlsEngine].
@NullMarked
package dev.postern.eap;

import org.jspecify.annotations.NullMarked;
