package dev.postern.gateway.configuration;

import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import java.net.InetAddress;

/// A gateway as people write it: an address, `ADDRESS:PORT`, `[ADDRESS]:PORT`, or a host name.
public final class GatewayAddress {
    public static final String LEGAL =
            "an address such as 192.0.2.1, 192.0.2.1:4501 or [2001:db8::1]:4501, or a host name";

    private static final int USUAL_PORT = 4500;

    private GatewayAddress() {}

    /// @throws IllegalArgumentException with what is wrong, without the text
    public static GatewayList.Entry parse(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            boolean hasPort = end > 0 && text.startsWith("]:", end);
            if (end < 0 || !(hasPort || end == text.length() - 1)) {
                throw new IllegalArgumentException("has a bracket without its fellow");
            }
            String port = hasPort ? text.substring(end + 2) : "";
            return address(text.substring(1, end), port);
        }
        int colon = text.indexOf(':');
        boolean onlyColon = colon >= 0 && colon == text.lastIndexOf(':');
        if (onlyColon) {
            return address(text.substring(0, colon), text.substring(colon + 1));
        }
        boolean literal =
                colon >= 0
                        || (!text.isEmpty() && Character.isDigit(text.charAt(text.length() - 1)));
        return literal ? address(text, "") : new GatewayList.Name(text);
    }

    private static GatewayList.Entry address(String host, String port) {
        int number;
        try {
            number = port.isEmpty() ? USUAL_PORT : Integer.parseInt(port);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("has a port that is no number", notANumber);
        }
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("has a port that is out of range");
        }
        byte[] octets = InetAddress.ofLiteral(host).getAddress();
        return new GatewayList.Address(Octets.of(octets), number == USUAL_PORT ? 0 : number);
    }
}
