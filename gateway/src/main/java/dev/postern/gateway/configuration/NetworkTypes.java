package dev.postern.gateway.configuration;

import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.net.Prefix;
import dev.postern.pki.DistinguishedName;
import dev.postern.pki.IdentityPattern;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Types of values that stand for addresses, names and algorithms. Nothing here asks the DNS.
final class NetworkTypes {
    private static final Pattern IPV4 =
            Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern HOST_NAME =
            Pattern.compile(
                    "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
                            + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*");
    private static final Pattern DOTTED_NUMBERS = Pattern.compile("[0-9.]+");
    private static final Pattern MAIL =
            Pattern.compile("[^\\s@\\p{Cntrl}]{1,128}@[^\\s@\\p{Cntrl}]{1,253}");
    private static final Pattern DEVICE =
            Pattern.compile("(?!\\.{1,2}$)[\\x21-\\x7e&&[^/:%]]{1,15}");
    private static final String KEY_ID = "keyid:";
    private static final int LONGEST_WEB_ADDRESS = 1_024;
    private static final int LONGEST_KEY_ID = 255;
    private static final int LONGEST_SUITE = 60;

    private NetworkTypes() {}

    /// The address of a list or a responder.
    static KeyType<String> webAddress() {
        return BasicTypes.ofText(
                "URL",
                "an address with http:// or https://, of at most 1024 characters",
                NetworkTypes::webAddressOf);
    }

    private static String webAddressOf(String text) {
        try {
            URI address = new URI(text);
            String scheme = String.valueOf(address.getScheme());
            if ((scheme.equals("http") || scheme.equals("https"))
                    && address.getHost() != null
                    && text.length() <= LONGEST_WEB_ADDRESS) {
                return address.toASCIIString();
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new IllegalArgumentException("is no address of the web");
    }

    static KeyType<Identity> identity() {
        return BasicTypes.ofText("identity", IdentityText.LEGAL, NetworkTypes::identityOf);
    }

    /// An identity, or a pattern of many.
    static KeyType<IdentityPattern> identityPattern() {
        return BasicTypes.ofText(
                "identity or pattern",
                "an identity, or * and the end of one, for example \"*@example\" or"
                        + " \"CN=*, O=Example\"",
                text -> {
                    if (!text.contains("*")) {
                        identityOf(text);
                    }
                    return new IdentityPattern(text);
                });
    }

    static KeyType<InetAddress> address() {
        return BasicTypes.ofText("address", "an IPv4 or IPv6 address", NetworkTypes::addressOf);
    }

    /// An address or a host name, as it was written.
    static KeyType<String> host() {
        return BasicTypes.ofText(
                "address or host name",
                "an IPv4 or IPv6 address, or a host name",
                text -> {
                    if (IPV4.matcher(text).matches() || text.contains(":")) {
                        return addressOf(text).getHostAddress();
                    }
                    return hostName(text);
                });
    }

    /// A domain of names, in lower case.
    static KeyType<String> domain() {
        return BasicTypes.ofText(
                "domain", "a domain name, for example \"corp.example\"", NetworkTypes::domainOf);
    }

    static KeyType<TrustAnchor> trustAnchor() {
        return BasicTypes.ofText(
                "DS record",
                "a domain, key tag, algorithm, digest type and digest, for example"
                        + " \"corp.example 12345 13 2 0123...\"",
                TrustAnchor::of);
    }

    static String domainOf(String text) {
        return hostName(text).toLowerCase(Locale.ROOT);
    }

    static KeyType<InetSocketAddress> socketAddress() {
        return BasicTypes.ofText(
                "address:port",
                "an address and a port, for example \"127.0.0.1:9500\" or \"[::1]:9500\"",
                NetworkTypes::socketAddressOf);
    }

    static KeyType<Prefix> subnet() {
        return BasicTypes.ofText(
                "subnet",
                "an address and a prefix length, for example \"10.1.0.0/24\"",
                NetworkTypes::subnetOf);
    }

    /// An address together with the subnet that it lives in.
    static KeyType<Prefix> interfaceAddress() {
        return BasicTypes.ofText(
                "address/length",
                "an address and the prefix length of its subnet, for example \"10.9.0.1/24\"",
                NetworkTypes::prefixOf);
    }

    static KeyType<AddressRange> range() {
        return BasicTypes.ofText(
                "range of addresses",
                "two addresses with a hyphen, a subnet, or one address, for example"
                        + " \"10.9.0.1-10.9.0.100\"",
                NetworkTypes::rangeOf);
    }

    static KeyType<String> device() {
        return BasicTypes.name(
                "device",
                "the name of a network interface: 1 to 15 visible characters without / : and %",
                DEVICE);
    }

    static KeyType<IkeSuite> ikeSuite() {
        return BasicTypes.ofText(
                "IKE suite",
                "a suite like \"aes256gcm16-prfsha384-x25519\" or \"aes256-sha256-modp2048\"",
                suite(SuiteNames::ikeSuite));
    }

    static KeyType<EspSuite> espSuite() {
        return BasicTypes.ofText(
                "ESP suite",
                "a suite like \"aes256gcm16\" or, with extended sequence numbers,"
                        + " \"aes256gcm16-esn\"",
                suite(SuiteNames::espSuite));
    }

    /// The control plane's own words say which part is wrong; of a long text they would repeat all.
    private static <T> Function<String, T> suite(Function<String, T> reader) {
        return text -> {
            if (text.length() > LONGEST_SUITE) {
                throw new IllegalArgumentException("is too long for a suite");
            }
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("is not understood: " + e.getMessage(), e);
            }
        };
    }

    static Identity identityOf(String text) {
        if (DistinguishedName.isMeant(text)) {
            return DistinguishedName.of(text).identity();
        }
        if (text.startsWith(KEY_ID)) {
            String digits = text.substring(KEY_ID.length());
            if (digits.isEmpty() || digits.length() > 2 * LONGEST_KEY_ID) {
                throw new IllegalArgumentException("has no key id of 1 to 255 octets");
            }
            return Identity.keyId(Octets.of(hex(digits)));
        }
        if (text.contains(":") || IPV4.matcher(text).matches()) {
            return Identity.address(addressOf(text));
        }
        if (text.contains("@")) {
            if (!MAIL.matcher(text).matches()) {
                throw new IllegalArgumentException("is not an e-mail address");
            }
            return Identity.email(text);
        }
        return Identity.fqdn(hostName(text));
    }

    private static String hostName(String text) {
        if (!HOST_NAME.matcher(text).matches() || DOTTED_NUMBERS.matcher(text).matches()) {
            throw new IllegalArgumentException("is neither an address nor a host name");
        }
        return text;
    }

    private static InetAddress addressOf(String text) {
        if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("is not an address", e);
            }
        }
        throw new IllegalArgumentException("is not an address");
    }

    private static InetSocketAddress socketAddressOf(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon < 0 || host.contains(":") != bracketed) {
            throw new IllegalArgumentException("is not an address and a port");
        }
        InetAddress address = addressOf(bracketed ? host.substring(1, host.length() - 1) : host);
        return new InetSocketAddress(address, number(text.substring(colon + 1), 65_535, "port"));
    }

    private static Prefix prefixOf(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("has no prefix length");
        }
        InetAddress address = addressOf(text.substring(0, slash));
        int bits = 8 * address.getAddress().length;
        return new Prefix(address, number(text.substring(slash + 1), bits, "prefix length"));
    }

    private static Prefix subnetOf(String text) {
        Prefix prefix = prefixOf(text);
        InetAddress network = prefix.network();
        if (!network.equals(prefix.address())) {
            throw new IllegalArgumentException(
                    "has bits set behind the prefix, did you mean \""
                            + new Prefix(network, prefix.length())
                            + "\"?");
        }
        return prefix;
    }

    private static AddressRange rangeOf(String text) {
        if (text.contains("/")) {
            return AddressRange.of(subnetOf(text));
        }
        int hyphen = text.indexOf('-');
        InetAddress first = addressOf(hyphen < 0 ? text : text.substring(0, hyphen).strip());
        InetAddress last = hyphen < 0 ? first : addressOf(text.substring(hyphen + 1).strip());
        try {
            return new AddressRange(first, last);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "is not a range: both ends are of one family, the lower one first", e);
        }
    }

    private static int number(String digits, int most, String what) {
        if (digits.isEmpty()
                || digits.length() > 5
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
                || Integer.parseInt(digits) > most) {
            throw new IllegalArgumentException("has a " + what + " that is not 0 to " + most);
        }
        return Integer.parseInt(digits);
    }

    private static byte[] hex(String digits) {
        try {
            return HexFormat.of().parseHex(digits.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "does not end with an even number of hexadecimal digits", e);
        }
    }
}
