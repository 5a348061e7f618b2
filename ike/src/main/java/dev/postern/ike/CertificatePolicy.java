package dev.postern.ike;

import dev.postern.pki.Credentials;
import dev.postern.pki.IdentityPattern;
import dev.postern.pki.RevocationSources;
import dev.postern.pki.TrustAnchors;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What certificates mean in a profile, in both roles.
///
/// @param own by which we prove ourselves; null where we have none
/// @param peers who vouches for peers; null where no peer proves itself by a certificate
/// @param identities whom a peer may be; empty for everybody whom an authority of `peers` vouches
///   for
/// @param revocation what is done about revocation
/// @param sources where to ask when nothing current is at hand; null for nowhere
public record CertificatePolicy(
        @Nullable Credentials own,
        @Nullable TrustAnchors peers,
        List<IdentityPattern> identities,
        Revocation revocation,
        @Nullable RevocationSources sources) {
    /// What is done about revocation (RFC 5280 section 6.3).
    public enum Revocation {
        /// Nothing is looked at.
        OFF,
        /// A certificate that is known to be revoked is refused.
        RELAXED,
        /// A certificate is refused unless current evidence says that it is not revoked.
        STRICT
    }

    /// One that decides by what is at hand.
    public CertificatePolicy(
            @Nullable Credentials own,
            @Nullable TrustAnchors peers,
            List<IdentityPattern> identities,
            Revocation revocation) {
        this(own, peers, identities, revocation, null);
    }

    public CertificatePolicy {
        identities = List.copyOf(identities);
    }

    /// Whether a peer with this identity may come in by its certificate.
    public boolean admits(Identity identity) {
        return peers != null
                && (identities.isEmpty()
                        || identities.stream().anyMatch(each -> each.matches(identity)));
    }
}
