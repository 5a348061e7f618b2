package dev.postern.ike.negotiate;

import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// Inner addresses by configuration payload, RFC 7296 section 3.15.
///
/// @param wanted addresses that the client would like to have again
public record AddressRequest(List<InetAddress> wanted, boolean ipv4, boolean ipv6) {
    private static final int IPV6_PREFIX_LENGTH = 128;

    public AddressRequest {
        wanted = List.copyOf(wanted);
    }

    /// Reads CFG_REQUEST; null where no address is asked for.
    public static @Nullable AddressRequest of(Payload.@Nullable Configuration request) {
        if (request == null || request.kind() != Payload.Configuration.REQUEST) {
            return null;
        }
        List<InetAddress> wanted = new ArrayList<>();
        boolean ipv4 = false;
        boolean ipv6 = false;
        for (ConfigurationAttribute attribute : request.attributes()) {
            if (attribute.type() == ConfigurationAttribute.INTERNAL_IP4_ADDRESS) {
                ipv4 = true;
                addIfConcrete(wanted, attribute.value(), 4);
            } else if (attribute.type() == ConfigurationAttribute.INTERNAL_IP6_ADDRESS) {
                ipv6 = true;
                addIfConcrete(wanted, attribute.value(), 16);
            }
        }
        return ipv4 || ipv6 ? new AddressRequest(wanted, ipv4, ipv6) : null;
    }

    /// CFG_REQUEST for an IPv4 address, the old one where there is one, and DNS servers.
    public static Payload.Configuration toPayload(List<InetAddress> old) {
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        Octets ipv4 = Octets.EMPTY;
        for (InetAddress address : old) {
            if (address.getAddress().length == 4) {
                ipv4 = Octets.of(address.getAddress());
            }
        }
        attributes.add(
                new ConfigurationAttribute(ConfigurationAttribute.INTERNAL_IP4_ADDRESS, ipv4));
        attributes.add(
                new ConfigurationAttribute(ConfigurationAttribute.INTERNAL_IP4_DNS, Octets.EMPTY));
        return new Payload.Configuration(Payload.Configuration.REQUEST, attributes);
    }

    /// What CFG_REPLY says: the addresses, then the other attributes.
    public static List<ConfigurationAttribute> reply(
            List<InetAddress> addresses, List<ConfigurationAttribute> others) {
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        for (InetAddress address : addresses) {
            byte[] octets = address.getAddress();
            if (octets.length == 4) {
                attributes.add(
                        new ConfigurationAttribute(
                                ConfigurationAttribute.INTERNAL_IP4_ADDRESS, Octets.of(octets)));
            } else {
                byte[] withPrefix = java.util.Arrays.copyOf(octets, 17);
                withPrefix[16] = (byte) IPV6_PREFIX_LENGTH;
                attributes.add(
                        new ConfigurationAttribute(
                                ConfigurationAttribute.INTERNAL_IP6_ADDRESS,
                                Octets.of(withPrefix)));
            }
        }
        attributes.addAll(others);
        return attributes;
    }

    private static void addIfConcrete(List<InetAddress> wanted, Octets value, int length) {
        if (value.length() < length) {
            return;
        }
        try {
            InetAddress address = InetAddress.getByAddress(value.slice(0, length).array());
            if (!address.isAnyLocalAddress()) {
                wanted.add(address);
            }
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }
}
