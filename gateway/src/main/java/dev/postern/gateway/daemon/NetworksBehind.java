package dev.postern.gateway.daemon;

import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.net.Prefix;
import dev.postern.wire.TrafficSelector;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// What hosts behind the gateway reach through a Child SA: the addresses that its client was given,
/// or, where a peer brings its own, the networks of its traffic selectors.
final class NetworksBehind {
    private NetworksBehind() {}

    /// Of transport mode nothing, nor of a network that holds the peer itself: the packets of the
    /// tunnel would be led into the tunnel.
    static List<Prefix> of(ChildSaInstallation child) {
        if (!child.assignedAddresses().isEmpty()) {
            return child.assignedAddresses().stream().map(Prefix::host).toList();
        }
        if (child.transport() != null) {
            return List.of();
        }
        List<Prefix> networks = new ArrayList<>();
        InetAddress peer = child.path().remote().getAddress();
        for (TrafficSelector selector : child.remote()) {
            for (Prefix network : prefixes(selector)) {
                if (!network.contains(peer) && !networks.contains(network)) {
                    networks.add(network);
                }
            }
        }
        return List.copyOf(networks);
    }

    /// The fewest prefixes that make up the selector's range of addresses.
    private static List<Prefix> prefixes(TrafficSelector selector) {
        byte[] octets = selector.startAddress().getAddress();
        int bits = octets.length * Byte.SIZE;
        BigInteger next = new BigInteger(1, octets);
        BigInteger last = new BigInteger(1, selector.endAddress().getAddress());
        List<Prefix> prefixes = new ArrayList<>();
        while (next.compareTo(last) <= 0) {
            int free = next.signum() == 0 ? bits : Math.min(bits, next.getLowestSetBit());
            BigInteger room = last.subtract(next).add(BigInteger.ONE);
            int size = Math.min(free, room.bitLength() - 1);
            prefixes.add(new Prefix(address(next, octets.length), bits - size));
            next = next.add(BigInteger.ONE.shiftLeft(size));
        }
        return prefixes;
    }

    private static InetAddress address(BigInteger value, int length) {
        byte[] octets = new byte[length];
        byte[] number = value.toByteArray();
        int count = Math.min(length, number.length);
        System.arraycopy(number, number.length - count, octets, length - count, count);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }
}
