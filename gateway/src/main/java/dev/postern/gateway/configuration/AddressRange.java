package dev.postern.gateway.configuration;

import dev.postern.net.Prefix;
import dev.postern.wire.TrafficSelector;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;

/// Consecutive addresses of one family, both ends included.
public record AddressRange(InetAddress first, InetAddress last) {
    public AddressRange {
        if (first.getAddress().length != last.getAddress().length
                || Arrays.compareUnsigned(first.getAddress(), last.getAddress()) > 0) {
            throw new IllegalArgumentException(
                    first.getHostAddress()
                            + "-"
                            + last.getHostAddress()
                            + " is not a range of one address family");
        }
    }

    /// All addresses of a subnet.
    public static AddressRange of(Prefix subnet) {
        TrafficSelector all = TrafficSelector.subnet(subnet.address(), subnet.length());
        return new AddressRange(all.startAddress(), all.endAddress());
    }

    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == first.getAddress().length
                && Arrays.compareUnsigned(first.getAddress(), octets) <= 0
                && Arrays.compareUnsigned(octets, last.getAddress()) <= 0;
    }

    public boolean contains(AddressRange other) {
        return contains(other.first) && contains(other.last);
    }

    public boolean overlaps(AddressRange other) {
        return contains(other.first) || other.contains(first);
    }

    /// How many addresses there are.
    public BigInteger size() {
        return new BigInteger(1, last.getAddress())
                .subtract(new BigInteger(1, first.getAddress()))
                .add(BigInteger.ONE);
    }

    @Override
    public String toString() {
        return first.equals(last)
                ? first.getHostAddress()
                : first.getHostAddress() + "-" + last.getHostAddress();
    }
}
