package dev.postern.gateway.dataplane;

import dev.postern.esp.InProcessHost;
import dev.postern.net.TunDevice;

/// Where the packets of the tunnel come from and go to on our side.
public sealed interface InnerSide {
    /// The kernel, through a TUN device with virtio header. The data plane closes it.
    ///
    /// @param clampedMtu octets of an inner packet for which TCP connections are made to fit; 0
    ///   leaves them as they are
    /// @param copiesDscp whether the network outside sees the DSCP of inner packets
    record Tun(TunDevice device, int clampedMtu, boolean copiesDscp) implements InnerSide {
        public Tun(TunDevice device) {
            this(device, 0, true);
        }
    }

    /// A host that answers echo requests, where nobody may open a TUN device.
    record Host(InProcessHost host) implements InnerSide {}

    /// This process itself: it gets a copy of each packet and sends by `DataPlane.sendInner`.
    record Application(PacketReceiver receiver) implements InnerSide {}

    /// The MTU for which TCP connections are made to fit, 0 for none.
    default int tcpMtu() {
        return switch (this) {
            case Tun tun -> tun.clampedMtu();
            case Host _, Application _ -> 0;
        };
    }

    /// Whether the network outside sees the DSCP of inner packets.
    default boolean copiesDscp() {
        return switch (this) {
            case Tun tun -> tun.copiesDscp();
            case Host _, Application _ -> true;
        };
    }

    /// Takes the packets that came through the tunnel. Called by a network thread; returns at once.
    @FunctionalInterface
    interface PacketReceiver {
        void accept(byte[] packet);
    }
}
