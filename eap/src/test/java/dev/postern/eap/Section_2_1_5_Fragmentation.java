package dev.postern.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.eap.TlsFragments.Arrival;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.Random;

/// RFC 5216 sections 2.1.5 and 3.1: fragments, their flags and lengths, and the bounds on both.
class Section_2_1_5_Fragmentation {
    private final TlsFragments sender = new TlsFragments(100);
    private final TlsFragments receiver = new TlsFragments(100);

    private static byte[] octets(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    private static Octets data(String flags, int octets) {
        return Octets.ofHex(flags + "ab".repeat(octets));
    }

    @Test
    void aMessageOfAnyLengthArrivesWhole() {
        for (int length : new int[] {1, 99, 100, 101, 200, 12_345, TlsFragments.LONGEST_MESSAGE}) {
            byte[] message = octets(length);
            Octets packet = sender.send(message);
            while (sender.isSending()) {
                assertThat(packet.length()).isLessThanOrEqualTo(105);
                assertThat(receiver.arrive(packet)).isInstanceOf(Arrival.Fragment.class);
                packet = sender.next();
            }
            assertThat(receiver.arrive(packet))
                    .isInstanceOfSatisfying(
                            Arrival.Whole.class,
                            whole -> assertThat(whole.message()).isEqualTo(message));
        }
    }

    @Test
    void theFirstFragmentAloneNamesTheLength() {
        Octets first = sender.send(octets(250));
        Octets second = sender.next();
        Octets third = sender.next();
        assertThat(first.slice(0, 5)).isEqualTo(Octets.ofHex("c0000000fa"));
        assertThat(second.at(0)).isEqualTo(TlsFragments.MORE_FRAGMENTS);
        assertThat(third.at(0)).isZero();
    }

    @Test
    void emptyFlagsAcknowledge() {
        assertThat(receiver.arrive(Octets.ofHex("00"))).isInstanceOf(Arrival.Acknowledgement.class);
        assertThat(receiver.arrive(Octets.ofHex("20"))).isInstanceOf(Arrival.Start.class);
    }

    private void assertMalformed(Octets data) {
        assertThat(receiver.arrive(data)).as("%s", data).isInstanceOf(Arrival.Malformed.class);
    }

    @Test
    void lengthFieldsThatLieAreMalformed() {
        assertMalformed(Octets.EMPTY);
        assertMalformed(Octets.ofHex("80000001"));
        assertMalformed(data("8000000001", 2));
        assertMalformed(data("8000000003", 2));
        assertMalformed(data("c0ffffffff", 2));
        assertMalformed(data("c080000000", 2));
        assertMalformed(data("c000010001", 2));
    }

    @Test
    void aChangedLengthIsMalformed() {
        receiver.arrive(data("c000000004", 2));
        assertMalformed(data("8000000005", 3));
    }

    @Test
    void aLengthThatComesLateIsMalformed() {
        receiver.arrive(data("40", 2));
        assertMalformed(data("8000000004", 2));
    }

    @Test
    void fragmentsWithoutALengthAreBoundedToo() {
        int arrived = 0;
        Arrival last = receiver.arrive(data("40", 1000));
        while (last instanceof Arrival.Fragment) {
            arrived += 1000;
            assertThat(arrived).isLessThanOrEqualTo(TlsFragments.LONGEST_MESSAGE);
            last = receiver.arrive(data("40", 1000));
        }
        assertThat(last).isInstanceOf(Arrival.Malformed.class);
    }

    @Test
    void aFragmentThatBringsNothingIsMalformed() {
        assertMalformed(Octets.ofHex("40"));
        receiver.arrive(data("40", 2));
        assertMalformed(Octets.ofHex("40"));
    }
}
