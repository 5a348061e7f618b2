package dev.postern.lab;

/// A switch: a kernel bridge in a namespace of its own.
///
/// @param host the namespace that holds it
/// @param device the bridge's name there
public record Bridge(NetworkNamespace host, String device) {
    static Bridge create(NetworkNamespace host, String device) {
        host.ip("link", "add", device, "type", "bridge");
        // A port forwards from the first packet on: no spanning tree, no learning delay.
        host.ip("link", "set", device, "type", "bridge", "stp_state", "0", "forward_delay", "0");
        // Without a querier, snooping would hold back neighbour discovery.
        host.ip("link", "set", device, "type", "bridge", "mcast_snooping", "0");
        host.ip("link", "set", device, "up");
        return new Bridge(host, device);
    }

    /// Plugs a host in by a cable whose far end is `networkInterface` at the host.
    public Bridge attach(NetworkNamespace to, String networkInterface) {
        String port = port(to);
        host.lab().join(to, networkInterface, host, port);
        host.ip("link", "set", port, "master", device);
        return this;
    }

    /// The name of the bridge's end of the cable to a host, for captures and for pulling it.
    public String port(NetworkNamespace to) {
        String port = device + "-" + to.host();
        // IFNAMSIZ is 16 with its terminator.
        return port.length() <= 15 ? port : port.substring(0, 15);
    }
}
