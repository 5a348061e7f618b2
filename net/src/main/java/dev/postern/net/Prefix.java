package dev.postern.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// An address and a prefix length: a subnet, or an address with the subnet it lives in.
///
/// @param address IPv4 or IPv6; bits behind the prefix may be set
/// @param length 0 to 32 for IPv4, 0 to 128 for IPv6
public record Prefix(InetAddress address, int length) {
    public Prefix {
        int most = bits(address);
        if (length < 0 || length > most) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " is not within 0 to " + most);
        }
    }

    /// The prefix that holds one address only.
    public static Prefix host(InetAddress address) {
        return new Prefix(address, bits(address));
    }

    /// Reads `192.0.2.0/24` or a bare address literal; never asks the DNS.
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        return slash < 0
                ? host(address)
                : new Prefix(address, Integer.parseInt(text.substring(slash + 1)));
    }

    public boolean isHost() {
        return length == bits(address);
    }

    /// Whether the address is of this family and lies in the subnet.
    public boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit++) {
            if (((ours[bit >>> 3] ^ theirs[bit >>> 3]) & (0x80 >>> (bit & 7))) != 0) {
                return false;
            }
        }
        return true;
    }

    /// The address with all bits behind the prefix zero.
    public InetAddress network() {
        byte[] octets = address.getAddress();
        for (int bit = length; bit < octets.length * Byte.SIZE; bit++) {
            octets[bit >>> 3] &= (byte) ~(0x80 >>> (bit & 7));
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }

    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    private static int bits(InetAddress address) {
        return address instanceof Inet4Address ? 32 : 128;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
