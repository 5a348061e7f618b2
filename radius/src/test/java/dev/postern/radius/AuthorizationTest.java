package dev.postern.radius;

import static dev.postern.radius.ServerByHand.address;
import static dev.postern.radius.ServerByHand.hex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// What of an Access-Accept stays with a session, and what it means.
class AuthorizationTest {
    private static final Octets ALICE = Octets.ofAscii("alice");

    private static Authorization granted(Attribute... attributes) {
        return new Authorization(Authorization.granted(new Attributes(List.of(attributes)), ALICE));
    }

    @Test
    void keysStatesAndMessagesDoNotStay() {
        List<Attribute> attributes = new ArrayList<>();
        attributes.addAll(Rfc2548_2_4_MppeKeysTest.keys(new byte[32], new byte[32]).list());
        attributes.add(Attribute.text(Attribute.STATE, "s"));
        attributes.add(Attribute.text(Attribute.EAP_MESSAGE, "e"));
        attributes.add(Attribute.text(Attribute.REPLY_MESSAGE, "m"));
        attributes.add(new Attribute(Attribute.MESSAGE_AUTHENTICATOR, Octets.of(new byte[16])));
        assertThat(granted(attributes.toArray(Attribute[]::new)).attributes().list())
                .containsExactly(new Attribute(Attribute.USER_NAME, ALICE));
    }

    @Test
    void itSurvivesTheSessionsRawForm() {
        Authorization authorization =
                granted(
                        Attribute.integer(Attribute.SESSION_TIMEOUT, 60),
                        Attribute.text(Attribute.FILTER_ID, "staff"),
                        Attribute.text(Attribute.CLASS, "c1"),
                        Attribute.text(Attribute.CLASS, "c2"));
        assertThat(Authorization.ofRaw(authorization.attributes().raw())).isEqualTo(authorization);
        assertThat(authorization.userName()).isEqualTo("alice");
        assertThat(authorization.filterIds()).containsExactly("staff");
        assertThat(authorization.classes())
                .containsExactly(Octets.ofAscii("c1"), Octets.ofAscii("c2"));
    }

    /// A failover must not ask the server again: all that has effect goes into the session.
    @Test
    void allThatTakesEffectStays() {
        List<Attribute> effective =
                List.of(
                        Attribute.address(Attribute.FRAMED_IP_ADDRESS, address("10.9.0.7")),
                        Attribute.address(
                                Attribute.FRAMED_IPV6_ADDRESS,
                                InetAddress.ofLiteral("2001:db8:9::7")),
                        Attribute.text(Attribute.FILTER_ID, "staff"),
                        Attribute.integer(Attribute.SESSION_TIMEOUT, 60),
                        Attribute.integer(Attribute.IDLE_TIMEOUT, 30),
                        Attribute.integer(Attribute.ACCT_INTERIM_INTERVAL, 90),
                        Attribute.text(Attribute.CHARGEABLE_USER_IDENTITY, "cui-7"),
                        Attribute.address(
                                Attribute.DNS_SERVER_IPV6_ADDRESS,
                                InetAddress.ofLiteral("2001:db8:9::53")),
                        Attribute.text(Attribute.CLASS, "c1"));
        List<Attribute> kept =
                Authorization.ofRaw(granted(effective.toArray(Attribute[]::new)).attributes().raw())
                        .attributes()
                        .list();
        assertThat(kept).containsAll(effective).hasSize(effective.size() + 1);
    }

    @Test
    void anOctetStringThatIsNoAttributeIsLeftOut() {
        assertThat(Attributes.ofRaw(List.of(hex("01"), hex("0100"), hex("1b06 0000003c"))).list())
                .containsExactly(Attribute.integer(Attribute.SESSION_TIMEOUT, 60));
    }

    @Test
    void framedAddressesOfBothFamiliesAreRead() {
        Authorization authorization =
                granted(
                        Attribute.address(Attribute.FRAMED_IP_ADDRESS, address("10.9.0.7")),
                        new Attribute(
                                Attribute.FRAMED_IPV6_ADDRESS,
                                hex("20010db8000000000000000000000007")));
        assertThat(authorization.framedAddresses())
                .extracting(java.net.InetAddress::getHostAddress)
                .containsExactly("10.9.0.7", "2001:db8:0:0:0:0:0:7");
    }

    /// RFC 2865 section 5.8: 255.255.255.255 lets the user choose, 255.255.255.254 the NAS.
    @Test
    void theTwoAddressesThatMeanNoneAssignNone() {
        for (String none : List.of("ffffffff", "fffffffe")) {
            assertThat(
                            granted(new Attribute(Attribute.FRAMED_IP_ADDRESS, hex(none)))
                                    .framedAddresses())
                    .isEmpty();
        }
    }

    @Test
    void nameServersComeFromMicrosoftsAttributesAndRfc6911() {
        Authorization authorization =
                granted(
                        new Attribute(
                                Attribute.VENDOR_SPECIFIC,
                                hex("00000137 1c06 0a010035 1d06 0a010135")),
                        new Attribute(
                                Attribute.DNS_SERVER_IPV6_ADDRESS,
                                hex("20010db8000000000000000000000035")));
        assertThat(authorization.nameServers())
                .extracting(java.net.InetAddress::getHostAddress)
                .containsExactly("10.1.0.53", "10.1.1.53", "2001:db8:0:0:0:0:0:35");
    }

    /// RFC 2869 section 5.16.
    @Test
    void anInterimIntervalBelowSixtySecondsIsSixty() {
        assertThat(granted(Attribute.integer(Attribute.ACCT_INTERIM_INTERVAL, 5)).interimSeconds())
                .isEqualTo(60);
        assertThat(
                        granted(Attribute.integer(Attribute.ACCT_INTERIM_INTERVAL, 600))
                                .interimSeconds())
                .isEqualTo(600);
        assertThat(granted().interimSeconds()).isZero();
    }

    @Test
    void whatStaysIsBoundedAndClassGoesFirstWhereItDoesNotFit() {
        List<Attribute> many = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            many.add(new Attribute(Attribute.CLASS, Octets.of(new byte[253])));
        }
        many.add(Attribute.integer(Attribute.SESSION_TIMEOUT, 77));
        Authorization authorization = granted(many.toArray(Attribute[]::new));
        int octets = authorization.attributes().raw().stream().mapToInt(Octets::length).sum();
        assertThat(octets).isLessThanOrEqualTo(Authorization.KEPT_OCTETS);
        assertThat(authorization.sessionTimeoutSeconds()).isEqualTo(77);
    }

    @Test
    void aChangeReplacesWhatItNamesAndKeepsTheRest() {
        Authorization changed =
                granted(
                                Attribute.integer(Attribute.SESSION_TIMEOUT, 60),
                                Attribute.text(Attribute.FILTER_ID, "staff"),
                                Attribute.text(Attribute.CLASS, "c"))
                        .changedBy(
                                new Attributes(
                                        List.of(Attribute.text(Attribute.FILTER_ID, "guests"))));
        assertThat(changed.filterIds()).containsExactly("guests");
        assertThat(changed.sessionTimeoutSeconds()).isEqualTo(60);
        assertThat(changed.classes()).hasSize(1);
    }
}
