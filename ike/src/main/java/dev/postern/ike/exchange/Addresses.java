package dev.postern.ike.exchange;

import java.net.InetSocketAddress;

/// Addresses for people.
final class Addresses {
    private Addresses() {}

    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + " port " + address.getPort();
    }
}
