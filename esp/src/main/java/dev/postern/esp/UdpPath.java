package dev.postern.esp;

/// Where the datagrams of an SA go: from which of our addresses to which of the peer's. An SA keeps
/// one instance until its addresses change, so the packet path tells paths apart by identity.
public final class UdpPath {
    private final UdpEndpoint local;
    private final UdpEndpoint peer;
    private final PathMtu mtu;

    public UdpPath(UdpEndpoint local, UdpEndpoint peer) {
        this.local = local;
        this.peer = peer;
        this.mtu = new PathMtu(peer.address().version());
    }

    public UdpEndpoint local() {
        return local;
    }

    public UdpEndpoint peer() {
        return peer;
    }

    /// What is believed of the largest packet that it takes.
    PathMtu mtu() {
        return mtu;
    }

    @Override
    public String toString() {
        return local + " to " + peer;
    }
}
