/// The ESP data plane as pure code (RFC 4303 in tunnel mode, RFC 3948): packets in, packets out, no
/// socket, no thread, no clock.
///
/// The control plane installs `EspSaParameters` into `SecurityAssociations`, which keeps the SAD
/// and the SPD. One thread seals and one opens:
///
///     TUN -> EspSealer: SuperPacket is cut, each packet sealed -> OutgoingBatch -> DatagramSender
///     UDP -> EspOpener: trains are opened in place, checked    -> Coalescer     -> TunFrameSink
///                          |                       `-> InboundEvidence: the peer uses its keys
///                          `-> IkeDatagramSink: what stood behind a non-ESP marker
///
/// What makes it fast is that up to 64 KB pass each system call: trains of TCP segments come from
/// the TUN device in one read, leave as one datagram train (UDP_SEGMENT), arrive as one (UDP_GRO),
/// and enter the other TUN device in one write. Nothing is allocated for a packet, and a packet is
/// copied once in each direction.
///
/// Every packet meets one `Verdict`, whose name is the metric's. Tables are read without locks:
/// `PublishedTable` replaces one immutable slot by a release store for each install, so that the
/// ten-thousandth SA costs what the first did. Keys are wiped by the thread that used them
/// (`RetiredCiphers`).
///
/// Where nobody may open a TUN device, `InProcessHost` answers in its place, and `InnerPackets`
/// builds the traffic.
@NullMarked
package dev.postern.esp;

import org.jspecify.annotations.NullMarked;
