package dev.postern.ike;

import dev.postern.pki.DistinguishedName;
import dev.postern.pki.IdentityPattern;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Peers of all profiles for whom something else holds than for the others of their profile.
///
/// @param members by the identity that was verified
/// @param marks attributes that the session keeps, type, length and value, one of which puts it
///   into the group: a RADIUS server's Filter-Id and Class, and what [#marksOf] a certificate are.
///   They are kept with the session, so a resume finds its group again
/// @param localSelectors what its members may reach; empty where the profile's count
/// @param terms what else holds for them
public record PeerGroup(
        String name,
        List<IdentityPattern> members,
        List<Octets> marks,
        List<TrafficSelector> localSelectors,
        Terms terms) {
    /// Vendor-Specific (RFC 2865 section 5.26) of no vendor: a server's attributes of that form are
    /// never kept, so none can be taken for these.
    private static final byte[] OF_NO_VENDOR = {26, 0, 0, 0, 0, 0};

    private static final int UNIT = 1;
    private static final int LONGEST_UNIT = 200;
    private static final int MOST_UNITS = 4;

    /// What a group sets beside selectors.
    ///
    /// @param mode of Child SAs; null where the profile's counts
    /// @param reauthenticationSeconds as in [LifePolicy]; null where the profile's count
    /// @param idleNanos as in [LivenessPolicy]; null where the profile's count
    public record Terms(
            @Nullable ChildMode mode,
            @Nullable Long reauthenticationSeconds,
            @Nullable Long idleNanos) {
        public static final Terms OF_THE_PROFILE = new Terms(null, null, null);
    }

    public PeerGroup {
        members = List.copyOf(members);
        marks = List.copyOf(marks);
        localSelectors = List.copyOf(localSelectors);
    }

    /// One whose members only reach something else.
    public PeerGroup(
            String name,
            List<IdentityPattern> members,
            List<Octets> marks,
            List<TrafficSelector> localSelectors) {
        this(name, members, marks, localSelectors, Terms.OF_THE_PROFILE);
    }

    /// @param attributes of the session
    public boolean has(Identity identity, List<Octets> attributes) {
        return attributes.stream().anyMatch(marks::contains)
                || members.stream().anyMatch(pattern -> pattern.matches(identity));
    }

    /// What a session keeps of the certificates that proved its peer: by what a revocation list
    /// names each ([IssuedCertificate]), and the organizational units in the first one's subject,
    /// for the authority vouches for these too.
    ///
    /// @param path from the peer's own certificate on
    public static List<Octets> marksOf(List<X509Certificate> path) {
        List<Octets> marks = new ArrayList<>(unitsOf(path.getFirst()));
        marks.addAll(IssuedCertificate.marksOf(path));
        return marks;
    }

    private static List<Octets> unitsOf(X509Certificate certificate) {
        List<Octets> marks = new ArrayList<>();
        for (String unit : DistinguishedName.unitsOf(certificate)) {
            if (marks.size() < MOST_UNITS
                    && unit.getBytes(StandardCharsets.UTF_8).length <= LONGEST_UNIT) {
                marks.add(markOfUnit(unit));
            }
        }
        return marks;
    }

    /// The mark of an organizational unit.
    public static Octets markOfUnit(String unit) {
        byte[] text = DistinguishedName.unit(unit).getBytes(StandardCharsets.UTF_8);
        byte[] octets = Arrays.copyOf(OF_NO_VENDOR, OF_NO_VENDOR.length + 2 + text.length);
        octets[1] = (byte) octets.length;
        octets[OF_NO_VENDOR.length] = UNIT;
        octets[OF_NO_VENDOR.length + 1] = (byte) (2 + text.length);
        System.arraycopy(text, 0, octets, OF_NO_VENDOR.length + 2, text.length);
        return Octets.of(octets);
    }

    /// The profile as it holds for the members.
    ResponderProfile over(ResponderProfile profile) {
        LifePolicy life = profile.life();
        LivenessPolicy liveness = profile.liveness();
        Long reauthentication = terms.reauthenticationSeconds();
        Long idle = terms.idleNanos();
        ChildMode mode = terms.mode() == null ? profile.mode() : terms.mode();
        return profile.toBuilder()
                .assignsAddresses(
                        mode == profile.mode()
                                ? profile.assignsAddresses()
                                : mode == ChildMode.TUNNEL)
                .localSelectors(
                        localSelectors.isEmpty() ? profile.localSelectors() : localSelectors)
                .remoteSelectors(
                        mode == profile.mode() ? profile.remoteSelectors() : localSelectors)
                .liveness(
                        idle == null
                                ? liveness
                                : new LivenessPolicy(
                                        idle,
                                        liveness.schedule(),
                                        liveness.keepsUnresponsive(),
                                        liveness.floorNanos()))
                .life(reauthentication == null ? life : life.withReauthentication(reauthentication))
                .mode(mode)
                .build();
    }
}
