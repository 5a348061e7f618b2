package dev.postern.gateway.configuration;

import dev.postern.ike.CertificatePolicy;
import dev.postern.pki.ChainVerdict;
import dev.postern.pki.Credentials;
import dev.postern.pki.IdentityPattern;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;
import dev.postern.pki.TrustAnchors;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// What certificates mean to a gateway's profile, or to a client.
///
/// @param own by which we prove ourselves; null where we have none
/// @param trust who vouches for the other end; null where it proves itself in another way
/// @param peers whom a peer may be; empty for everybody whom `trust` vouches for
/// @param lists files of revocation lists, to be read again when they change
/// @param evidence what they said
/// @param online where else news of revocation are to be had
public record CertificateSettings(
        @Nullable Credentials own,
        @Nullable TrustAnchors trust,
        List<IdentityPattern> peers,
        CertificatePolicy.Revocation revocation,
        List<Path> lists,
        RevocationEvidence evidence,
        Online online) {
    /// News of revocation beyond files.
    ///
    /// @param lists addresses of revocation lists, to be fetched ahead
    /// @param sources whom to ask while a peer waits
    /// @param staples whether what is said of our own certificates is fetched ahead for peers that
    ///   ask us for it
    public record Online(List<String> lists, RevocationSources sources, boolean staples) {
        public Online {
            lists = List.copyOf(lists);
        }
    }

    public CertificateSettings {
        peers = List.copyOf(peers);
        lists = List.copyOf(lists);
    }

    /// What the control plane is told.
    public CertificatePolicy policy() {
        boolean asks = trust != null && !online.sources().isEmpty();
        return new CertificatePolicy(own, trust, peers, revocation, asks ? online.sources() : null);
    }

    /// Whether whoever holds these credentials is trusted here at an instant.
    boolean trusts(@Nullable Credentials other, Instant at) {
        return other != null
                && trust != null
                && trust.judge(other.chain(), at) instanceof ChainVerdict.Trusted;
    }
}
