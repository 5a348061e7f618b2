/// Joins the pure data plane of `esp` to sockets and TUN devices: the threads of a gateway or client
/// that move packets.
///
///     thread "inner"       TUN read  -> EspSealer -> UDP send (trains, UDP_SEGMENT)
///     thread "network N"   UDP receive (trains, UDP_GRO) -> EspOpener -> Coalescer -> TUN write
///                                        `-> IkeSink: IKE messages, copied
///
/// One network thread serves each socket. They take turns at the opener, which is made for one
/// thread; as nearly all packets arrive on one socket, nobody waits. The control plane calls
/// `DataPlane` from any thread: it installs SAs, moves and removes them, and sends IKE messages.
///
/// Without a TUN device (`InnerSide.Host`, `InnerSide.Application`) there is no inner thread, and
/// what is sealed is sealed by the thread that brings the packet.
@NullMarked
package dev.postern.gateway.dataplane;

import org.jspecify.annotations.NullMarked;
