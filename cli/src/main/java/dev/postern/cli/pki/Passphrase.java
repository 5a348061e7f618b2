package dev.postern.cli.pki;

import org.jspecify.annotations.Nullable;

import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// A passphrase from a file of one line or from the terminal; wiped by `close`.
final class Passphrase implements AutoCloseable {
    private static final int LONGEST = 1_024;

    private final char[] characters;

    private Passphrase(char[] characters) {
        this.characters = characters;
    }

    /// @param file null to ask at the terminal
    /// @param option of the command line, which gives a file
    static Passphrase read(@Nullable Path file, String what, String option)
            throws IOException, PkiFailure {
        return file == null ? checked(ask("Passphrase of " + what + ": ", option), what) : of(file);
    }

    /// One that nobody must mistype: asked for twice.
    static Passphrase readNew(@Nullable Path file, String what, String option)
            throws IOException, PkiFailure {
        if (file != null) {
            return of(file);
        }
        Passphrase first = checked(ask("New passphrase of " + what + ": ", option), what);
        try (Passphrase again = new Passphrase(ask("The same again: ", option))) {
            if (!Arrays.equals(first.characters, again.characters)) {
                first.close();
                throw new PkiFailure("the two passphrases are not the same");
            }
        }
        return first;
    }

    private static char[] ask(String prompt, String option) throws PkiFailure {
        char[] answer = answer(System.console(), prompt);
        if (answer == null) {
            throw new PkiFailure(
                    "a passphrase is needed and there is no terminal to ask at; name a file that"
                            + " holds it, with "
                            + option);
        }
        return answer;
    }

    private static char @Nullable [] answer(@Nullable Console console, String prompt) {
        return console == null || !console.isTerminal() ? null : console.readPassword("%s", prompt);
    }

    private static Passphrase of(Path file) throws IOException, PkiFailure {
        byte[] octets;
        try (var in = Files.newInputStream(file)) {
            octets = in.readNBytes(LONGEST + 1);
        }
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(octets));
        int end = decoded.length();
        while (end > 0 && (decoded.charAt(end - 1) == '\n' || decoded.charAt(end - 1) == '\r')) {
            end--;
        }
        char[] characters = new char[end];
        decoded.get(0, characters, 0, end);
        Arrays.fill(decoded.array(), '\0');
        boolean tooLong = octets.length > LONGEST;
        Arrays.fill(octets, (byte) 0);
        if (tooLong) {
            throw new PkiFailure(file + " is longer than " + LONGEST + " octets");
        }
        return checked(characters, file.toString());
    }

    private static Passphrase checked(char[] characters, String what) throws PkiFailure {
        for (char each : characters) {
            if (Character.isISOControl(each)) {
                Arrays.fill(characters, '\0');
                throw new PkiFailure(
                        what + ": the passphrase has a control character or a second line");
            }
        }
        if (characters.length == 0) {
            throw new PkiFailure(what + ": the passphrase is empty");
        }
        return new Passphrase(characters);
    }

    /// The characters themselves, not to be kept.
    char[] characters() {
        return characters;
    }

    @Override
    public void close() {
        Arrays.fill(characters, '\0');
    }

    @Override
    public String toString() {
        return "Passphrase";
    }
}
