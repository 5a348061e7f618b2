package dev.postern.radius;

import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// What a server granted, read from the attributes that stay with a session over every resume.
public record Authorization(Attributes attributes) {
    /// Octets of all attributes that a session keeps; it has to fit into tickets.
    static final int KEPT_OCTETS = 1024;

    private static final int KEPT_ATTRIBUTES = 60;

    /// RFC 2869 section 5.16: less must not be.
    private static final long SHORTEST_INTERIM_SECONDS = 60;

    private static final Set<Integer> KEPT =
            Set.of(
                    Attribute.FRAMED_IP_ADDRESS,
                    Attribute.FILTER_ID,
                    Attribute.SESSION_TIMEOUT,
                    Attribute.IDLE_TIMEOUT,
                    Attribute.ACCT_INTERIM_INTERVAL,
                    Attribute.CHARGEABLE_USER_IDENTITY,
                    Attribute.FRAMED_IPV6_ADDRESS,
                    Attribute.DNS_SERVER_IPV6_ADDRESS,
                    Attribute.CLASS);
    private static final Set<Integer> KEPT_OF_MICROSOFT =
            Set.of(VendorAttribute.MS_PRIMARY_DNS_SERVER, VendorAttribute.MS_SECONDARY_DNS_SERVER);

    /// RFC 2865 section 5.8: the user chooses, the NAS chooses.
    private static final Set<Long> NO_ADDRESS = Set.of(0xffffffffL, 0xfffffffeL);

    public static Authorization ofRaw(List<Octets> aaaAttributes) {
        return new Authorization(Attributes.ofRaw(aaaAttributes));
    }

    /// The attributes of an Access-Accept that stay: no key, no State, nothing that has done its
    /// work. User-Name first; what does not fit any more is left out, from the end.
    static Attributes granted(Attributes accept, Octets userName) {
        Stream<Attribute> chosen =
                Stream.concat(
                        Stream.of(new Attribute(Attribute.USER_NAME, userName)),
                        accept.list().stream()
                                .flatMap(Authorization::kept)
                                .sorted((a, b) -> Boolean.compare(isClass(a), isClass(b))));
        List<Attribute> granted = new ArrayList<>();
        int octets = 0;
        for (Attribute attribute : (Iterable<Attribute>) chosen::iterator) {
            octets += attribute.length();
            if (octets <= KEPT_OCTETS) {
                granted.add(attribute);
            }
        }
        return new Attributes(granted);
    }

    private static Stream<Attribute> kept(Attribute attribute) {
        if (KEPT.contains(attribute.type())) {
            return Stream.of(attribute);
        }
        return VendorAttribute.in(attribute).stream()
                .filter(each ->
                        each.vendor() == VendorAttribute.MICROSOFT
                                && KEPT_OF_MICROSOFT.contains(each.type()))
                .map(VendorAttribute::wrapped);
    }

    private static boolean isClass(Attribute attribute) {
        return attribute.type() == Attribute.CLASS;
    }

    public @Nullable String userName() {
        return attributes.text(Attribute.USER_NAME);
    }

    /// Seconds from the authentication to the session's end; 0 for no end.
    public long sessionTimeoutSeconds() {
        return Math.max(0, attributes.integer(Attribute.SESSION_TIMEOUT));
    }

    /// Seconds without a packet after which the session ends; 0 for never.
    public long idleTimeoutSeconds() {
        return Math.max(0, attributes.integer(Attribute.IDLE_TIMEOUT));
    }

    /// Seconds between interim records; 0 where the server does not say.
    public long interimSeconds() {
        long seconds = attributes.integer(Attribute.ACCT_INTERIM_INTERVAL);
        return seconds <= 0 ? 0 : Math.max(SHORTEST_INTERIM_SECONDS, seconds);
    }

    /// Names of filters or groups, in their order.
    public List<String> filterIds() {
        return attributes.all(Attribute.FILTER_ID).stream()
                .map(value -> new String(value.array(), StandardCharsets.UTF_8))
                .toList();
    }

    public List<Octets> classes() {
        return attributes.all(Attribute.CLASS);
    }

    /// The inner addresses that the server assigned: none, one, or one per family.
    public List<InetAddress> framedAddresses() {
        boolean chosen = !NO_ADDRESS.contains(attributes.integer(Attribute.FRAMED_IP_ADDRESS));
        return Stream.of(
                        chosen ? attributes.address(Attribute.FRAMED_IP_ADDRESS, 4) : null,
                        attributes.address(Attribute.FRAMED_IPV6_ADDRESS, 16))
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    /// Name servers: the Microsoft attributes for IPv4, RFC 6911 for IPv6.
    public List<InetAddress> nameServers() {
        List<Octets> ipv4 = new ArrayList<>();
        ipv4.addAll(microsoft(VendorAttribute.MS_PRIMARY_DNS_SERVER));
        ipv4.addAll(microsoft(VendorAttribute.MS_SECONDARY_DNS_SERVER));
        List<InetAddress> servers = new ArrayList<>();
        addAddresses(servers, ipv4, 4);
        addAddresses(servers, attributes.all(Attribute.DNS_SERVER_IPV6_ADDRESS), 16);
        return servers;
    }

    private List<Octets> microsoft(int type) {
        return attributes.vendor(VendorAttribute.MICROSOFT, type);
    }

    private static void addAddresses(List<InetAddress> to, List<Octets> values, int length) {
        for (Octets value : values) {
            InetAddress address = Attributes.address(value, length);
            if (address != null) {
                to.add(address);
            }
        }
    }

    /// Whether it is more than a session can keep.
    public boolean isTooLong() {
        return attributes.list().size() > KEPT_ATTRIBUTES
                || attributes.list().stream().mapToInt(Attribute::length).sum() > KEPT_OCTETS;
    }

    /// This authorization after a CoA-Request: what it names is replaced, all else stays.
    public Authorization changedBy(Attributes change) {
        List<Attribute> merged = new ArrayList<>();
        for (Attribute attribute : attributes.list()) {
            if (!change.has(attribute.type()) || attribute.type() == Attribute.VENDOR_SPECIFIC) {
                merged.add(attribute);
            }
        }
        merged.addAll(change.list());
        return new Authorization(new Attributes(merged));
    }
}
