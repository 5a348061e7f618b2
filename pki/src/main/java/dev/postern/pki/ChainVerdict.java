package dev.postern.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// What came of judging a chain.
public sealed interface ChainVerdict {
    /// A trusted authority vouches for the leaf at the instant in question.
    ///
    /// @param path from the leaf to the last certificate below the anchor
    /// @param anchor the authority
    /// @param notAfter when the first certificate of the path, or the anchor, expires
    record Trusted(List<X509Certificate> path, X509Certificate anchor, Instant notAfter)
            implements ChainVerdict {
        public Trusted {
            path = List.copyOf(path);
        }

        public X509Certificate leaf() {
            return path.getFirst();
        }

        /// Who signed this certificate of the path.
        public X509Certificate issuerOf(int index) {
            return index + 1 < path.size() ? path.get(index + 1) : anchor;
        }
    }

    /// Nobody trusted does.
    ///
    /// @param detail for people: what was seen and what was wanted
    record Refused(Reason reason, String detail) implements ChainVerdict {}

    enum Reason {
        /// No path leads to a trusted authority.
        NO_PATH,
        EXPIRED,
        NOT_YET_VALID,
        /// A signature in the path is not the issuer's.
        BAD_SIGNATURE,
        /// An authority may not vouch for this name (RFC 5280 section 4.2.1.10).
        NAME_CONSTRAINT,
        /// Key usage, extended key usage, path length, policy or a critical extension forbids it.
        NOT_ALLOWED
    }
}
