package dev.postern.radius;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// How this gateway names itself to RADIUS servers.
///
/// @param identifier NAS-Identifier
/// @param address NAS-IP-Address or NAS-IPv6-Address; null for none
public record Nas(String identifier, @Nullable InetAddress address) {
    private static final int VIRTUAL = 5;
    private static final int FRAMED = 2;

    /// Who asks.
    List<Attribute> attributes() {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(Attribute.text(Attribute.NAS_IDENTIFIER, identifier));
        if (address != null) {
            attributes.add(Attribute.address(addressType(address), address));
        }
        return attributes;
    }

    /// Who asks, and over what kind of port: virtual, for a framed service (RFC 2865 sections 5.6
    /// and 5.41).
    List<Attribute> portAttributes() {
        List<Attribute> attributes = new ArrayList<>(attributes());
        attributes.add(Attribute.integer(Attribute.NAS_PORT_TYPE, VIRTUAL));
        attributes.add(Attribute.integer(Attribute.SERVICE_TYPE, FRAMED));
        return attributes;
    }

    /// Whether a server that names a NAS means this one (RFC 5176 section 3).
    boolean isMeantBy(Attributes request) {
        String named = request.text(Attribute.NAS_IDENTIFIER);
        if (named != null && !named.equals(identifier)) {
            return false;
        }
        for (int type : List.of(Attribute.NAS_IP_ADDRESS, Attribute.NAS_IPV6_ADDRESS)) {
            if (request.has(type)) {
                InetAddress meant =
                        request.address(type, type == Attribute.NAS_IP_ADDRESS ? 4 : 16);
                if (address == null || !address.equals(meant)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int addressType(InetAddress address) {
        return address instanceof Inet4Address
                ? Attribute.NAS_IP_ADDRESS
                : Attribute.NAS_IPV6_ADDRESS;
    }
}
