package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.dhcp.DhcpMessage;
import dev.postern.pki.DistinguishedName;
import dev.postern.pki.IdentityPattern;
import dev.postern.pki.OcspResponse;
import dev.postern.pki.UnreadableException;
import dev.postern.radius.Attribute;
import dev.postern.radius.Attributes;
import dev.postern.radius.Call;
import dev.postern.radius.ClientEffect;
import dev.postern.radius.Moment;
import dev.postern.radius.RadiusClient;
import dev.postern.radius.RetryPolicy;
import dev.postern.radius.Server;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/// What servers of others answer: responders of OCSP, DHCP and RADIUS servers; and names.
final class AnswersFuzz {
    private static final int MOST_PACKETS = 16;
    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.10"), 1812);

    @FuzzTest
    void anOcspResponse(byte[] der) throws GeneralSecurityException {
        X509Certificate certificate = EapTlsFuzz.certificate("server");
        X509Certificate issuer = EapTlsFuzz.certificate("ca");
        try {
            OcspResponse response = OcspResponse.decode(der);
            assertThat(response.nonce().length).isLessThan(der.length);
            OcspResponse.Single found = response.about(certificate, issuer);
            if (found != null) {
                assertThat(response.answers()).contains(found);
                assertThat(found.id().serial()).isEqualTo(certificate.getSerialNumber());
                assertThat(response.about(certificate, null)).isNotNull();
            }
        } catch (UnreadableException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    /// The name of an identity that nobody has proven yet: judged, compared and printed.
    @FuzzTest
    void aDistinguishedName(byte[] der) {
        Identity identity = new Identity(Identity.DER_ASN1_DN, Octets.of(der));
        assertThat(identity).isEqualTo(new Identity(Identity.DER_ASN1_DN, Octets.of(der)));
        assertThat(identity.toString().chars().noneMatch(Character::isISOControl)).isTrue();
        assertThat(identity.hashCode())
                .isEqualTo(new Identity(Identity.DER_ASN1_DN, Octets.of(der)).hashCode());
        new IdentityPattern("CN=*, O=Example").matches(identity);
        try {
            DistinguishedName name = DistinguishedName.decode(der);
            assertThat(name.describes(name)).isTrue();
        } catch (UnreadableException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    @FuzzTest
    void aPatternOfIdentities(byte[] text) {
        String pattern = new String(text, StandardCharsets.UTF_8);
        try {
            IdentityPattern read = new IdentityPattern(pattern);
            assertThat(read.text()).isEqualTo(pattern);
            read.matches(Identity.fqdn("gw.example"));
            if (DistinguishedName.isMeant(pattern) && !pattern.contains("*")) {
                assertThat(read.matches(DistinguishedName.of(pattern).identity())).isTrue();
            }
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    @FuzzTest
    void aDhcpMessage(byte[] octets) {
        DhcpMessage message = DhcpMessage.decode(octets);
        if (message != null) {
            message.type();
            for (int option : message.options().keySet()) {
                message.number(option);
            }
        }
    }

    /// Answers of whoever does not know the secret, from the server's own address: the client takes
    /// none of them and goes on waiting. Each is one octet of length and its octets.
    @FuzzTest
    void answersToARadiusClient(byte[] input) {
        SecretBytes secret =
                SecretBytes.owning("fuzzed without it".getBytes(StandardCharsets.UTF_8));
        RadiusClient client =
                new RadiusClient(
                        List.of(new Server("aaa", SERVER, secret)),
                        RetryPolicy.DEFAULT,
                        new CountingEntropy(4));
        Moment now = new Moment(1_000_000_000L, 1_700_000_000L);
        Attributes alice = new Attributes(List.of(Attribute.text(Attribute.USER_NAME, "alice")));
        client.submit(new Call.Access(1, alice, -1), now);
        client.submit(new Call.Accounting(2, alice, now.epochSeconds()), now);
        int at = 0;
        for (int i = 0; i < MOST_PACKETS && at < input.length; i++) {
            int length = Math.min(Byte.toUnsignedInt(input[at]), input.length - at - 1);
            byte[] datagram = Arrays.copyOfRange(input, at + 1, at + 1 + length);
            at += 1 + length;
            for (int channel = 0; channel < 2; channel++) {
                assertThat(client.onDatagram(SERVER, channel, datagram, now))
                        .noneMatch(ClientEffect.Answered.class::isInstance);
            }
        }
        assertThat(client.outstanding()).isEqualTo(2);
    }
}
