package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.Listen;
import dev.postern.gateway.dataplane.DataPlanePort;
import dev.postern.net.UdpSocketOptions;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The sockets that a gateway receives on.
final class GatewayPorts {
    private GatewayPorts() {}

    /// All of them, or none.
    ///
    /// @param shared addresses that may be another member's at present
    static List<DataPlanePort> open(Listen listen, Set<InetAddress> shared) throws IOException {
        List<DataPlanePort> ports = new ArrayList<>();
        try {
            for (InetAddress address : listen.addresses()) {
                boolean mayBeAbsent = shared.contains(address);
                ports.add(port(address, listen.natPort(), true, mayBeAbsent));
                if (listen.ikePort() != 0) {
                    ports.add(port(address, listen.ikePort(), false, mayBeAbsent));
                }
            }
            return ports;
        } catch (IOException e) {
            ports.forEach(open -> open.socket().close());
            throw e;
        }
    }

    private static DataPlanePort port(
            InetAddress address, int port, boolean carriesEsp, boolean mayBeAbsent)
            throws IOException {
        UdpSocketOptions options = UdpSocketOptions.bind(new InetSocketAddress(address, port));
        return DataPlanePort.open(mayBeAbsent ? options.withFreeBind() : options, carriesEsp);
    }
}
