package dev.postern.gateway.dataplane;

import dev.postern.esp.InProcessHost;
import dev.postern.net.TunDevice;

/// Where the packets of the tunnel come from and go to on our side.
public sealed interface InnerSide {
    /// The kernel, through a TUN device with virtio header. The data plane closes it.
    record Tun(TunDevice device) implements InnerSide {}

    /// A host that answers echo requests, where nobody may open a TUN device.
    record Host(InProcessHost host) implements InnerSide {}

    /// This process itself: it gets a copy of each packet and sends by `DataPlane.sendInner`.
    record Application(PacketReceiver receiver) implements InnerSide {}

    /// Takes the packets that came through the tunnel. Called by a network thread; returns at once.
    @FunctionalInterface
    interface PacketReceiver {
        void accept(byte[] packet);
    }
}
