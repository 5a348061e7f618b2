package dev.postern.cluster;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whose share of the inner addresses is whose. Each gateway gives addresses out of a share of its
/// own and out of no other; so no address is given twice whatever happens between them. What is
/// decided here is whether a client that comes from another gateway may keep what it has.
/// Single-threaded.
public final class Shares {
    /// A run of addresses of one family.
    public record Range(InetAddress first, InetAddress last) {
        public boolean contains(InetAddress address) {
            return address.getAddress().length == first.getAddress().length
                    && number(first).compareTo(number(address)) <= 0
                    && number(address).compareTo(number(last)) <= 0;
        }

        /// How many addresses there are.
        BigInteger size() {
            return number(last).subtract(number(first)).add(BigInteger.ONE);
        }

        private static BigInteger number(InetAddress address) {
            return new BigInteger(1, address.getAddress());
        }
    }

    /// What one gateway gives out of.
    public record Share(String node, String site, List<Range> ranges) {
        public Share {
            ranges = List.copyOf(ranges);
        }

        boolean contains(InetAddress address) {
            return ranges.stream().anyMatch(range -> range.contains(address));
        }
    }

    /// Whether a client may keep an address.
    public enum Keep {
        /// It is of our own share.
        OURS,
        /// It is of another gateway's of this site, or of a site's that is fenced: once we own it
        /// ([Ownership]).
        ONCE_OWNED,
        /// It is of the share of a site that may live, or of nobody's that we know: the client gets
        /// another.
        NO
    }

    private final String node;
    private final String site;
    private final Map<String, Share> shares = new HashMap<>();
    private final Abroad abroad;

    public Shares(String node, String site) {
        this(node, site, Abroad.NOWHERE);
    }

    /// @param abroad which other sites are fenced
    public Shares(String node, String site, Abroad abroad) {
        this.node = node;
        this.site = site;
        this.abroad = abroad;
    }

    /// A gateway has said what its share is.
    public void learn(Share share) {
        shares.put(share.node(), share);
    }

    public Keep judge(InetAddress address) {
        List<Share> owners = owners(address);
        if (owners.isEmpty()) {
            return Keep.NO;
        }
        if (owners.stream().anyMatch(one -> one.node().equals(node))) {
            return Keep.OURS;
        }
        return owners.stream()
                        .allMatch(one -> one.site().equals(site) || abroad.isFenced(one.site()))
                ? Keep.ONCE_OWNED
                : Keep.NO;
    }

    /// Whether an address is of another site's share.
    boolean isForeign(InetAddress address) {
        return owners(address).stream().anyMatch(one -> !one.site().equals(site));
    }

    private List<Share> owners(InetAddress address) {
        List<Share> owners = new ArrayList<>();
        shares.values().stream().filter(one -> one.contains(address)).forEach(owners::add);
        return owners;
    }

    /// The record in which a share travels.
    public static Fields encode(Share share) {
        StringBuilder ranges = new StringBuilder();
        for (Range range : share.ranges()) {
            ranges.append(range.first().getHostAddress())
                    .append(' ')
                    .append(range.last().getHostAddress())
                    .append('\n');
        }
        return Fields.empty()
                .with(1, share.node())
                .with(2, share.site())
                .with(3, ranges.toString());
    }

    /// @throws IllegalArgumentException for what is no share
    public static Share decode(Fields record) {
        List<Range> ranges = new ArrayList<>();
        for (String line : record.text(3).lines().toList()) {
            int space = line.indexOf(' ');
            if (space < 0) {
                throw new IllegalArgumentException("a range without an end");
            }
            ranges.add(
                    new Range(
                            InetAddress.ofLiteral(line.substring(0, space)),
                            InetAddress.ofLiteral(line.substring(space + 1))));
        }
        return new Share(record.text(1), record.text(2), ranges);
    }
}
