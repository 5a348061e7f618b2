package dev.postern.sim;

import dev.postern.esp.Selector;
import dev.postern.sim.Terms.Extra;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// Who is where inside: behind every gateway there is 10.1.0.1, and clients have addresses of
/// 10.77.0.0/16 from their gateways. Behind the gateway of a branch office there is a network of
/// its own. In transport mode there is no inside.
record Interior(Terms terms) {
    private static final int OFFICES = 128;

    /// A network inside that nobody sends packets to.
    static final TrafficSelector PRINTERS = TrafficSelector.subnet(Addresses.ip(10, 1, 2, 0), 24);

    private boolean isV6() {
        return terms.has(Extra.IPV6) && !terms.assignsAddresses();
    }

    /// Of fd00::/16, or of 10.0.0.0/8.
    private InetAddress inner(int network, int host) {
        return isV6()
                ? Addresses.address(
                        (byte) 0xfd,
                        (byte) 0,
                        (byte) 0,
                        (byte) network,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) host)
                : Addresses.ip(10, network, 0, host);
    }

    private TrafficSelector subnet(int network, int bits) {
        return TrafficSelector.subnet(inner(network, 0), (isV6() ? 24 : 8) + bits);
    }

    /// The host inside that answers.
    InetAddress host() {
        return inner(1, 1);
    }

    /// Who answers at a gateway.
    List<Selector> hosts(InetAddress gateway) {
        return List.of(Selector.host(host()), Selector.host(gateway));
    }

    /// What clients may reach.
    TrafficSelector network() {
        return terms.has(Extra.TRANSPORT) ? everything() : subnet(1, 8);
    }

    TrafficSelector everything() {
        return isV6()
                ? TrafficSelector.subnet(Addresses.address(new byte[16]), 0)
                : TrafficSelector.subnet(Addresses.ip(0, 0, 0, 0), 0);
    }

    /// What gateways let clients have behind them, where they give them no address.
    TrafficSelector offices() {
        return terms.has(Extra.TRANSPORT) ? everything() : subnet(OFFICES, 1);
    }

    /// What a client has behind itself, where it gets no address.
    TrafficSelector office(int client) {
        return terms.has(Extra.TRANSPORT) ? everything() : subnet(OFFICES + client, 8);
    }

    /// An address that gateways give out.
    static InetAddress pool(int host) {
        return Addresses.ip(10, 77, host >>> 8, host & 0xff);
    }

    /// One that is somebody else's, or nobody's.
    InetAddress stranger(int number) {
        if (terms.has(Extra.BRANCH)) {
            return inner(OFFICES + 100, 1 + number);
        }
        return isV6() ? terms.addresses().stranger(number).getAddress() : pool(number);
    }

    /// From which address a client's application sends; null as long as it has none.
    @Nullable InetAddress source(int client, List<InetAddress> assigned) {
        if (terms.has(Extra.TRANSPORT)) {
            return terms.addresses().client(client).getAddress();
        } else if (terms.has(Extra.BRANCH)) {
            return inner(OFFICES + client, 1);
        }
        return assigned.isEmpty() ? null : assigned.getFirst();
    }

    /// To which address it sends.
    ///
    /// @param gateway that serves it
    InetAddress destination(InetAddress gateway) {
        return terms.has(Extra.TRANSPORT) ? gateway : host();
    }
}
