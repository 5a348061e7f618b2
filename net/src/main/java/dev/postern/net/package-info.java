/// Linux system calls by the foreign function interface, on x86_64 and aarch64. Nothing else in the
/// project touches the C library for input and output.
///
/// The data plane turns around two kinds of memory that are allocated once:
///
///     UdpSocket.receive --> ReceiveBatch   slots of 64 KB: a datagram, or a run of them (UDP_GRO)
///     UdpSocket.send    <-- SendBatch      pointers to datagrams, or runs of them (UDP_SEGMENT)
///     TunDevice.read / write               one packet, or a frame to be cut, behind a VirtioNetHeader
///
/// An address on this path is an [Endpoint]: two longs and a port, compared without an object.
/// `Libc` binds the calls and answers negative error numbers; `Descriptor` keeps a file open while
/// somebody uses it; `WakeUp` ends a wait. Who may call what on which thread stands at each type.
///
/// The control plane is slower and speaks in records: [Netlink] for [Link], [Route], [Prefix] and proxy
/// neighbours, [Sysctl] for forwarding, [PacketSocket] to tell the neighbours of a link that an address
/// has moved.
///
/// Whatever the kernel refuses becomes a [SystemCallException] whose message tells an operator what to
/// do; only on the data plane an error number is a result.
@NullMarked
package dev.postern.net;

import org.jspecify.annotations.NullMarked;
