package dev.postern.pki;

import static dev.postern.pki.Fixtures.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.pki.issue.Extension;

import org.junit.jupiter.api.Test;

import java.security.cert.X509Certificate;
import java.util.List;

/// The addresses of a certificate that are ever asked: RFC 5280 sections 4.2.1.13 and 4.2.2.1 let
/// them be of any scheme.
class RevocationUrlsTest {
    private static final List<String> ADDRESSES =
            List.of(
                    "ldap://pki.example/cn=ca?certificateRevocationList",
                    "file:///etc/shadow",
                    "http://pki.example/ca",
                    "ftp://pki.example/ca",
                    "jar:http://pki.example/ca!/",
                    "httpx://pki.example/ca",
                    "//pki.example/ca",
                    "HTTPS://pki.example/ca");

    private static final List<String> OF_THE_WEB =
            List.of("http://pki.example/ca", "HTTPS://pki.example/ca");

    @Test
    void onlyAddressesOfTheWebAreRead() throws UnreadableException {
        X509Certificate certificate =
                Fixtures.authority(
                        NOW, Extension.listsAt(ADDRESSES), Extension.respondersAt(ADDRESSES));

        assertThat(RevocationUrls.listsOf(certificate)).isEqualTo(OF_THE_WEB);
        assertThat(RevocationUrls.respondersOf(certificate)).isEqualTo(OF_THE_WEB);
    }
}
