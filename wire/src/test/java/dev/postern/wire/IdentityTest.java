package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;

/// Identities as AUTH covers them and as people read them, RFC 7296 sections 2.15 and 3.5.
class IdentityTest {
    @Test
    void theBodyIsTypeReservedAndData() {
        assertThat(Octets.of(Identity.fqdn("gw").body()).hex()).isEqualTo("020000006777");
    }

    @Test
    void namesAndAddressesReadAsWhatTheyAre() throws UnknownHostException {
        assertThat(Identity.fqdn("gw-a.example.com")).hasToString("gw-a.example.com");
        assertThat(Identity.email("Jörg@example.com")).hasToString("Jörg@example.com");
        assertThat(Identity.address(InetAddress.getByName("192.0.2.7"))).hasToString("192.0.2.7");
        assertThat(Identity.address(InetAddress.getByName("2001:db8::7")))
                .hasToString("2001:db8:0:0:0:0:0:7");
        assertThat(Identity.keyId(Octets.ofHex("00ff"))).hasToString("keyid:00ff");
        assertThat(new Identity(9, Octets.ofHex("3000"))).hasToString("id9:3000");
    }

    @Test
    void anAddressOfAnImpossibleLengthReadsAsHexadecimal() {
        assertThat(new Identity(Identity.IPV4_ADDR, Octets.ofHex("010203"))).hasToString("010203");
        assertThat(new Identity(Identity.IPV6_ADDR, Octets.EMPTY)).hasToString("");
    }

    @Test
    void lineBreaksEscapesAndDirectionMarksDoNotReachALog() {
        assertThat(name("a\r\nlevel=info msg=forged")).hasToString("a??level=info msg=forged");
        assertThat(name("\u001b[2Ja\u0000b\u007f\u009bc")).hasToString("?[2Ja?b??c");
        assertThat(name("a\u202egnp.exe\u2066\u200b\ufeff")).hasToString("a?gnp.exe???");
        assertThat(name("a\u2028b\u2029c")).hasToString("a?b?c");
    }

    @Test
    void noRandomOctetsPutAControlCharacterIntoALog() {
        Random random = new Random(35);
        for (int i = 0; i < 200_000; i++) {
            Identity identity = new Identity(random.nextInt(14), Messages.upTo(random, 40));
            String text = identity.toString();
            for (int at = 0; at < text.length(); at++) {
                assertThat(Character.isISOControl(text.charAt(at)))
                        .as(() -> identity.type() + ": " + identity.data().hex())
                        .isFalse();
            }
        }
    }

    @Test
    void whatIsPrintedIsBounded() {
        assertThat(name("x".repeat(60_000)).toString()).hasSizeLessThanOrEqualTo(256);
        assertThat(Identity.keyId(Octets.of(new byte[60_000])).toString()).hasSizeLessThan(600);
        assertThat(new Identity(9, Octets.of(new byte[60_000])).toString()).hasSizeLessThan(600);
        assertThat(new Identity(1, Octets.of(new byte[60_000])).toString()).hasSizeLessThan(600);
    }

    private static Identity name(String name) {
        return Identity.fqdn(name);
    }
}
