package dev.postern.wire;

import static dev.postern.wire.Refusals.assertBodyMalformed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Proposals, transforms and their attributes, RFC 7296 section 3.3.
class Section_3_3_SecurityAssociationTest {
    private static final String ESN = "00000008" + "05000000";

    @Test
    void aProposalHasTheFormOfTheRfc() throws MalformedException {
        assertThat(
                        proposals(
                                "02000020"
                                        + ("01030402" + "deadbeef")
                                        + ("0300000c" + "01000014" + "800e0100")
                                        + ESN
                                        + "00000010"
                                        + "02010001"
                                        + "0000000802000005"))
                .containsExactly(
                        new Proposal(
                                1,
                                Protocol.ESP,
                                Octets.ofHex("deadbeef"),
                                List.of(new Transform(1, 20, 256), new Transform(5, 0))),
                        new Proposal(2, Protocol.IKE, Octets.EMPTY, List.of(new Transform(2, 5))));
    }

    @Test
    void aTransformWithAnUnknownAttributeIsThereButNotUnderstood() throws MalformedException {
        // A fixed-length attribute 15, and a variable one of three octets.
        assertThat(transform("800f0001")).isEqualTo(new Transform(1, 20, 0, false));
        assertThat(transform("000f0003aabbcc")).isEqualTo(new Transform(1, 20, 0, false));
        assertThat(transform("800e0080" + "800f0001")).isEqualTo(new Transform(1, 20, 128, false));
        assertThat(transform("800f0001" + "800e0080")).isEqualTo(new Transform(1, 20, 128, false));
    }

    @Test
    void aKeyLengthTwiceIsNotUnderstood() throws MalformedException {
        assertThat(transform("800e0080" + "800e0100").understood()).isFalse();
        assertThat(transform("800e0080" + "800e0080").understood()).isFalse();
    }

    @Test
    void aKeyLengthOfZeroIsNotUnderstood() throws MalformedException {
        assertThat(transform("800e0000").understood()).isFalse();
        assertThat(transform("800e0000" + "800e0080").understood()).isFalse();
        assertThat(transform("800e0080" + "800e0000").understood()).isFalse();
    }

    @Test
    void aKeyLengthInTheVariableFormIsNotUnderstood() throws MalformedException {
        assertThat(transform("000e00020080")).isEqualTo(new Transform(1, 20, 0, false));
    }

    @Test
    void anAttributeThatReachesBeyondItsTransformIsMalformed() {
        for (String attribute : List.of("80", "800e", "800e00", "000f0001", "000fffff00")) {
            assertBodyMalformed(PayloadType.SA, proposal(1, transformOctets(0, attribute)));
        }
    }

    @Test
    void anEmptySaPayloadIsMalformed() {
        assertBodyMalformed(PayloadType.SA, "", Malformation.TRUNCATED);
    }

    @Test
    void aProposalWithoutTransformsIsWellFormed() throws MalformedException {
        assertThat(proposals("0000000801030000").getFirst().transforms()).isEmpty();
    }

    @Test
    void proposalLengthsBelowTheHeaderOrBeyondThePayloadAreMalformed() {
        for (String length : List.of("0000", "0001", "0003", "0004", "0007")) {
            assertBodyMalformed(
                    PayloadType.SA, "0000" + length + "01030000", Malformation.LENGTH_TOO_SMALL);
        }
        for (String length : List.of("0009", "8000", "ffff")) {
            assertBodyMalformed(
                    PayloadType.SA, "0000" + length + "01030000", Malformation.LENGTH_TOO_LARGE);
        }
    }

    @Test
    void transformLengthsBelowTheHeaderOrBeyondTheProposalAreMalformed() {
        for (String length : List.of("0000", "0004", "0007")) {
            assertBodyMalformed(
                    PayloadType.SA,
                    proposal(1, "0000" + length + "01000014"),
                    Malformation.LENGTH_TOO_SMALL);
        }
        for (String length : List.of("0009", "ffff")) {
            assertBodyMalformed(
                    PayloadType.SA,
                    proposal(1, "0000" + length + "01000014"),
                    Malformation.LENGTH_TOO_LARGE);
        }
    }

    @Test
    void theCountOfTransformsIsTheirNumber() {
        String more = "0300000805000000";
        // One too many announced, one too few, and 255 of them.
        assertBodyMalformed(PayloadType.SA, proposal(2, ESN));
        assertBodyMalformed(PayloadType.SA, proposal(1, more + ESN));
        assertBodyMalformed(PayloadType.SA, proposal(0, ESN), Malformation.TRAILING_OCTETS);
        assertBodyMalformed(PayloadType.SA, proposal(255, ESN), Malformation.TOO_MANY);
    }

    @Test
    void aCountOfTransformsThatTheLastMarkContradictsIsMalformed() {
        assertBodyMalformed(PayloadType.SA, proposal(2, ESN + ESN), Malformation.FIELD);
        assertBodyMalformed(PayloadType.SA, proposal(1, "0300000805000000"), Malformation.FIELD);
    }

    @Test
    void lastMarksOtherThanThoseOfTheRfcAreMalformed() {
        assertBodyMalformed(PayloadType.SA, "0100000801030000", Malformation.FIELD);
        assertBodyMalformed(PayloadType.SA, "0300000801030000", Malformation.FIELD);
        assertBodyMalformed(PayloadType.SA, proposal(1, "0200000805000000"), Malformation.FIELD);
    }

    @Test
    void moreProposalsThanTheLastOneAnnouncesAreMalformed() {
        assertBodyMalformed(
                PayloadType.SA,
                "0000000801030000" + "0000000802030000",
                Malformation.TRAILING_OCTETS);
        assertBodyMalformed(PayloadType.SA, "0200000801030000", Malformation.TRUNCATED);
    }

    @Test
    void manyProposalsAreBounded() throws MalformedException {
        String more = "0200000801030000";
        String last = "0000000801030000";
        assertThat(proposals(more.repeat(63) + last)).hasSize(64);
        assertBodyMalformed(PayloadType.SA, more.repeat(64) + last, Malformation.TOO_MANY);
        assertBodyMalformed(PayloadType.SA, more.repeat(8000), Malformation.TOO_MANY);
    }

    @Test
    void anSpiThatReachesBeyondItsProposalIsMalformed() {
        assertBodyMalformed(PayloadType.SA, "0000000801030400", Malformation.TRUNCATED);
        assertBodyMalformed(PayloadType.SA, "000000080103ff00", Malformation.TRUNCATED);
    }

    private static List<Proposal> proposals(String body) throws MalformedException {
        return ((Payload.SecurityAssociation) Refusals.payload(PayloadType.SA, body)).proposals();
    }

    private static Transform transform(String attributes) throws MalformedException {
        return proposals(proposal(1, transformOctets(0, attributes)))
                .getFirst()
                .transforms()
                .getFirst();
    }

    private static String transformOctets(int more, String attributes) {
        return "%02x00%04x01000014%s".formatted(more, 8 + attributes.length() / 2, attributes);
    }

    private static String proposal(int count, String transforms) {
        return "0000%04x010300%02x%s".formatted(8 + transforms.length() / 2, count, transforms);
    }
}
