package dev.postern.sim;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.CertificatePolicy.Revocation;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.ResponderProfile;
import dev.postern.pki.Credentials;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// By what the parties of a run prove themselves to each other.
final class Proofs {
    private static final EapPolicy EAP = new EapPolicy(null, false, true);

    private final Terms.Proof proof;
    private final Map<Identity, SecretBytes> keys;
    private final @Nullable Issuer issuer;

    /// @param keys of clients
    Proofs(Plan plan, Map<Identity, SecretBytes> keys) {
        this(plan, Domain.NAME, keys);
    }

    /// @param owner whose authority issues certificates
    Proofs(Plan plan, String owner, Map<Identity, SecretBytes> keys) {
        this.proof = plan.terms().proof();
        this.keys = keys;
        this.issuer = proof == Terms.Proof.PRE_SHARED_KEY ? null : new Issuer(plan.seed(), owner);
    }

    /// A gateway of this name.
    ResponderProfile.Builder of(Identity gateway, ResponderProfile.Builder profile) {
        return switch (proof) {
            case PRE_SHARED_KEY -> profile.preSharedKeys(keys);
            case CERTIFICATE -> profile.certificates(certificates(gateway));
            case EAP -> profile.certificates(certificates(gateway)).eap(EAP);
        };
    }

    /// A client of this name.
    InitiatorProfile.Builder of(Identity client, InitiatorProfile.Builder profile) {
        return switch (proof) {
            case PRE_SHARED_KEY ->
                    profile.preSharedKey(
                            Objects.requireNonNull(keys.get(client), "a client of the domain"));
            case CERTIFICATE -> profile.certificates(certificates(client));
            case EAP -> profile.certificates(certificates(null)).eap(EAP);
        };
    }

    /// @param own whom it proves; null for nobody
    private @Nullable CertificatePolicy certificates(@Nullable Identity own) {
        return issuer == null
                ? null
                : new CertificatePolicy(
                        own == null ? null : issuer.of(own),
                        issuer.anchors(),
                        List.of(),
                        Revocation.OFF);
    }

    /// By which others know this one; null where nobody has a certificate.
    @Nullable Credentials credentials(Identity own) {
        return issuer == null ? null : issuer.of(own);
    }

    /// Private keys.
    List<byte[]> secrets() {
        return issuer == null ? List.of() : issuer.secrets();
    }
}
