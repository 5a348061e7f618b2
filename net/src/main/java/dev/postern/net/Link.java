package dev.postern.net;

import java.util.HexFormat;

/// A network interface as it was when asked.
///
/// @param index its number in this network namespace
/// @param up whether it is administratively up
/// @param hardwareAddress six octets for Ethernet, empty for TUN, in hexadecimal with colons
public record Link(int index, String name, int mtu, boolean up, String hardwareAddress) {
    static final HexFormat COLONS = HexFormat.ofDelimiter(":");
}
