package dev.postern.wire;

import static dev.postern.wire.Refusals.assertBodyMalformed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/// The bodies of the other payloads, RFC 7296 sections 3.4 to 3.16.
class Section_3_4_to_3_16_PayloadsTest {
    @Test
    void aNonceHas16To256Octets() throws MalformedException {
        assertBodyMalformed(PayloadType.NONCE, "", Malformation.FIELD);
        assertBodyMalformed(PayloadType.NONCE, "aa".repeat(15), Malformation.FIELD);
        assertBodyMalformed(PayloadType.NONCE, "aa".repeat(257), Malformation.FIELD);
        for (int length : new int[] {16, 32, 256}) {
            assertThat(Refusals.payload(PayloadType.NONCE, "aa".repeat(length)))
                    .isEqualTo(new Payload.Nonce(Octets.ofHex("aa".repeat(length))));
        }
    }

    @Test
    void fixedPartsThatAreCutShortAreMalformed() {
        for (PayloadType type :
                List.of(
                        PayloadType.KE,
                        PayloadType.IDI,
                        PayloadType.IDR,
                        PayloadType.AUTH,
                        PayloadType.NOTIFY,
                        PayloadType.DELETE,
                        PayloadType.TSI,
                        PayloadType.TSR,
                        PayloadType.CP)) {
            for (int length = 0; length < 4; length++) {
                assertBodyMalformed(type, "01".repeat(length), Malformation.TRUNCATED);
            }
        }
        assertBodyMalformed(PayloadType.CERT, "", Malformation.TRUNCATED);
        assertBodyMalformed(PayloadType.CERTREQ, "", Malformation.TRUNCATED);
    }

    @Test
    void aKeyExchangeMayBeEmptyHereAndIsJudgedByItsMethod() throws MalformedException {
        assertThat(Refusals.payload(PayloadType.KE, "001fffff"))
                .isEqualTo(new Payload.KeyExchange(31, Octets.EMPTY));
    }

    @Test
    void reservedOctetsAreIgnored() throws MalformedException {
        assertThat(Refusals.payload(PayloadType.IDI, "02ffffff61"))
                .isEqualTo(new Payload.IdInitiator(Identity.fqdn("a")));
        assertThat(Refusals.payload(PayloadType.AUTH, "02ffffff61"))
                .isEqualTo(new Payload.Authentication(2, Octets.ofAscii("a")));
    }

    @Test
    void aNotificationMayHaveAnSpiOfAnyLengthWithinIt() throws MalformedException {
        assertThat(Refusals.payload(PayloadType.NOTIFY, "0304002cdeadbeef55"))
                .isEqualTo(
                        new Payload.Notify(
                                3,
                                Octets.ofHex("deadbeef"),
                                NotifyType.CHILD_SA_NOT_FOUND.code(),
                                Octets.ofHex("55")));
        assertBodyMalformed(PayloadType.NOTIFY, "0304002cdeadbe", Malformation.TRUNCATED);
        assertBodyMalformed(PayloadType.NOTIFY, "03ff002c", Malformation.TRUNCATED);
    }

    @Test
    void notificationsBelow16384AreErrors() {
        assertThat(new Payload.Notify(0, Octets.EMPTY, 16383, Octets.EMPTY).isError()).isTrue();
        assertThat(new Payload.Notify(0, Octets.EMPTY, 16384, Octets.EMPTY).isError()).isFalse();
        assertThat(NotifyType.name(16390)).isEqualTo("COOKIE");
        assertThat(NotifyType.name(3)).isEqualTo("notify 3");
    }

    @Test
    void aDeleteOfTheIkeSaNamesNoSpi() throws MalformedException {
        assertThat(Refusals.payload(PayloadType.DELETE, "01000000"))
                .isEqualTo(new Payload.Delete(Protocol.IKE, List.of()));
        assertBodyMalformed(PayloadType.DELETE, "01080001" + "11".repeat(8), Malformation.FIELD);
        assertBodyMalformed(PayloadType.DELETE, "01000001", Malformation.FIELD);
        assertBodyMalformed(PayloadType.DELETE, "01040000", Malformation.FIELD);
        assertBodyMalformed(PayloadType.DELETE, "0100000000", Malformation.LENGTH_MISMATCH);
    }

    @Test
    void aDeleteOfChildSasNamesSpisOfFourOctets() throws MalformedException {
        assertThat(Refusals.payload(PayloadType.DELETE, "030400020000000100000002"))
                .isEqualTo(new Payload.Delete(3, List.of(Octets.ofInt(1), Octets.ofInt(2))));
        assertThat(Refusals.payload(PayloadType.DELETE, "03040000"))
                .isEqualTo(new Payload.Delete(3, List.of()));
        assertBodyMalformed(PayloadType.DELETE, "030800010000000100000002", Malformation.FIELD);
        assertBodyMalformed(PayloadType.DELETE, "03000000", Malformation.FIELD);
        // A protocol that is none has no SPIs of a length that could be known.
        assertBodyMalformed(PayloadType.DELETE, "00000000", Malformation.FIELD);
    }

    @Test
    void theCountOfADeleteIsTheNumberOfItsSpis() {
        for (String count : List.of("0000", "0002", "3fff", "4001", "8001", "ffff")) {
            assertBodyMalformed(
                    PayloadType.DELETE, "0304" + count + "00000001", Malformation.LENGTH_MISMATCH);
        }
    }

    @Test
    void aSelectorIsEitherOfIpv4OrOfIpv6() throws MalformedException {
        assertThat(
                        Refusals.payload(
                                PayloadType.TSI, "01000000" + "07110010003500350a0000000a0000ff"))
                .isEqualTo(
                        new Payload.TsInitiator(
                                List.of(
                                        new TrafficSelector(
                                                7,
                                                17,
                                                53,
                                                53,
                                                Octets.ofHex("0a000000"),
                                                Octets.ofHex("0a0000ff")))));
        String ipv6 = "080000280000ffff" + "20".repeat(16) + "2f".repeat(16);
        assertThat(Refusals.payload(PayloadType.TSR, "01000000" + ipv6))
                .isInstanceOfSatisfying(
                        Payload.TsResponder.class,
                        ts -> assertThat(ts.selectors().getFirst().start().length()).isEqualTo(16));
    }

    @Test
    void aSelectorOfTheWrongLengthIsMalformed() {
        String rest = "0000ffff" + "0a000000".repeat(8);
        for (String start : List.of("0700000f", "07000011", "07000028", "08000010", "08000027")) {
            assertBodyMalformed(PayloadType.TSI, "01000000" + start + rest);
        }
        for (String length : List.of("0000", "0001", "0003")) {
            assertBodyMalformed(
                    PayloadType.TSI,
                    "01000000" + "0700" + length + rest,
                    Malformation.LENGTH_TOO_SMALL);
            assertBodyMalformed(
                    PayloadType.TSI,
                    "01000000" + "0900" + length + rest,
                    Malformation.LENGTH_TOO_SMALL);
        }
        assertBodyMalformed(
                PayloadType.TSI, "01000000" + "0700ffff" + rest, Malformation.LENGTH_TOO_LARGE);
    }

    @Test
    void aSelectorOfAnotherTypeIsPassedOver() throws MalformedException {
        String label = "0a000008" + "00000001";
        assertThat(
                        Refusals.payload(
                                PayloadType.TSI,
                                "02000000" + label + "070000100000ffff0a0000000a0000ff"))
                .isInstanceOfSatisfying(
                        Payload.TsInitiator.class, ts -> assertThat(ts.selectors()).hasSize(1));
        assertBodyMalformed(PayloadType.TSI, "01000000" + label, Malformation.FIELD);
    }

    @Test
    void theCountOfSelectorsIsTheirNumber() {
        String one = "070000100000ffff0a0000000a0000ff";
        assertBodyMalformed(PayloadType.TSI, "00000000", Malformation.FIELD);
        assertBodyMalformed(PayloadType.TSI, "00000000" + one);
        assertBodyMalformed(PayloadType.TSI, "02000000" + one, Malformation.TRUNCATED);
        assertBodyMalformed(PayloadType.TSI, "ff000000" + one, Malformation.TRUNCATED);
        assertBodyMalformed(PayloadType.TSI, "01000000" + one + one, Malformation.TRAILING_OCTETS);
    }

    @Test
    void aSelectorWhoseStartLiesBehindItsEndIsWellFormedAndLeftToNarrowing()
            throws MalformedException {
        // Section 3.13.1 uses start port 65535 and end port 0 for OPAQUE.
        assertThat(
                        Refusals.payload(
                                PayloadType.TSI, "01000000" + "07000010ffff00000a0000ff0a000000"))
                .isInstanceOf(Payload.TsInitiator.class);
    }

    @Test
    void configurationAttributesHaveTheirReservedBitMasked() throws MalformedException {
        assertThat(Refusals.payload(PayloadType.CP, "01000000" + "80010000" + "00080001aa"))
                .isEqualTo(
                        new Payload.Configuration(
                                Payload.Configuration.REQUEST,
                                List.of(
                                        new ConfigurationAttribute(1, Octets.EMPTY),
                                        new ConfigurationAttribute(8, Octets.ofHex("aa")))));
    }

    @Test
    void anAttributeThatReachesBeyondThePayloadIsMalformed() {
        assertBodyMalformed(PayloadType.CP, "01000000" + "000100", Malformation.TRUNCATED);
        assertBodyMalformed(PayloadType.CP, "01000000" + "00010001", Malformation.LENGTH_TOO_LARGE);
        assertBodyMalformed(
                PayloadType.CP, "01000000" + "0001ffff00", Malformation.LENGTH_TOO_LARGE);
    }

    @Test
    void configurationAttributesAreBounded() throws MalformedException {
        assertThat(Refusals.payload(PayloadType.CP, "01000000" + "00010000".repeat(256)))
                .isInstanceOf(Payload.Configuration.class);
        assertBodyMalformed(
                PayloadType.CP, "01000000" + "00010000".repeat(257), Malformation.TOO_MANY);
    }
}
