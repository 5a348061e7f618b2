package dev.postern.cli;

import dev.postern.ike.IssuedCertificate;
import dev.postern.radius.Attribute;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Octets;
import dev.postern.wire.PrintableText;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/// What the attributes in a ticket say, in words: those that its client was assigned, and those
/// that a RADIUS server said of it. What nobody here knows is shown as it is.
final class TicketAttributes {
    private static final int IPV4 = 4;
    private static final int IPV6 = 16;

    private TicketAttributes() {}

    /// RFC 7296 section 3.15.1, RFC 8598.
    static String of(ConfigurationAttribute attribute) {
        Octets value = attribute.value();
        return switch (attribute.type()) {
            case ConfigurationAttribute.INTERNAL_IP4_ADDRESS,
                    ConfigurationAttribute.INTERNAL_IP6_ADDRESS ->
                    "Its inner address is " + address(value) + ".";
            case ConfigurationAttribute.INTERNAL_IP4_NETMASK ->
                    "Its inner netmask is " + address(value) + ".";
            case ConfigurationAttribute.INTERNAL_IP4_DNS, ConfigurationAttribute.INTERNAL_IP6_DNS ->
                    "Its name server is " + address(value) + ".";
            case ConfigurationAttribute.INTERNAL_IP4_SUBNET,
                    ConfigurationAttribute.INTERNAL_IP6_SUBNET ->
                    "Behind the gateway is " + subnet(value) + ".";
            case ConfigurationAttribute.INTERNAL_DNS_DOMAIN -> "Split DNS for " + text(value) + ".";
            default -> "Configuration attribute " + attribute.type() + ": " + value.hex() + ".";
        };
    }

    /// One attribute of RFC 2865 and its successors: type, length, value.
    static String ofRadius(Octets attribute) {
        IssuedCertificate certificate = IssuedCertificate.in(attribute);
        if (certificate != null) {
            return "It rests on the certificate with the serial number "
                    + certificate.serial().toString(16)
                    + " of the issuer whose name has a SHA-256 that begins with "
                    + certificate.issuer().hex()
                    + ".";
        }
        int type = attribute.at(0) & 0xff;
        Octets value = attribute.slice(2, attribute.length());
        return switch (type) {
            case Attribute.USER_NAME -> radius("User-Name", text(value));
            case Attribute.FRAMED_IP_ADDRESS -> radius("Framed-IP-Address", address(value));
            case Attribute.FILTER_ID -> radius("Filter-Id", text(value));
            case Attribute.CLASS -> radius("Class", value.hex());
            case Attribute.SESSION_TIMEOUT -> radius("Session-Timeout", seconds(value));
            case Attribute.IDLE_TIMEOUT -> radius("Idle-Timeout", seconds(value));
            case Attribute.ACCT_INTERIM_INTERVAL -> radius("Acct-Interim-Interval", seconds(value));
            case Attribute.CHARGEABLE_USER_IDENTITY ->
                    radius("Chargeable-User-Identity", value.hex());
            case Attribute.FRAMED_IPV6_ADDRESS -> radius("Framed-IPv6-Address", address(value));
            case Attribute.DNS_SERVER_IPV6_ADDRESS ->
                    radius("DNS-Server-IPv6-Address", address(value));
            default -> "RADIUS attribute " + type + ": " + value.hex() + ".";
        };
    }

    private static String radius(String name, String value) {
        return "RADIUS " + name + ": " + value + ".";
    }

    private static String seconds(Octets value) {
        return value.length() == Integer.BYTES
                ? Integer.toUnsignedString(value.toInt()) + " s"
                : value.hex();
    }

    private static String subnet(Octets value) {
        if (value.length() == 2 * IPV4) {
            int mask = value.slice(IPV4, 2 * IPV4).toInt();
            int length = Integer.numberOfLeadingZeros(~mask);
            return mask << length == 0 || length == Integer.SIZE
                    ? address(value) + "/" + length
                    : address(value) + " with the mask " + address(value.slice(IPV4, 2 * IPV4));
        }
        return value.length() == IPV6 + 1
                ? address(value) + "/" + (value.at(IPV6) & 0xff)
                : value.hex();
    }

    /// The address in front, without what stands behind it.
    private static String address(Octets value) {
        int length = value.length() >= IPV6 ? IPV6 : IPV4;
        try {
            return value.length() < IPV4
                    ? value.hex()
                    : InetAddress.getByAddress(value.slice(0, length).array()).getHostAddress();
        } catch (UnknownHostException e) {
            return value.hex();
        }
    }

    private static String text(Octets value) {
        return PrintableText.of(new String(value.array(), StandardCharsets.UTF_8));
    }
}
