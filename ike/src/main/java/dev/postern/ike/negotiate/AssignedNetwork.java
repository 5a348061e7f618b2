package dev.postern.ike.negotiate;

import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a gateway has told a client of the network behind it, beside the inner addresses: RFC 7296
/// section 3.15.1 and split DNS, RFC 8598. What does not make sense is passed over.
///
/// @param dnsServers reached through the tunnel
/// @param domains names that those servers alone answer, without the final dot and in lower case;
///   empty where they are for every name
/// @param trustAnchors of these domains; for those alone that the client's operator has listed
/// @param subnets what is behind the gateway, which the traffic selectors may narrow
public record AssignedNetwork(
        List<InetAddress> dnsServers,
        List<String> domains,
        List<TrustAnchor> trustAnchors,
        List<Subnet> subnets) {
    private static final int MOST = 64;

    /// A name that a resolver and a shell can be given.
    private static final Pattern DOMAIN =
            Pattern.compile(
                    "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
                            + "(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

    /// A DS record for a domain, RFC 8598 section 4.2: key tag, algorithm, digest type, digest.
    public record TrustAnchor(
            String domain, int keyTag, int algorithm, int digestType, Octets digest) {
        /// As a zone file writes it.
        @Override
        public String toString() {
            return domain
                    + ". IN DS "
                    + keyTag
                    + " "
                    + algorithm
                    + " "
                    + digestType
                    + " "
                    + digest.hex();
        }
    }

    public record Subnet(InetAddress address, int prefixLength) {
        @Override
        public String toString() {
            return address.getHostAddress() + "/" + prefixLength;
        }
    }

    public AssignedNetwork {
        dnsServers = List.copyOf(dnsServers);
        domains = List.copyOf(domains);
        trustAnchors = List.copyOf(trustAnchors);
        subnets = List.copyOf(subnets);
    }

    public boolean isEmpty() {
        return dnsServers.isEmpty() && domains.isEmpty() && subnets.isEmpty();
    }

    /// Reads CFG_REPLY.
    public static AssignedNetwork of(List<ConfigurationAttribute> attributes) {
        List<InetAddress> servers = new ArrayList<>();
        List<String> domains = new ArrayList<>();
        List<TrustAnchor> anchors = new ArrayList<>();
        List<Subnet> subnets = new ArrayList<>();
        // "The INTERNAL_DNSSEC_TA attribute MUST immediately follow an INTERNAL_DNS_DOMAIN", or
        // another one of the same domain.
        String domain = "";
        for (ConfigurationAttribute attribute : attributes.stream().limit(MOST).toList()) {
            Octets value = attribute.value();
            switch (attribute.type()) {
                case ConfigurationAttribute.INTERNAL_IP4_DNS -> addAddress(servers, value, 4);
                case ConfigurationAttribute.INTERNAL_IP6_DNS -> addAddress(servers, value, 16);
                case ConfigurationAttribute.INTERNAL_IP4_SUBNET -> addSubnet(subnets, value, 4);
                case ConfigurationAttribute.INTERNAL_IP6_SUBNET -> addSubnet(subnets, value, 16);
                case ConfigurationAttribute.INTERNAL_DNS_DOMAIN -> {
                    domain = domain(value);
                    if (!domain.isEmpty() && !domains.contains(domain)) {
                        domains.add(domain);
                    }
                    continue;
                }
                case ConfigurationAttribute.INTERNAL_DNSSEC_TA -> {
                    if (!domain.isEmpty() && value.length() > 4) {
                        anchors.add(anchor(domain, value));
                    }
                    continue;
                }
                default -> {}
            }
            domain = "";
        }
        return new AssignedNetwork(servers, domains, anchors, subnets);
    }

    private static TrustAnchor anchor(String domain, Octets value) {
        return new TrustAnchor(
                domain,
                value.at(0) << 8 | value.at(1),
                value.at(2),
                value.at(3),
                value.slice(4, value.length()));
    }

    private static String domain(Octets value) {
        String text = new String(value.array(), StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return DOMAIN.matcher(name).matches() ? name : "";
    }

    private static void addAddress(List<InetAddress> servers, Octets value, int length) {
        if (value.length() == length) {
            InetAddress address = address(value);
            if (!address.isAnyLocalAddress()
                    && !address.isMulticastAddress()
                    && !servers.contains(address)) {
                servers.add(address);
            }
        }
    }

    /// An IPv4 subnet comes with a netmask, an IPv6 one with a length.
    private static void addSubnet(List<Subnet> subnets, Octets value, int length) {
        int bits = -1;
        if (length == 4 && value.length() == 8) {
            int mask = value.slice(4, 8).toInt();
            int ones = Integer.bitCount(mask);
            bits = ones == 0 || mask == -1 << (32 - ones) ? ones : -1;
        } else if (length == 16 && value.length() == 17 && value.at(16) <= 128) {
            bits = value.at(16);
        }
        if (bits >= 0) {
            subnets.add(new Subnet(address(value.slice(0, length)), bits));
        }
    }

    private static InetAddress address(Octets octets) {
        try {
            return InetAddress.getByAddress(octets.array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }
}
