package dev.postern.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

import javax.security.auth.x500.X500Principal;

/// Distinguished names as RFC 4514 writes them and RFC 5280 section 7.1 compares them.
class DistinguishedNameTest {
    private static Identity identity(String text) {
        return DistinguishedName.of(text).identity();
    }

    /// The JDK's reader of names is the judge of what we write.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=alice,OU=Staff,O=Example,C=DE",
                "CN=Müller,O=Beispiel",
                "EMAILADDRESS=alice@example.org,O=Example",
                "UID=alice,DC=example,DC=org",
                "CN=Smith\\, John,O=a\\+b",
                "2.5.4.65=nick,O=Example",
                "SERIALNUMBER=17,CN=x"
            })
    void whatIsWrittenIsWhatTheJdkReads(String text) {
        X500Principal seen = new X500Principal(identity(text).data().array());
        assertThat(seen).isEqualTo(new X500Principal(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CN=alice, O=Example                | CN=ALICE,O=example          | true",
                "CN=a  b, O=Example                 | cn=A B , o = Example        | true",
                "CN=alice, O=Example                | O=Example, CN=alice         | false",
                "CN=alice, O=Example                | CN=alice, OU=x, O=Example   | false",
                "CN=*, O=Example                    | CN=bob, O=Example           | true",
                "CN=*, O=Example                    | CN=bob, O=Other             | false",
                "CN=*, O=Example                    | OU=bob, O=Example           | false",
                "CN=*, O=Example                    | CN=a, CN=b, O=Example       | false",
                "CN=gw-*.example, O=Example         | CN=gw-a.example, O=Example  | true",
                "CN=gw-*.example, O=Example         | CN=gw-.exampl, O=Example    | false",
                "CN=ab*bc                           | CN=abc                      | false",
                "'*, OU=Staff, O=Example'           | CN=a, OU=staff, O=Example   | true",
                "'*, OU=Staff, O=Example'           | E=a@b, CN=a, OU=Staff, O=Example | true",
                "'*, OU=Staff, O=Example'           | OU=Staff, O=Example         | true",
                "'*, OU=Staff, O=Example'           | CN=a, OU=Guests, O=Example  | false",
                "'*, OU=Staff, O=Example'           | CN=OU=Staff, O=Example      | false",
                "CN=\\*, O=Example                  | CN=bob, O=Example           | false",
                "CN=\\*, O=Example                  | CN=\\*, O=Example           | true"
            })
    void aPatternDescribesSomeNames(String pattern, String name, boolean matches) {
        Identity seen = identity(name);
        assertThat(new IdentityPattern(pattern).matches(seen)).isEqualTo(matches);
    }

    /// A certificate may hold its name as UTF8String where we would write PrintableString.
    @Test
    void theKindOfStringDoesNotMatter() {
        Octets utf8 = Octets.ofHex("3010310e300c06035504030c05616c696365");
        Identity seen = new Identity(Identity.DER_ASN1_DN, utf8);
        assertThat(new IdentityPattern("CN=Alice").matches(seen)).isTrue();
        assertThat(seen).isEqualTo(identity("CN=alice")).hasSameHashCodeAs(identity("CN=ALICE"));
        assertThat(seen.data()).isNotEqualTo(identity("CN=alice").data());
        assertThat(seen).hasToString("CN=alice").isNotEqualTo(identity("CN=alic"));
    }

    @Test
    void noOtherKindOfIdentityIsDescribed() {
        IdentityPattern pattern = new IdentityPattern("CN=*");
        assertThat(pattern.matches(Identity.fqdn("CN=a"))).isFalse();
        assertThat(pattern.matches(Identity.email("CN=a"))).isFalse();
        assertThat(pattern.matches(Identity.keyId(Octets.ofAscii("CN=a")))).isFalse();
        assertThat(new IdentityPattern("*@example").matches(identity("CN=a@example"))).isFalse();
        assertThat(new IdentityPattern("*.example").matches(identity("CN=a.example"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=",
                "CN=a,",
                "CN=a,O",
                "CN=a*,O=b",
                "*, CN=a",
                "CN=a+O=b",
                "CN=a;b",
                "CN=#00"
            })
    void aNameThatIsNoneOrAPatternIsRefusedWithTheReason(String text) {
        assertThatThrownBy(() -> DistinguishedName.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(is|has|holds) .*");
    }

    /// T-ID-1: every prefix of a name, and names with octets changed, are judged and never thrown.
    @Test
    void octetsThatAreNoNameAreNobody() throws UnreadableException {
        byte[] name = identity("CN=alice, OU=Staff, O=Example").data().array();
        IdentityPattern everybody = new IdentityPattern("*, O=Example");
        for (int length = 0; length < name.length; length++) {
            Identity cut = new Identity(Identity.DER_ASN1_DN, Octets.of(name).slice(0, length));
            assertThat(everybody.matches(cut)).as("%d octets", length).isFalse();
            assertThat(cut.toString()).startsWith("id9:");
            assertThat(cut).isEqualTo(new Identity(Identity.DER_ASN1_DN, cut.data()));
        }
        Random random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = name.clone();
            changed[random.nextInt(name.length)] = (byte) random.nextInt(256);
            Identity odd = new Identity(Identity.DER_ASN1_DN, Octets.of(changed));
            everybody.matches(odd);
            assertThat(odd).isEqualTo(new Identity(Identity.DER_ASN1_DN, odd.data()));
            assertThat(odd.toString().chars().noneMatch(Character::isISOControl)).isTrue();
        }
    }
}
