package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// N(REDIRECT) and N(REDIRECTED_FROM), RFC 5685 sections 9.2 and 9.3.
final class Section_9_RedirectTest {
    private static final Octets IPV4 = Octets.ofHex("c0000202");
    private static final Octets NONCE = Octets.ofHex("000102030405060708090a0b0c0d0e0f");

    @Test
    void anIpv4GatewayWithNonceDataIsTypeLengthAddressAndNonce() throws MalformedException {
        Redirect redirect = new Redirect(new GatewayList.Address(IPV4, 0), NONCE);
        assertThat(redirect.encode().hex())
                .isEqualTo("0104c0000202" + "000102030405060708090a0b0c0d0e0f");
        assertThat(Redirect.decode(redirect.encode())).isEqualTo(redirect);
    }

    @Test
    void anIpv6GatewayIsSixteenOctets() throws MalformedException {
        Octets data = Octets.ofHex("0210" + "20010db8000000000000000000000001");
        Redirect redirect = Redirect.decode(data);
        assertThat(redirect.gateway())
                .isEqualTo(
                        new GatewayList.Address(
                                Octets.ofHex("20010db8000000000000000000000001"), 0));
        assertThat(redirect.encode()).isEqualTo(data);
    }

    @Test
    void aNameIsItsAsciiCharacters() throws MalformedException {
        Octets data = Octets.ofHex("030c67772d622e6578616d706c65");
        assertThat(Redirect.decode(data).gateway()).isEqualTo(new GatewayList.Name("gw-b.example"));
    }

    @Test
    void aTypeThatIsNotKnownNamesNobody() throws MalformedException {
        assertThat(Redirect.decode(Octets.ofHex("f0020102")).gateway()).isNull();
    }

    @Test
    void everyPrefixOfTheGatewayIsMalformed() {
        Octets whole = Redirect.to(new GatewayList.Address(IPV4, 4501)).encode();
        for (int length = 0; length < whole.length(); length++) {
            Octets prefix = Octets.of(java.util.Arrays.copyOf(whole.array(), length));
            assertThatThrownBy(() -> Redirect.decode(prefix))
                    .as(prefix.hex())
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void anAddressOfTheWrongLengthIsMalformed() {
        assertThatThrownBy(() -> Redirect.decode(Octets.ofHex("0105c000020200")))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Redirect.decode(Octets.ofHex("0204c0000202")))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void aNameWithControlCharactersIsMalformed() {
        assertThatThrownBy(() -> Redirect.decode(Octets.ofHex("0303410a42")))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void redirectedFromIsOneAddress() throws MalformedException {
        assertThat(Redirect.encodeFrom(IPV4).hex()).isEqualTo("0104c0000202");
        assertThat(Redirect.decodeFrom(Octets.ofHex("0104c0000202"))).isEqualTo(IPV4);
    }

    @Test
    void redirectedFromANameOrWithMoreBehindItIsMalformed() {
        for (String data : new String[] {"03026162", "0104c000020200", "8106c000020211a4", ""}) {
            assertThatThrownBy(() -> Redirect.decodeFrom(Octets.ofHex(data)))
                    .as(data)
                    .isInstanceOf(MalformedException.class);
        }
    }
}
