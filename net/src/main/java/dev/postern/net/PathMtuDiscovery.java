package dev.postern.net;

/// How the kernel treats the path MTU of what a socket sends: IP_MTU_DISCOVER, IPV6_MTU_DISCOVER.
public enum PathMtuDiscovery {
    /// DF off; a datagram longer than the path MTU is fragmented here.
    DONT(0),
    /// DF on where the path MTU is known to do.
    WANT(1),
    /// DF always on; a longer datagram is refused with EMSGSIZE.
    DO(2),
    /// DF on, and the path MTU is not looked at.
    PROBE(3),
    /// The interface MTU counts, ICMP cannot lower it; a longer datagram is refused.
    INTERFACE(4),
    /// DF off; the interface MTU counts, ICMP cannot lower it, a longer datagram is fragmented
    /// here.
    OMIT(5);

    private final int value;

    PathMtuDiscovery(int value) {
        this.value = value;
    }

    int value() {
        return value;
    }
}
