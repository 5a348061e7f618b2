package dev.postern.ike.sa;

import dev.postern.crypto.Hash;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import java.net.InetSocketAddress;
import java.util.List;

/// NAT detection, RFC 7296 section 2.23. Postern speaks ESP in UDP only, so it always announces a
/// source that does not match: the peer then encapsulates too, with or without a NAT between them.
public final class NatDetection {
    private NatDetection() {}

    /// SHA-1(SPIi | SPIr | address | port).
    public static Octets hash(long spiI, long spiR, InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        WireWriter writer = new WireWriter(18 + ip.length);
        writer.i64(spiI).i64(spiR).octets(ip).u16(address.getPort());
        return Octets.of(Hash.SHA_1.digest(writer.finish()));
    }

    /// The two notifications to send. The source is announced with port 0, which no datagram has.
    public static List<Payload> notifications(
            long spiI, long spiR, InetSocketAddress local, InetSocketAddress remote) {
        InetSocketAddress none = new InetSocketAddress(local.getAddress(), 0);
        return List.of(
                Payload.Notify.of(NotifyType.NAT_DETECTION_SOURCE_IP, hash(spiI, spiR, none)),
                Payload.Notify.of(
                        NotifyType.NAT_DETECTION_DESTINATION_IP, hash(spiI, spiR, remote)));
    }
}
