package dev.postern.gateway.configuration;

import dev.postern.gateway.configuration.ClusterSettings.ClusterMember;
import dev.postern.grid.MemberTls;
import dev.postern.pki.Credentials;
import dev.postern.pki.UnreadableException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;

/// Reads the table `cluster`. Null comes back where there is none.
final class ClusterReader {
    /// Less than this has split clusters whose members were only busy.
    private static final Duration CALM = Duration.ofSeconds(3);

    private final Section section;
    private final Instant now;

    private ClusterReader(Section section, Instant now) {
        this.section = section;
        this.now = now;
    }

    /// @param pools of which each member of a cluster has its own share
    static @Nullable ClusterSettings read(
            Section top, List<Pool> pools, @Nullable Path state, Instant now) {
        Section section = top.single(ClusterKeys.CLUSTER);
        boolean isThere =
                ClusterKeys.CLUSTER.keys().stream().anyMatch(section::has)
                        || !section.repeated(ClusterKeys.MEMBER).isEmpty();
        if (!isThere) {
            return null;
        }
        if (section.repeated(ClusterKeys.MEMBER).size() > 1) {
            for (Pool pool : pools) {
                if (pool.dhcp() == null && pool.assign().equals(PoolReader.all(pool.addresses()))) {
                    top.missing(
                            "pool."
                                    + pool.name()
                                    + ".assign: missing, or the whole pool; in a cluster each"
                                    + " gateway gives addresses out of a share of its own: legal is"
                                    + " a range that no other member has");
                }
            }
        }
        ClusterSettings settings = new ClusterReader(section, now).read(state);
        Section leases = top.single(GatewayKeys.LEASES);
        if (settings != null
                && settings.bridgeTls() != null
                && !leases.has(GatewayKeys.LEASE_FILE)) {
            leases.place(GatewayKeys.LEASE_FILE)
                    .warn(
                            "missing in a domain of several sites; this member forgets over a"
                                + " restart whose each address is, and where its site was fenced"
                                + " meanwhile it cannot give back what its clients had");
        }
        return settings;
    }

    private @Nullable ClusterSettings read(@Nullable Path state) {
        String name = section.get(ClusterKeys.NAME);
        String node = section.get(ClusterKeys.NODE);
        Duration silence = section.get(ClusterKeys.SILENCE);
        if (section.sound(ClusterKeys.SILENCE) && silence.compareTo(CALM) < 0) {
            section.place(ClusterKeys.SILENCE)
                    .warn("splits the cluster when its members are busy; 3s or more is calm");
        }
        if (section.sound(ClusterKeys.COPIES) && section.get(ClusterKeys.COPIES) == 1) {
            section.place(ClusterKeys.COPIES)
                    .contradicts(
                            "what the owner has would be lost with it; legal are 2 to 16 members,"
                                    + " or 0 for all");
        }
        List<ClusterMember> members = members();
        ClusterMember self = null;
        List<ClusterMember> others = new ArrayList<>();
        for (ClusterMember member : members) {
            if (member.node().equals(node)) {
                self = member;
            } else {
                others.add(member);
            }
        }
        if (self == null && section.has(ClusterKeys.NODE) && section.sound(ClusterKeys.NODE)) {
            section.place(ClusterKeys.NODE)
                    .contradicts(
                            "no [[cluster.member]] has this node; there are "
                                    + (members.isEmpty()
                                            ? "none at all"
                                            : members.stream()
                                                    .map(ClusterMember::node)
                                                    .collect(Collectors.joining(", "))));
        }
        Identified own = tls(node, members);
        return self == null || own == null
                ? null
                : new ClusterSettings(
                        name,
                        self,
                        others,
                        own.credentials(),
                        own.end(),
                        own.tls(),
                        silence,
                        section.get(ClusterKeys.COPIES),
                        section.get(ClusterKeys.TGS_KEY_EVERY),
                        state,
                        own.bridgeTls(),
                        section.get(ClusterKeys.SITE_LOST_AFTER));
    }

    private List<ClusterMember> members() {
        List<ClusterMember> members = new ArrayList<>();
        Set<String> nodes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Set<InetSocketAddress> addresses = new HashSet<>();
        for (Section each : section.repeated(ClusterKeys.MEMBER)) {
            String node = each.get(ClusterKeys.MEMBER_NODE);
            InetSocketAddress address = each.get(ClusterKeys.MEMBER_ADDRESS);
            if (each.has(ClusterKeys.MEMBER_NODE)
                    && each.sound(ClusterKeys.MEMBER_NODE)
                    && !nodes.add(node)) {
                each.place(ClusterKeys.MEMBER_NODE)
                        .contradicts("is another member's too; legal is a name of its own");
            }
            if (each.has(ClusterKeys.MEMBER_ADDRESS) && each.sound(ClusterKeys.MEMBER_ADDRESS)) {
                judge(each, ClusterKeys.MEMBER_ADDRESS, address, addresses);
            }
            InetSocketAddress bridge = each.optional(ClusterKeys.MEMBER_BRIDGE);
            if (bridge != null && each.sound(ClusterKeys.MEMBER_BRIDGE)) {
                judge(each, ClusterKeys.MEMBER_BRIDGE, bridge, addresses);
            }
            members.add(
                    new ClusterMember(node, each.get(ClusterKeys.MEMBER_SITE), address, bridge));
        }
        demandBridges(members);
        return members;
    }

    /// Each member may come to speak for its site: all have a bridge, or none.
    private void demandBridges(List<ClusterMember> members) {
        List<Section> sections = section.repeated(ClusterKeys.MEMBER);
        Set<String> sites =
                members.stream()
                        .map(ClusterMember::site)
                        .collect(Collectors.toCollection(TreeSet::new));
        if (members.stream().allMatch(member -> member.bridge() == null)) {
            if (sites.size() > 1) {
                sections.getFirst()
                        .place(ClusterKeys.MEMBER_SITE)
                        .warn(
                                "is one of several: members are of "
                                        + String.join(", ", sites)
                                        + ", and without bridge those of another site are"
                                        + " strangers");
            }
            return;
        }
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).bridge() == null) {
                sections.get(i).missing(ClusterKeys.MEMBER_BRIDGE);
            }
        }
        if (sites.size() == 1) {
            sections.getFirst()
                    .place(ClusterKeys.MEMBER_BRIDGE)
                    .warn("is of no use: every member is of one site");
        }
    }

    private static void judge(
            Section member,
            Key<InetSocketAddress> key,
            InetSocketAddress address,
            Set<InetSocketAddress> addresses) {
        if (address.getAddress().isAnyLocalAddress() || address.getPort() == 0) {
            member.place(key)
                    .contradicts(
                            "is not where others reach it; legal are one address of the member and"
                                    + " a port");
        } else if (!addresses.add(address)) {
            member.place(key).contradicts("is another member's too; legal is one of its own");
        }
    }

    /// Who we are towards the other members.
    private record Identified(
            Credentials credentials, Instant end, SSLContext tls, @Nullable SSLContext bridgeTls) {}

    private @Nullable Identified tls(String node, List<ClusterMember> members) {
        Path certificate = fileOf(ClusterKeys.CERTIFICATE);
        Path key = fileOf(ClusterKeys.PRIVATE_KEY);
        Path trust = fileOf(ClusterKeys.TRUST);
        if (certificate == null || key == null || trust == null) {
            return null;
        }
        Place place = section.place(ClusterKeys.CERTIFICATE);
        List<X509Certificate> chain = PemReader.certificates(certificate, place);
        PrivateKey own = PemReader.privateKey(key, section.place(ClusterKeys.PRIVATE_KEY));
        List<X509Certificate> authorities =
                PemReader.certificates(trust, section.place(ClusterKeys.TRUST));
        if (chain.isEmpty() || own == null || authorities.isEmpty()) {
            return null;
        }
        chain.forEach(each -> CertificateTimes.warnOfOwn(each, place, now));
        authorities.forEach(each ->
                CertificateTimes.warnOfAuthority(each, section.place(ClusterKeys.TRUST), now));
        String site =
                members.stream()
                        .filter(member -> member.node().equals(node))
                        .map(ClusterMember::site)
                        .findFirst()
                        .orElse("");
        Set<String> ofSite =
                members.stream()
                        .filter(member -> member.site().equals(site))
                        .map(ClusterMember::node)
                        .collect(Collectors.toUnmodifiableSet());
        Set<String> all =
                members.stream().map(ClusterMember::node).collect(Collectors.toUnmodifiableSet());
        boolean isBridged = members.stream().anyMatch(member -> member.bridge() != null);
        try {
            String refusal = MemberTls.refusal(chain, own, authorities, Set.of(node));
            if (refusal != null) {
                place.contradicts(
                        "other members would refuse it: "
                                + refusal
                                + "; wanted is one that names "
                                + node
                                + ", from an authority of trust, for TLS servers and clients, as"
                                + " \"postern pki member\" makes it");
                return null;
            }
            return new Identified(
                    credentials(chain, own),
                    end(chain, authorities),
                    MemberTls.context(chain, own, authorities, ofSite),
                    isBridged ? MemberTls.context(chain, own, authorities, all) : null);
        } catch (IOException | UnreadableException | CertificateEncodingException e) {
            place.contradicts(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /// Of several authorities the last one vouches.
    private static Instant end(List<X509Certificate> chain, List<X509Certificate> authorities) {
        Instant last = Collections.max(authorities.stream().map(ClusterReader::end).toList());
        Instant first = Collections.min(chain.stream().map(ClusterReader::end).toList());
        return first.isBefore(last) ? first : last;
    }

    private static Instant end(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    private static Credentials credentials(List<X509Certificate> chain, PrivateKey own)
            throws UnreadableException, CertificateEncodingException {
        return Credentials.of(
                chain.getFirst().getEncoded(),
                own.getEncoded(),
                null,
                new SecureRandom()::nextBytes);
    }

    private @Nullable Path fileOf(Key<Path> key) {
        Path file = section.optional(key);
        if (!section.has(key)) {
            section.missing(key);
        }
        return file;
    }
}
