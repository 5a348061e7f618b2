package dev.postern.ike.negotiate;

import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Message;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Inner addresses by configuration payload, RFC 7296 section 3.15.
///
/// @param wanted addresses that the client would like to have again
/// @param asked every type of attribute that the client asks for
public record AddressRequest(
        List<InetAddress> wanted, boolean ipv4, boolean ipv6, Set<Integer> asked) {
    private static final int IPV6_PREFIX_LENGTH = 128;
    private static final Set<Integer> ON_REQUEST =
            Set.of(
                    ConfigurationAttribute.INTERNAL_DNS_DOMAIN,
                    ConfigurationAttribute.INTERNAL_DNSSEC_TA,
                    ConfigurationAttribute.INTERNAL_IP4_SUBNET,
                    ConfigurationAttribute.INTERNAL_IP6_SUBNET);

    public AddressRequest {
        wanted = List.copyOf(wanted);
        asked = Set.copyOf(asked);
    }

    /// What a client had that says nothing now: the same again.
    public static @Nullable AddressRequest again(
            List<InetAddress> addresses, List<ConfigurationAttribute> attributes) {
        boolean ipv4 = addresses.stream().anyMatch(AddressRequest::isIpv4);
        boolean ipv6 = !addresses.stream().allMatch(AddressRequest::isIpv4);
        return addresses.isEmpty()
                ? null
                : new AddressRequest(addresses, ipv4, ipv6, types(attributes));
    }

    /// Of what a gateway would tell, that which this client wants to know: split DNS and subnets
    /// come only where they are asked for (RFC 8598 section 3.2, RFC 7296 section 3.15.1).
    ///
    /// @param reached what is behind the gateway
    public List<ConfigurationAttribute> granted(
            List<ConfigurationAttribute> attributes, List<TrafficSelector> reached) {
        return Stream.concat(attributes.stream(), reached.stream().flatMap(AddressRequest::subnet))
                .filter(attribute ->
                        !ON_REQUEST.contains(attribute.type()) || asked.contains(attribute.type()))
                .toList();
    }

    /// INTERNAL_IP4_SUBNET or INTERNAL_IP6_SUBNET, where the selector is a subnet.
    private static Stream<ConfigurationAttribute> subnet(TrafficSelector selector) {
        int bits = 8 * selector.start().length();
        int length = bits;
        while (length > 0
                && TrafficSelector.subnet(selector.startAddress(), length - 1)
                        .start()
                        .equals(selector.start())
                && !TrafficSelector.subnet(selector.startAddress(), length)
                        .end()
                        .equals(selector.end())) {
            length--;
        }
        TrafficSelector subnet = TrafficSelector.subnet(selector.startAddress(), length);
        if (!subnet.start().equals(selector.start()) || !subnet.end().equals(selector.end())) {
            return Stream.of();
        }
        byte[] start = selector.start().array();
        if (bits == 32) {
            byte[] withMask = Arrays.copyOf(start, 8);
            for (int bit = 0; bit < length; bit++) {
                withMask[4 + (bit >>> 3)] |= (byte) (0x80 >>> (bit & 7));
            }
            return Stream.of(
                    new ConfigurationAttribute(
                            ConfigurationAttribute.INTERNAL_IP4_SUBNET, Octets.of(withMask)));
        }
        byte[] withLength = Arrays.copyOf(start, 17);
        withLength[16] = (byte) length;
        return Stream.of(
                new ConfigurationAttribute(
                        ConfigurationAttribute.INTERNAL_IP6_SUBNET, Octets.of(withLength)));
    }

    private static Set<Integer> types(List<ConfigurationAttribute> attributes) {
        return attributes.stream().map(ConfigurationAttribute::type).collect(Collectors.toSet());
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
        return ipv4 || ipv6
                ? new AddressRequest(wanted, ipv4, ipv6, types(request.attributes()))
                : null;
    }

    /// CFG_REQUEST for the addresses that the client had, or for one of each family where it had
    /// none, for DNS servers, for the domains that they are for, and for the subnets behind the
    /// gateway.
    public static Payload.Configuration toPayload(List<InetAddress> old) {
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        for (InetAddress address : old) {
            attributes.add(assigned(address));
        }
        boolean ipv4 = old.isEmpty() || old.stream().anyMatch(AddressRequest::isIpv4);
        boolean ipv6 = old.isEmpty() || !old.stream().allMatch(AddressRequest::isIpv4);
        if (old.isEmpty()) {
            attributes.add(empty(ConfigurationAttribute.INTERNAL_IP4_ADDRESS));
            attributes.add(empty(ConfigurationAttribute.INTERNAL_IP6_ADDRESS));
        }
        if (ipv4) {
            attributes.add(empty(ConfigurationAttribute.INTERNAL_IP4_DNS));
            attributes.add(empty(ConfigurationAttribute.INTERNAL_IP4_SUBNET));
        }
        if (ipv6) {
            attributes.add(empty(ConfigurationAttribute.INTERNAL_IP6_DNS));
            attributes.add(empty(ConfigurationAttribute.INTERNAL_IP6_SUBNET));
        }
        attributes.add(empty(ConfigurationAttribute.INTERNAL_DNS_DOMAIN));
        attributes.add(empty(ConfigurationAttribute.INTERNAL_DNSSEC_TA));
        return new Payload.Configuration(Payload.Configuration.REQUEST, attributes);
    }

    /// What CFG_REPLY among these payloads says; nothing where there is none.
    public static List<ConfigurationAttribute> answerIn(List<Payload> payloads) {
        Payload.Configuration reply = Message.find(payloads, Payload.Configuration.class);
        return reply == null || reply.kind() != Payload.Configuration.REPLY
                ? List.of()
                : reply.attributes();
    }

    /// What CFG_REPLY says: the addresses, then the other attributes.
    public static List<ConfigurationAttribute> reply(
            List<InetAddress> addresses, List<ConfigurationAttribute> others) {
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        addresses.forEach(address -> attributes.add(assigned(address)));
        attributes.addAll(others);
        return attributes;
    }

    /// An IPv6 address comes with the length of its prefix (RFC 7296 section 3.15.1).
    private static ConfigurationAttribute assigned(InetAddress address) {
        byte[] octets = address.getAddress();
        if (isIpv4(address)) {
            return new ConfigurationAttribute(
                    ConfigurationAttribute.INTERNAL_IP4_ADDRESS, Octets.of(octets));
        }
        byte[] withPrefix = Arrays.copyOf(octets, octets.length + 1);
        withPrefix[octets.length] = (byte) IPV6_PREFIX_LENGTH;
        return new ConfigurationAttribute(
                ConfigurationAttribute.INTERNAL_IP6_ADDRESS, Octets.of(withPrefix));
    }

    private static ConfigurationAttribute empty(int type) {
        return new ConfigurationAttribute(type, Octets.EMPTY);
    }

    private static boolean isIpv4(InetAddress address) {
        return address.getAddress().length == 4;
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
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }
}
