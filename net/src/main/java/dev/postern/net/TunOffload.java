package dev.postern.net;

/// What a TUN device leaves to its reader and takes from its writer: frames longer than the MTU, to
/// be cut (TSO, USO), and checksums not yet computed. Each level contains the one before it.
public enum TunOffload {
    /// Each packet is complete and no longer than the MTU.
    NONE(0),
    /// Checksums and TCP segmentation: TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6.
    TCP(0x1 | 0x2 | 0x4),
    /// UDP segmentation too: TUN_F_USO4, TUN_F_USO6, Linux 6.2 and later.
    TCP_AND_UDP(0x1 | 0x2 | 0x4 | 0x20 | 0x40);

    private final int flags;

    TunOffload(int flags) {
        this.flags = flags;
    }

    int flags() {
        return flags;
    }

    TunOffload weaker() {
        return switch (this) {
            case TCP_AND_UDP -> TCP;
            case TCP, NONE -> NONE;
        };
    }
}
