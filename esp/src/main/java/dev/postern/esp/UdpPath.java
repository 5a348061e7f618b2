package dev.postern.esp;

/// Where the datagrams of an SA go: from which of our addresses to which of the peer's. An SA keeps
/// one instance until its addresses change, so the packet path tells paths apart by identity.
public final class UdpPath {
    private final UdpEndpoint local;
    private final UdpEndpoint peer;

    public UdpPath(UdpEndpoint local, UdpEndpoint peer) {
        this.local = local;
        this.peer = peer;
    }

    public UdpEndpoint local() {
        return local;
    }

    public UdpEndpoint peer() {
        return peer;
    }

    @Override
    public String toString() {
        return local + " to " + peer;
    }
}
