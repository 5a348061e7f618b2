package dev.postern.esp;

/// A dummy packet that tries out which size a path takes ([PathMtu]), to be sent with "don't
/// fragment". Valid while the lock of its `SecurityAssociations` is held.
public final class PathProbe {
    final OutboundSa sa;
    final UdpPath path;
    final int length;

    PathProbe(OutboundSa sa, UdpPath path, int length) {
        this.sa = sa;
        this.path = path;
        this.length = length;
    }

    /// The path that it goes along.
    public UdpPath path() {
        return path;
    }
}
