package dev.postern.gateway.configuration;

import dev.postern.ike.failover.GatewayReference;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/// A gateway as people write it: an address, `ADDRESS:PORT`, `[ADDRESS]:PORT`, or a host name.
public final class GatewayAddress {
    public static final String LEGAL =
            "an address such as 192.0.2.1, 192.0.2.1:4501 or [2001:db8::1]:4501, or a host name";

    private static final int USUAL_PORT = 4500;

    private GatewayAddress() {}

    /// An address, and a port or nothing.
    private record Literal(InetAddress address, String port) {
        static Literal of(String host, String port) {
            return new Literal(InetAddress.ofLiteral(host), port);
        }

        /// @throws IllegalArgumentException where it is none
        int number() {
            try {
                int number = Integer.parseInt(port);
                if (number < 1 || number > 65_535) {
                    throw new IllegalArgumentException("has a port that is out of range");
                }
                return number;
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException("has a port that is no number", notANumber);
            }
        }
    }

    /// @throws IllegalArgumentException with what is wrong, without the text
    public static GatewayList.Entry parse(String text) {
        Literal literal = literal(text);
        if (literal == null) {
            return new GatewayList.Name(text);
        }
        int number = literal.port().isEmpty() ? USUAL_PORT : literal.number();
        return new GatewayList.Address(
                Octets.of(literal.address().getAddress()), number == USUAL_PORT ? 0 : number);
    }

    /// One of a client's gateways, by any of its names: the one that events have, its identity, or
    /// its address, with its port or without.
    public static GatewayReference reference(String text) {
        Identity identity = null;
        try {
            identity = IdentityText.parse(text);
        } catch (IllegalArgumentException notAnIdentity) {
            // It may be an address all the same.
        }
        try {
            Literal literal = literal(text);
            if (literal != null) {
                return new GatewayReference(
                        text,
                        identity,
                        literal.address(),
                        literal.port().isEmpty() ? 0 : literal.number());
            }
        } catch (IllegalArgumentException notAnAddress) {
            // It may be a name all the same.
        }
        return new GatewayReference(text, identity, null, 0);
    }

    /// Null for a host name.
    private static @Nullable Literal literal(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            boolean hasPort = end > 0 && text.startsWith("]:", end);
            if (end < 0 || !(hasPort || end == text.length() - 1)) {
                throw new IllegalArgumentException("has a bracket without its fellow");
            }
            return Literal.of(text.substring(1, end), hasPort ? text.substring(end + 2) : "");
        }
        int colon = text.indexOf(':');
        boolean onlyColon = colon >= 0 && colon == text.lastIndexOf(':');
        if (onlyColon) {
            return Literal.of(text.substring(0, colon), text.substring(colon + 1));
        }
        boolean literal =
                colon >= 0
                        || (!text.isEmpty() && Character.isDigit(text.charAt(text.length() - 1)));
        return literal ? Literal.of(text, "") : null;
    }
}
