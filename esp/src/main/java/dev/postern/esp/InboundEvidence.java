package dev.postern.esp;

/// What authentic packets prove to the control plane. Called by the opener's thread, so it must
/// return at once: an implementation hands the news on.
public interface InboundEvidence {
    /// The first authentic packet of an SA: the peer holds the keys and uses them. Once per SA.
    void firstPacket(int inboundSpi);

    /// The newest authentic packet came from another address than the SA's path has. Then silence
    /// for this SA until the control plane calls `updatePath` or `keepPath`: whoever makes copies
    /// of packets arrive from many addresses causes one report.
    void peerMoved(int inboundSpi, UdpEndpoint source);
}
