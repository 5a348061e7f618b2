package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.ChildMode;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.net.Prefix;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Reads the profiles and their peers.
final class ProfileReader {
    private final Report report;
    private final @Nullable Identity identity;
    private final Instant now;
    private final Map<String, Pool> pools = new LinkedHashMap<>();

    /// Where an identity stands, over all profiles: the one that a peer claims decides its profile.
    private final Map<Identity, String> seen = new HashMap<>();

    /// @param identity the gateway's; null where it was refused
    ProfileReader(Report report, List<Pool> pools, @Nullable Identity identity, Instant now) {
        this.report = report;
        this.identity = identity;
        this.now = now;
        pools.forEach(pool -> this.pools.put(pool.name(), pool));
    }

    List<Profile> readAll(Section top) {
        List<Section> sections = top.named(GatewayKeys.PROFILE);
        if (sections.isEmpty()) {
            top.missing("profile: missing; legal is at least one table [profile.NAME]");
        }
        return sections.stream().map(this::read).toList();
    }

    private Profile read(Section section) {
        @Nullable List<String> poolNames = section.optional(GatewayKeys.PROFILE_POOL);
        @Nullable List<Prefix> remote = section.optional(GatewayKeys.REMOTE_SUBNETS);
        List<String> chosen = poolNames == null ? List.of() : poolNames;
        ChildMode mode = section.get(SharedKeys.MODE);
        @Nullable List<Prefix> local = section.optional(GatewayKeys.LOCAL_SUBNETS);
        checkSubnets(section, mode, chosen);
        @Nullable EapSettings eap = EapReader.ofProfile(report, section, now);
        return new Profile(
                section.name(),
                section.get(SharedKeys.IKE_SUITES),
                section.get(SharedKeys.ESP_SUITES),
                mode,
                chosen,
                local == null ? List.of() : local,
                remote == null ? List.of() : remote,
                peers(section),
                ResumptionReader.ofProfile(section),
                liveness(section.single(GatewayKeys.LIVENESS)),
                LifeKeys.read(section.single(LifeKeys.LIFE)),
                eap,
                CertificateReader.ofProfile(section, identity, now),
                PpkTable.ofProfile(section));
    }

    private void checkSubnets(Section section, ChildMode mode, List<String> chosen) {
        if (mode == ChildMode.TUNNEL) {
            checkPeersSide(section, chosen);
            if (!section.has(GatewayKeys.LOCAL_SUBNETS)) {
                section.missing(GatewayKeys.LOCAL_SUBNETS);
            }
            return;
        }
        for (Key<?> key :
                List.of(
                        GatewayKeys.PROFILE_POOL,
                        GatewayKeys.REMOTE_SUBNETS,
                        GatewayKeys.LOCAL_SUBNETS)) {
            if (section.has(key)) {
                section.place(key)
                        .contradicts(
                                "means nothing with mode = \"transport\", which is between the"
                                    + " peers' own addresses; legal with mode = \"tunnel\" only");
            }
        }
    }

    private void checkPeersSide(Section section, List<String> chosen) {
        boolean both =
                section.has(GatewayKeys.PROFILE_POOL) && section.has(GatewayKeys.REMOTE_SUBNETS);
        if (both) {
            section.place(GatewayKeys.REMOTE_SUBNETS)
                    .contradicts("stands beside pool; legal is one of the two");
        } else if (!section.has(GatewayKeys.PROFILE_POOL)
                && !section.has(GatewayKeys.REMOTE_SUBNETS)) {
            section.missing(GatewayKeys.PROFILE_POOL, "missing, and so is remote-subnets");
        }
        chosen.forEach(name -> checkDeclared(section, name));
        List<Pool> known = chosen.stream().map(pools::get).filter(Objects::nonNull).toList();
        for (boolean ipv4 : new boolean[] {true, false}) {
            List<String> sameFamily =
                    known.stream()
                            .filter(pool -> pool.addresses().isIpv4() == ipv4)
                            .map(Pool::name)
                            .toList();
            if (sameFamily.size() > 1) {
                section.place(GatewayKeys.PROFILE_POOL)
                        .contradicts(
                                String.join(" and ", sameFamily)
                                        + " are both of "
                                        + (ipv4 ? "IPv4" : "IPv6")
                                        + "; legal is one pool of a family");
            }
        }
    }

    private void checkDeclared(Section section, String name) {
        if (pools.containsKey(name)) {
            return;
        }
        List<String> names = List.copyOf(pools.keySet());
        String meant = Suggestion.of(name, names);
        section.place(GatewayKeys.PROFILE_POOL)
                .contradicts(
                        "there is no [pool."
                                + name
                                + "]"
                                + (meant == null ? "" : ", did you mean " + meant + "?")
                                + (names.isEmpty()
                                        ? "; no pool is declared"
                                        : "; legal are " + String.join(", ", names)));
    }

    private Map<Identity, SecretBytes> peers(Section section) {
        List<Section> tables = new ArrayList<>(section.repeated(GatewayKeys.PEER));
        @Nullable Path secrets = section.optional(GatewayKeys.SECRETS);
        if (secrets != null) {
            Place place = section.place(GatewayKeys.SECRETS);
            String text = SecretFile.read(secrets, place);
            if (text != null) {
                Section file = TomlDocument.parse(report, secrets, text, GatewayKeys.SECRETS_FILE);
                List<Section> further = file.repeated(GatewayKeys.PEER);
                if (further.isEmpty()) {
                    file.missing("peer: missing; legal is at least one table [[peer]]");
                }
                tables.addAll(further);
            }
        } else if (tables.isEmpty() && !admitsOthers(section)) {
            section.missing(
                    "profile."
                            + section.name()
                            + ": has no peer; legal is a table [[profile."
                            + section.name()
                            + ".peer]] for each, secrets = \"file\", or a table certificates or"
                            + " eap");
        }
        Map<Identity, SecretBytes> keys = new HashMap<>();
        for (Section table : tables) {
            addPeer(keys, table);
        }
        return keys;
    }

    private static boolean admitsOthers(Section section) {
        return section.single(EapKeys.GATEWAY).has(EapKeys.METHOD)
                || section.single(CertificateKeys.GATEWAY).has(CertificateKeys.TRUST);
    }

    private void addPeer(Map<Identity, SecretBytes> keys, Section table) {
        Identity identity = table.get(GatewayKeys.PEER_ID);
        SecretBytes key = PskReader.read(table);
        if (!table.sound(GatewayKeys.PEER_ID)) {
            return;
        }
        Place place = table.place(GatewayKeys.PEER_ID);
        String earlier = seen.putIfAbsent(identity, "line " + place.line() + " of " + place.file());
        if (earlier == null) {
            keys.put(identity, key);
        } else {
            place.contradicts(
                    "is already a peer in "
                            + earlier
                            + "; legal is each identity once in the file");
        }
    }

    private static LivenessPolicy liveness(Section section) {
        return new LivenessPolicy(
                section.get(SharedKeys.IDLE).toNanos(),
                RetransmissionSchedule.STANDARD,
                false,
                section.get(GatewayKeys.CLIENT_FLOOR).toNanos());
    }
}
