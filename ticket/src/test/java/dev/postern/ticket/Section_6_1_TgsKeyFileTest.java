package dev.postern.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ticket.TgsKeyFile.Fault;
import dev.postern.ticket.TgsKeyFile.Parsed;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/// The key file that operators copy between the gateways of a secure domain.
class Section_6_1_TgsKeyFileTest {
    private static final long NOW = 1_767_225_600L;
    private static final String SECRET =
            "8f0d3c5a77e1b264c1d95e3b20aa64f7113c9d02be58a4e6f07b12c86d35e941";
    private static final String OTHER =
            "23b1f4a9c07e6d58e2913b7f5c04a8d6907fe1b2c3a45d6e8f10293b4c5d6e7f";

    @Test
    void aGeneratedFileHoldsOneKeyThatIssuesFromNowOn() {
        TgsKeyRing ring = valid(TgsKeyFile.generate(Sessions.entropy(1), NOW));
        assertThat(ring.keys()).containsExactly(TgsKey.generate(Sessions.entropy(1), NOW));
        assertThat(ring.issuingAt(NOW).acceptUntil()).isEqualTo(TgsKey.UNLIMITED);
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            TgsKeyRing ring = TgsKeyRing.of(List.of(Sessions.key(1000 + seed)));
            for (int i = random.nextInt(5); i > 0; i--) {
                long start = random.nextInt(1_000_000);
                TgsKey next = TgsKey.generate(random::nextBytes, start);
                ring = ring.rotated(next, 1 + random.nextInt(1_000_000));
            }
            assertThat(valid(TgsKeyFile.write(ring)).keys())
                    .as("seed %d", seed)
                    .isEqualTo(ring.keys());
        }
    }

    @Test
    void commentsBlankLinesTabsAndForeignLineEndsAreFine() {
        TgsKeyRing ring =
                valid(
                        "# keys\r\n\r\n  key\t00000000000000a1 \t"
                                + SECRET.toUpperCase(java.util.Locale.ROOT)
                                + "  issue-from 2026-01-01T00:00:00Z\r\n");
        assertThat(ring.issuingAt(NOW).spi()).isEqualTo(0xa1);
        assertThat(ring.issuingAt(NOW).issueFrom()).isEqualTo(NOW);
    }

    @Test
    void theTimesMayStandInAnyOrderOrBeMissing() {
        String both = " accept-until 2026-01-02T00:00:00Z issue-from 2026-01-01T00:00:00Z";
        TgsKey key = valid("key 00000000000000a1 " + SECRET + both).issuingAt(NOW);
        assertThat(key.issueFrom()).isEqualTo(NOW);
        assertThat(key.acceptUntil()).isEqualTo(NOW + 86_400);
        TgsKey always = valid("key 00000000000000a1 " + SECRET).issuingAt(NOW);
        assertThat(always.issueFrom()).isZero();
        assertThat(always.acceptUntil()).isEqualTo(TgsKey.UNLIMITED);
    }

    @Test
    void ofKeysWithoutAStartTheUpperOneIssues() {
        String text = "key 00000000000000a1 " + SECRET + "\nkey 00000000000000a2 " + OTHER;
        assertThat(valid(text).issuingAt(NOW).spi()).isEqualTo(0xa1);
    }

    @Test
    void anEmptyFileIsRefusedBecauseThereIsNoDefaultKey() {
        assertThat(faults("# nothing\n\n"))
                .singleElement()
                .satisfies(f -> assertThat(f.line()).isZero())
                .satisfies(f -> assertThat(f.message()).contains("postern tgs-key"));
    }

    @Test
    void everyFaultOfAFileIsToldAtOnceWithItsLine() {
        String text =
                String.join(
                        "\n",
                        "# 1",
                        "tgs 00000000000000a1 " + SECRET,
                        "key 00000000000000a1",
                        "key a1 " + SECRET,
                        "key 00000000000000a1 " + SECRET.substring(1),
                        "key 00000000000000a1 " + SECRET.replace('f', 'x'),
                        "key 00000000000000a1 " + "00".repeat(32),
                        "key 00000000000000a1 " + SECRET + " issue-from yesterday",
                        "key 00000000000000a1 " + SECRET + " until 2026-01-01T00:00:00Z",
                        "key 00000000000000a1 "
                                + SECRET
                                + " issue-from 2026-01-01T00:00:00Z accept-until"
                                + " 2026-01-01T00:00:00Z",
                        "key 00000000000000a1 "
                                + SECRET
                                + " issue-from 2026-01-01T00:00:00Z issue-from"
                                + " 2026-01-01T00:00:00Z",
                        "key zz 12 issue-from 5");
        assertThat(faults(text).stream().map(Fault::line).distinct().toList())
                .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(faults(text).stream().filter(f -> f.line() == 12)).hasSize(3);
        assertThat(faults(text).get(2).toString())
                .isEqualTo(
                        "line 4: the TGS-SPI has 2 characters, 16 hexadecimal digits are wanted");
    }

    @Test
    void twoKeysWithOneTgsSpiOrOneSecretAreRefusedWithBothLines() {
        String text =
                String.join(
                        "\n",
                        "key 00000000000000a1 " + SECRET,
                        "key 00000000000000a1 " + OTHER,
                        "key 00000000000000a3 " + SECRET);
        assertThat(faults(text).stream().map(Fault::toString).toList())
                .containsExactly(
                        "line 2: the TGS-SPI is that of line 1, each key needs its own",
                        "line 3: the key is that of line 1, each TGS-SPI needs its own");
    }

    @Test
    void moreKeysThanMayLiveAtOnceAreRefused() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= TgsKeyRing.MAXIMUM_KEYS; i++) {
            TgsKeyFile.generate(Sessions.entropy(i), NOW)
                    .lines()
                    .filter(line -> line.startsWith("key"))
                    .forEach(line -> text.append(line).append('\n'));
        }
        assertThat(faults(text.toString()))
                .singleElement()
                .satisfies(f -> assertThat(f.line()).isZero());
    }

    @Test
    void noFaultRepeatsAWordOfTheFile() {
        Random random = new Random(6);
        String[] words = {
            "key",
            SECRET,
            OTHER,
            "00000000000000a1",
            "issue-from",
            "accept-until",
            SECRET + "0",
            "2026-01-01T00:00:00Z",
            "00".repeat(32),
            SECRET.substring(2),
            SECRET.substring(0, 16)
        };
        for (int i = 0; i < 5000; i++) {
            String text =
                    random.ints(1 + random.nextInt(16), 0, words.length)
                            .mapToObj(w -> words[w] + (random.nextInt(4) == 0 ? "\n" : " "))
                            .collect(Collectors.joining());
            if (TgsKeyFile.parse(text) instanceof Parsed.Invalid(List<Fault> faults)) {
                String told = faults.toString();
                assertThat(told)
                        .doesNotContain(SECRET.substring(2, 10))
                        .doesNotContain(OTHER.substring(0, 8));
            }
        }
    }

    private static TgsKeyRing valid(String text) {
        assertThat(TgsKeyFile.parse(text)).isInstanceOf(Parsed.Valid.class);
        return ((Parsed.Valid) TgsKeyFile.parse(text)).ring();
    }

    private static List<Fault> faults(String text) {
        assertThat(TgsKeyFile.parse(text)).isInstanceOf(Parsed.Invalid.class);
        return ((Parsed.Invalid) TgsKeyFile.parse(text)).faults();
    }
}
