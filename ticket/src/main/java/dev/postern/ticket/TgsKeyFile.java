package dev.postern.ticket;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The text of a TGS key file, which an operator copies to every gateway of a secure domain. Reading the file itself, and
/// refusing one that others may read, is the gateway's part.
///
///     # comment
///     key 8f0d3c5a77e1b264 <64 hexadecimal digits> issue-from 2026-01-01T00:00:00Z accept-until 2026-01-08T00:00:00Z
///
/// A line per key: TGS-SPI, key, and in any order the two times, both of which may be missing (always, and for ever). Of
/// keys without a start, or with the same, the upper one is newer. Faults never repeat a word of the file: it could be a key.
public final class TgsKeyFile {
    private static final int SPI_DIGITS = 16;
    private static final int SECRET_DIGITS = 2 * TgsKey.SECRET_LENGTH;
    private static final String ISSUE_FROM = "issue-from";
    private static final String ACCEPT_UNTIL = "accept-until";

    private static final String PREAMBLE =
            """
            # TGS keys of one secure domain. Whoever has this file can open and forge every ticket of the domain.
            # Same file on each of its gateways, mode 0600, nowhere else.
            """;

    /// What a text turned out to be.
    public sealed interface Parsed {
        /// A ring without a fault.
        record Valid(TgsKeyRing ring) implements Parsed {}

        /// Every fault of the text, in the order of its lines.
        record Invalid(List<Fault> faults) implements Parsed {
            public Invalid {
                faults = List.copyOf(faults);
            }
        }
    }

    /// One thing that is wrong, and what is wanted.
    ///
    /// @param line from 1; 0 where the fault is of the text as a whole
    public record Fault(int line, String message) {
        @Override
        public String toString() {
            return line == 0 ? message : "line " + line + ": " + message;
        }
    }

    private final List<Fault> faults = new ArrayList<>();
    private final List<TgsKey> keys = new ArrayList<>();
    private final List<Integer> linesOfKeys = new ArrayList<>();

    private TgsKeyFile() {}

    /// The text of a new file with one fresh key that issues from `nowSeconds` on.
    public static String generate(Entropy entropy, long nowSeconds) {
        return write(TgsKeyRing.of(List.of(TgsKey.generate(entropy, nowSeconds))));
    }

    /// The text of a ring, newest key first.
    public static String write(TgsKeyRing ring) {
        StringBuilder text = new StringBuilder(PREAMBLE);
        for (TgsKey key : ring.keys()) {
            text.append("key ").append(HexFormat.of().toHexDigits(key.spi())).append(' ');
            text.append(HexFormat.of().formatHex(key.secret().expose()));
            if (key.issueFrom() > 0) {
                text.append(' ')
                        .append(ISSUE_FROM)
                        .append(' ')
                        .append(Instant.ofEpochSecond(key.issueFrom()));
            }
            if (key.acceptUntil() != TgsKey.UNLIMITED) {
                text.append(' ')
                        .append(ACCEPT_UNTIL)
                        .append(' ')
                        .append(Instant.ofEpochSecond(key.acceptUntil()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /// The ring of a text, or all of its faults.
    public static Parsed parse(String text) {
        TgsKeyFile file = new TgsKeyFile();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = line.strip();
            if (!content.isEmpty() && content.charAt(0) != '#') {
                file.parseLine(number, content.split("\\s+"));
            }
        }
        return file.result();
    }

    private Parsed result() {
        if (keys.isEmpty() && faults.isEmpty()) {
            fault(0, "there is no key; make one with `postern tgs-key`, there is no default");
        } else if (keys.size() > TgsKeyRing.MAXIMUM_KEYS) {
            fault(
                    0,
                    keys.size()
                            + " keys, at most "
                            + TgsKeyRing.MAXIMUM_KEYS
                            + " may live at once");
        }
        return faults.isEmpty()
                ? new Parsed.Valid(TgsKeyRing.of(keys))
                : new Parsed.Invalid(faults);
    }

    private void parseLine(int line, String[] words) {
        int faultsBefore = faults.size();
        if (!words[0].equals("key")) {
            fault(line, "the line does not begin with the word key, nor with # for a comment");
            return;
        }
        if (words.length < 3 || words.length % 2 == 0) {
            fault(
                    line,
                    "wanted are: key, TGS-SPI, secret, then ["
                            + ISSUE_FROM
                            + " time] ["
                            + ACCEPT_UNTIL
                            + " time]");
            return;
        }
        byte[] spi = hex(line, words[1], "the TGS-SPI", SPI_DIGITS);
        byte[] secret = hex(line, words[2], "the key", SECRET_DIGITS);
        long issueFrom = time(line, words, ISSUE_FROM, 0);
        long acceptUntil = time(line, words, ACCEPT_UNTIL, TgsKey.UNLIMITED);
        checkOptions(line, words);
        String weakness = secret.length == TgsKey.SECRET_LENGTH ? TgsKey.weaknessOf(secret) : null;
        if (weakness != null) {
            fault(line, "the key " + weakness + "; make one with `postern tgs-key`");
        }
        if (acceptUntil <= issueFrom) {
            fault(line, ACCEPT_UNTIL + " does not come after " + ISSUE_FROM);
        }
        if (faults.size() == faultsBefore) {
            long number = ByteBuffer.wrap(spi).getLong();
            add(line, new TgsKey(number, SecretBytes.owning(secret), issueFrom, acceptUntil));
        }
    }

    private void add(int line, TgsKey key) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).spi() == key.spi()) {
                fault(
                        line,
                        "the TGS-SPI is that of line "
                                + linesOfKeys.get(i)
                                + ", each key needs its own");
            }
            if (keys.get(i).secret().equals(key.secret())) {
                fault(
                        line,
                        "the key is that of line "
                                + linesOfKeys.get(i)
                                + ", each TGS-SPI needs its own");
            }
        }
        keys.add(key);
        linesOfKeys.add(line);
    }

    private byte[] hex(int line, String word, String what, int digits) {
        if (word.length() != digits) {
            fault(
                    line,
                    what
                            + " has "
                            + word.length()
                            + " characters, "
                            + digits
                            + " hexadecimal digits are wanted");
            return new byte[0];
        }
        for (int i = 0; i < digits; i++) {
            if (!HexFormat.isHexDigit(word.charAt(i))) {
                fault(
                        line,
                        what
                                + " has something else than a hexadecimal digit at its character "
                                + (i + 1));
                return new byte[0];
            }
        }
        return HexFormat.of().parseHex(word);
    }

    private long time(int line, String[] words, String option, long absent) {
        long time = absent;
        boolean seen = false;
        for (int i = 3; i < words.length; i += 2) {
            if (!words[i].equals(option)) {
                continue;
            }
            if (seen) {
                fault(line, option + " stands twice");
            }
            seen = true;
            try {
                time = Instant.parse(words[i + 1]).getEpochSecond();
            } catch (DateTimeException notATime) {
                fault(line, option + " is not a time like 2026-01-31T00:00:00Z");
            }
        }
        return time;
    }

    private void checkOptions(int line, String[] words) {
        for (int i = 3; i < words.length; i += 2) {
            if (!words[i].equals(ISSUE_FROM) && !words[i].equals(ACCEPT_UNTIL)) {
                fault(
                        line,
                        "word " + (i + 1) + " is neither " + ISSUE_FROM + " nor " + ACCEPT_UNTIL);
            }
        }
    }

    private void fault(int line, String message) {
        faults.add(new Fault(line, message));
    }
}
