package dev.postern.wire;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The data of N(ALT_GW_LIST): gateways in order of preference, draft-dondeti-ipsec-failover-sol-00
/// section 5.2. Each entry is type octet, length octet, value; the types 1 to 3 are those of RFC
/// 5685 section 6, and entries of unknown type are passed over.
public final class GatewayList {
    public static final int MAXIMUM_ENTRIES = 64;

    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int FQDN = 3;
    private static final int IPV4_AND_PORT = 129;
    private static final int IPV6_AND_PORT = 130;
    private static final int MAXIMUM_NAME = 253;

    /// Where a gateway can be reached.
    public sealed interface Entry {}

    /// A gateway by its address.
    ///
    /// @param address 4 or 16 octets
    /// @param port its NAT traversal port, or 0 for the usual one (4500)
    public record Address(Octets address, int port) implements Entry {
        public Address {
            boolean known = address.length() == 4 || address.length() == 16;
            if (!known || port >>> 16 != 0) {
                throw new IllegalArgumentException(
                        "no gateway has an address of "
                                + address.length()
                                + " octets, port "
                                + port);
            }
        }

        public InetAddress inetAddress() {
            try {
                return InetAddress.getByAddress(address.array());
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
            }
        }
    }

    /// A gateway by its domain name: letters, digits, hyphens, underscores and dots, as safe in a
    /// log as in a resolver.
    public record Name(String fqdn) implements Entry {
        public Name {
            if (!isName(fqdn)) {
                throw new IllegalArgumentException("this is no domain name to send to a client");
            }
        }
    }

    private GatewayList() {}

    /// One entry, for people.
    public static String text(Entry gateway) {
        return switch (gateway) {
            case Address address when address.port() == 0 -> address.inetAddress().getHostAddress();
            case Address address ->
                    address.inetAddress().getHostAddress() + " port " + address.port();
            case Name(String fqdn) -> fqdn;
        };
    }

    public static Octets encode(List<Entry> gateways) {
        WireWriter writer = new WireWriter(64);
        gateways.forEach(gateway -> encodeEntry(writer, gateway));
        return Octets.of(writer.finish());
    }

    /// The entries of known type.
    public static List<Entry> decode(Octets data) throws MalformedException {
        WireReader reader = new WireReader(data);
        List<Entry> gateways = new ArrayList<>();
        for (int count = 0; !reader.isAtEnd(); count++) {
            if (count == MAXIMUM_ENTRIES) {
                throw new MalformedException(Malformation.TOO_MANY, "gateways");
            }
            Entry gateway = decodeEntry(reader);
            if (gateway != null) {
                gateways.add(gateway);
            }
        }
        return gateways;
    }

    /// One entry, which also ends the data of N(GATEWAY_SWITCH).
    public static void encodeEntry(WireWriter writer, Entry gateway) {
        switch (gateway) {
            case Address(Octets address, int port) -> {
                boolean ipv4 = address.length() == 4;
                if (port == 0) {
                    writer.u8(ipv4 ? IPV4 : IPV6).u8(address.length()).octets(address);
                } else {
                    writer.u8(ipv4 ? IPV4_AND_PORT : IPV6_AND_PORT).u8(address.length() + 2);
                    writer.octets(address).u16(port);
                }
            }
            case Name(String fqdn) -> {
                byte[] octets = fqdn.getBytes(StandardCharsets.US_ASCII);
                writer.u8(FQDN).u8(octets.length).octets(octets);
            }
        }
    }

    /// The next entry, or null where its type is not known.
    public static @Nullable Entry decodeEntry(WireReader reader) throws MalformedException {
        int type = reader.u8("gateway type");
        int length = reader.u8("gateway length");
        WireReader value = reader.narrow(length, "gateway length");
        Entry gateway =
                switch (type) {
                    case IPV4 -> address(value, 4, false);
                    case IPV6 -> address(value, 16, false);
                    case FQDN -> name(value);
                    case IPV4_AND_PORT -> address(value, 4, true);
                    case IPV6_AND_PORT -> address(value, 16, true);
                    default -> null;
                };
        if (gateway != null) {
            value.end("gateway");
        }
        return gateway;
    }

    private static Entry address(WireReader value, int length, boolean hasPort)
            throws MalformedException {
        Octets address = value.octets(length, "gateway address");
        int port = hasPort ? value.u16("gateway port") : 0;
        if (hasPort && port == 0) {
            throw new MalformedException(Malformation.FIELD, "gateway port 0");
        }
        return new Address(address, port);
    }

    private static Entry name(WireReader value) throws MalformedException {
        String fqdn = new String(value.rest().array(), StandardCharsets.ISO_8859_1);
        if (!isName(fqdn)) {
            throw new MalformedException(Malformation.FIELD, "gateway name");
        }
        return new Name(fqdn);
    }

    /// Whether an entry can have this name.
    public static boolean isName(String fqdn) {
        return !fqdn.isEmpty()
                && fqdn.length() <= MAXIMUM_NAME
                && fqdn.chars().allMatch(GatewayList::isNameCharacter);
    }

    private static boolean isNameCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }
}
