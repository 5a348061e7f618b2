package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.Random;

class SecondTriesTest {
    private static final long MILLI = 1_000_000;
    private static final InetAddress HOST = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress OTHER = InetAddress.ofLiteral("2001:db8::7");

    private final SecondTries tries = new SecondTries(7);

    private boolean tried(long spi, long millis) {
        return tries.note(HOST, 4500, spi, millis * MILLI);
    }

    @Test
    void theFirstTryWaitsAndTheRetransmissionIsLetIn() {
        assertThat(tried(0x1234, 10)).isFalse();
        assertThat(tried(0x1234, 190)).isTrue();
    }

    @Test
    void twoInARowAreOne() {
        assertThat(tried(0x1234, 10)).isFalse();
        assertThat(tried(0x1234, 11)).isFalse();
        assertThat(tried(0x1234, 109)).isFalse();
        assertThat(tried(0x1234, 110)).isTrue();
    }

    @Test
    void whoWasLetInWaitsAgain() {
        tried(0x1234, 10);
        assertThat(tried(0x1234, 200)).isTrue();
        assertThat(tried(0x1234, 250)).isFalse();
        assertThat(tried(0x1234, 400)).isTrue();
    }

    @Test
    void whatWasLongAgoIsAFirstTryAgain() {
        tried(0x1234, 10);
        assertThat(tried(0x1234, 10_011)).isFalse();
        assertThat(tried(0x1234, 10_500)).isTrue();
    }

    @Test
    void anotherSpiPortOrAddressIsSomebodyElse() {
        tried(0x1234, 10);
        assertThat(tried(0x1235, 300)).isFalse();
        assertThat(tries.note(HOST, 4501, 0x1234, 300 * MILLI)).isFalse();
        assertThat(tries.note(OTHER, 4500, 0x1234, 300 * MILLI)).isFalse();
    }

    @Test
    void aFloodOfMadeUpMessagesIsNotLetInAndMostClientsAreStillKnown() {
        Random random = new Random(16);
        int clients = 1_000;
        for (int client = 0; client < clients; client++) {
            tried(client, 1);
        }
        int let = 0;
        for (int i = 0; i < 180_000; i++) {
            let += tries.note(HOST, 4500, random.nextLong(), (1 + i / 1_000) * MILLI) ? 1 : 0;
        }
        int known = 0;
        for (int client = 0; client < clients; client++) {
            known += tried(client, 181) ? 1 : 0;
        }
        assertThat(let).isZero();
        assertThat(known).isGreaterThan(clients * 3 / 4);
    }

    @Test
    void timeMayWrapAround() {
        long wrap = 1L << 24;
        tried(0x77, wrap - 50);
        assertThat(tried(0x77, wrap + 150)).isTrue();
    }
}
