package dev.postern.net;

import java.nio.charset.StandardCharsets;

/// How to open a [TunDevice].
///
/// @param name at most 15 octets; `%d` in it is replaced by the first free number: `postern%d`
/// @param virtioHeader each packet is preceded by a [VirtioNetHeader]; needed for offloads
/// @param offload the most to ask for; the kernel may grant less
/// @param multiQueue more queues can be opened with the same name, the kernel spreads the flows
/// @param mtu 68 to 65535, or 0 to leave it at the kernel's 1500
public record TunOptions(
        String name, boolean virtioHeader, TunOffload offload, boolean multiQueue, int mtu) {
    /// IFNAMSIZ without the terminator.
    static final int MAX_NAME = 15;

    public TunOptions {
        int octets = name.getBytes(StandardCharsets.UTF_8).length;
        if (octets < 1 || octets > MAX_NAME || name.contains("/")) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is no interface name: 1 to 15 octets without a slash");
        }
        if (!virtioHeader && offload != TunOffload.NONE) {
            throw new IllegalArgumentException("offloads need the virtio header");
        }
        if (mtu != 0 && (mtu < 68 || mtu > 65_535)) {
            throw new IllegalArgumentException("MTU " + mtu + " is not within 68 to 65535");
        }
    }

    /// With virtio headers and every offload that the kernel has.
    public static TunOptions named(String name) {
        return new TunOptions(name, true, TunOffload.TCP_AND_UDP, false, 0);
    }

    /// Bare packets, one a read.
    public static TunOptions plain(String name) {
        return new TunOptions(name, false, TunOffload.NONE, false, 0);
    }

    public TunOptions withOffload(TunOffload most) {
        return new TunOptions(name, virtioHeader, most, multiQueue, mtu);
    }

    public TunOptions withMultiQueue() {
        return new TunOptions(name, virtioHeader, offload, true, mtu);
    }

    public TunOptions withMtu(int newMtu) {
        return new TunOptions(name, virtioHeader, offload, multiQueue, newMtu);
    }
}
