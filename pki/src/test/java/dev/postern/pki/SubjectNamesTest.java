package dev.postern.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/// Which identities a certificate proves, RFC 4945 section 3.1. c07 has DNS:c07.example and
/// email:c07@Example.org, gw-a DNS:gw-a.example and IP:192.0.2.1.
class SubjectNamesTest {
    @Test
    void hostsAndTheHostsOfMailboxesAreComparedWithoutCase() throws UnreadableException {
        X509Certificate c07 = Fixtures.certificate("c07");
        for (Identity own :
                List.of(
                        Identity.fqdn("c07.example"),
                        Identity.fqdn("C07.EXAMPLE"),
                        Identity.email("c07@example.ORG"),
                        subject(c07))) {
            assertThat(SubjectNames.names(c07, own)).as("%s", own).isTrue();
        }
        InetAddress address = InetAddress.ofLiteral("192.0.2.1");
        assertThat(SubjectNames.names(Fixtures.certificate("gw-a"), Identity.address(address)))
                .isTrue();
    }

    @Test
    void neitherTheCommonNameNorAnotherKindOfNameCounts() throws UnreadableException {
        X509Certificate c07 = Fixtures.certificate("c07");
        for (Identity other :
                List.of(
                        Identity.fqdn("c07"),
                        Identity.fqdn("c08.example"),
                        Identity.fqdn("*.example"),
                        Identity.fqdn("c07@Example.org"),
                        Identity.email("C07@example.org"),
                        Identity.email("c07.example"),
                        Identity.keyId(Octets.ofAscii("c07.example")),
                        Identity.address(InetAddress.ofLiteral("192.0.2.1")),
                        new Identity(Identity.FQDN, Octets.EMPTY),
                        subject(Fixtures.certificate("gw-a")))) {
            assertThat(SubjectNames.names(c07, other)).as("%s", other).isFalse();
        }
    }

    /// T-ID-1: a short or malformed ID_DER_ASN1_DN.
    @Test
    void aMalformedDistinguishedNameIsNobody() throws UnreadableException {
        X509Certificate c07 = Fixtures.certificate("c07");
        Octets name = subject(c07).data();
        for (int length = 0; length < name.length(); length++) {
            Identity cut = new Identity(Identity.DER_ASN1_DN, name.slice(0, length));
            assertThat(SubjectNames.names(c07, cut)).as("%d octets", length).isFalse();
        }
    }

    @Test
    void theFirstAlternativeNameIsWhatItsOwnerClaims() throws UnreadableException {
        assertThat(SubjectNames.firstOf(Fixtures.certificate("gw-a")))
                .isEqualTo(Identity.fqdn("gw-a.example"));
    }

    private static Identity subject(X509Certificate certificate) {
        return new Identity(
                Identity.DER_ASN1_DN,
                Octets.of(certificate.getSubjectX500Principal().getEncoded()));
    }
}
