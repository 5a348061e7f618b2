package dev.postern.esp;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A host behind the tunnel that exists only in this process: it answers ICMP and ICMPv6 echo
/// requests and UDP datagrams to the echo port (RFC 862) for its addresses. It stands where a TUN
/// device would, on machines where nobody may open one. Stateless, allocates nothing, any thread.
public final class InProcessHost {
    /// Port of the echo protocol (RFC 862).
    public static final int ECHO_PORT = 7;

    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REPLY = 0;
    private static final int ECHO_REQUEST_V6 = 128;
    private static final int ECHO_REPLY_V6 = 129;
    private static final int HOP_LIMIT = 64;

    private final Selector[] addresses;
    private final int echoPort;

    /// @param addresses which destinations are this host
    public InProcessHost(List<Selector> addresses) {
        this(addresses, ECHO_PORT);
    }

    /// @param echoPort where UDP is echoed
    public InProcessHost(List<Selector> addresses, int echoPort) {
        this.addresses = addresses.toArray(new Selector[0]);
        this.echoPort = echoPort;
    }

    /// Turns a request around in its own memory: what was addressed to this host becomes the
    /// answer.
    ///
    /// @return whether `packet`, which lies at `offset`, is now an answer of the same length
    public boolean answer(MemorySegment memory, long offset, InnerPacket packet) {
        if (packet.fragment || !packet.portsKnown || !isAddressed(packet)) {
            return false;
        }
        long transport = offset + packet.transportOffset;
        return switch (packet.protocol) {
            case InnerPacket.ICMP ->
                    packet.version == 4
                            && answerEcho(memory, offset, packet, ECHO_REQUEST, ECHO_REPLY);
            case InnerPacket.ICMPV6 ->
                    packet.version == 6
                            && answerEcho(memory, offset, packet, ECHO_REQUEST_V6, ECHO_REPLY_V6);
            case InnerPacket.UDP -> answerUdp(memory, offset, transport, packet);
            default -> false;
        };
    }

    private boolean isAddressed(InnerPacket packet) {
        for (Selector selector : addresses) {
            if (selector.matchesDestination(packet)) {
                return true;
            }
        }
        return false;
    }

    private static boolean answerEcho(
            MemorySegment memory, long offset, InnerPacket packet, int request, int reply) {
        long icmp = offset + packet.transportOffset;
        if (packet.transportLength() < 8
                || Octets.u16(memory, icmp) != request << 8
                || !isValid(memory, offset, packet)) {
            return false;
        }
        Octets.put8(memory, icmp, reply);
        turnAround(memory, offset, packet);
        writeChecksum(memory, offset, packet, icmp + 2);
        return true;
    }

    private boolean answerUdp(MemorySegment memory, long offset, long udp, InnerPacket packet) {
        if (packet.destinationPort != echoPort
                || packet.sourcePort == echoPort
                || packet.transportLength() < 8
                || Octets.u16(memory, udp + 4) != packet.transportLength()) {
            return false;
        }
        boolean unchecked = packet.version == 4 && Octets.u16(memory, udp + 6) == 0;
        if (!unchecked && !isValid(memory, offset, packet)) {
            return false;
        }
        Octets.put16(memory, udp, packet.destinationPort);
        Octets.put16(memory, udp + 2, packet.sourcePort);
        turnAround(memory, offset, packet);
        writeChecksum(memory, offset, packet, udp + 6);
        return true;
    }

    /// Swaps the addresses and gives the answer a fresh hop limit.
    private static void turnAround(MemorySegment memory, long offset, InnerPacket packet) {
        if (packet.version == 4) {
            Octets.put32(memory, offset + 12, (int) packet.destinationLow);
            Octets.put32(memory, offset + 16, (int) packet.sourceLow);
            Octets.put8(memory, offset + 8, HOP_LIMIT);
            Octets.put16(memory, offset + 10, 0);
            long sum = InternetChecksum.add(0, memory, offset, packet.transportOffset);
            Octets.put16(memory, offset + 10, InternetChecksum.finish(sum));
        } else {
            Octets.put64(memory, offset + 8, packet.destinationHigh);
            Octets.put64(memory, offset + 16, packet.destinationLow);
            Octets.put64(memory, offset + 24, packet.sourceHigh);
            Octets.put64(memory, offset + 32, packet.sourceLow);
            Octets.put8(memory, offset + 7, HOP_LIMIT);
        }
    }

    private static void writeChecksum(
            MemorySegment memory, long offset, InnerPacket packet, long field) {
        Octets.put16(memory, field, 0);
        int checksum = checksum(memory, offset, packet);
        boolean udp = packet.protocol == InnerPacket.UDP;
        Octets.put16(memory, field, udp && checksum == 0 ? 0xffff : checksum);
    }

    private static boolean isValid(MemorySegment memory, long offset, InnerPacket packet) {
        return checksum(memory, offset, packet) == 0;
    }

    /// Over the transport header and payload, with the pseudo header where the protocol has one.
    static int checksum(MemorySegment memory, long offset, InnerPacket packet) {
        int length = packet.transportLength();
        long sum =
                packet.protocol == InnerPacket.ICMP
                        ? 0
                        : InternetChecksum.pseudoHeader(
                                memory, offset, packet.version, packet.protocol, length);
        return InternetChecksum.finish(
                InternetChecksum.add(sum, memory, offset + packet.transportOffset, length));
    }
}
