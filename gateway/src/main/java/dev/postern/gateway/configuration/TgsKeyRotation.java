package dev.postern.gateway.configuration;

import dev.postern.crypto.Entropy;
import dev.postern.gateway.files.OwnerFile;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TgsKeySchedule;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Adds keys to TGS key files.
public final class TgsKeyRotation {

    private TgsKeyRotation() {}

    /// Adds a fresh key to a file, which is created with mode 0600 where it does not exist, and
    /// else replaced in one step. In a file that is there already the new key issues only after
    /// `delay`, so that the file can be copied to all gateways first; the old ones are accepted
    /// until `overlap` has passed after that.
    ///
    /// @throws ConfigurationException where the file is there and not good
    public static TgsKey append(
            Path file, Entropy entropy, Instant now, Duration delay, Duration overlap)
            throws ConfigurationException, IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            TgsKey key = TgsKey.generate(entropy, now.getEpochSecond());
            write(file, TgsKeyFile.write(TgsKeyRing.of(List.of(key))));
            return key;
        }
        String text = textOf(file);
        TgsKey key = TgsKey.generate(entropy, now.plus(delay).getEpochSecond());
        TgsKeyRing ring = ringOf(file, text);
        if (ring.keys().size() == TgsKeyRing.MAXIMUM_KEYS) {
            throw refused(file, 1, "is full; retired keys leave it once they have expired");
        }
        write(file, rewritten(text, ring.rotated(key, overlap.toSeconds())));
        return key;
    }

    /// Puts the next key into a file that is there, as [#append] does.
    ///
    /// @throws ConfigurationException where the file is missing or not good
    public static TgsKey rotate(
            Path file, Entropy entropy, Instant now, Duration delay, Duration overlap)
            throws ConfigurationException, IOException {
        demandPresent(file);
        return append(file, entropy, now, delay, overlap);
    }

    /// The same where the schedule says that the next key is due; null where it is not.
    public static @Nullable TgsKey rotateIfDue(
            Path file, Entropy entropy, Instant now, TgsKeySchedule schedule)
            throws ConfigurationException, IOException {
        demandPresent(file);
        String text = textOf(file);
        TgsKeyRing next = schedule.next(ringOf(file, text), now.getEpochSecond(), entropy);
        if (next == null) {
            return null;
        }
        write(file, rewritten(text, next));
        return next.keys().getFirst();
    }

    /// Puts these keys into a file that is there, in the place of its keys.
    ///
    /// @throws ConfigurationException where the file is missing or open to others
    public static void replace(Path file, TgsKeyRing ring)
            throws ConfigurationException, IOException {
        demandPresent(file);
        write(file, rewritten(textOf(file), ring));
    }

    /// Every key of a file that is there, those too whose time is over.
    ///
    /// @throws ConfigurationException where the file is missing or not good
    public static TgsKeyRing ring(Path file) throws ConfigurationException {
        demandPresent(file);
        return ringOf(file, textOf(file));
    }

    private static void demandPresent(Path file) throws ConfigurationException {
        if (Files.notExists(file)) {
            throw refused(
                    file,
                    1,
                    "there is no such file; make one with postern tgs-key --append " + file);
        }
    }

    /// The operator's comments, then the keys.
    private static String rewritten(String old, TgsKeyRing ring) {
        Stream<String> comments = old.lines().filter(line -> line.strip().startsWith("#"));
        Stream<String> keys = TgsKeyFile.write(ring).lines().filter(line -> !line.startsWith("#"));
        return Stream.concat(comments, keys).collect(Collectors.joining("\n", "", "\n"));
    }

    private static TgsKeyRing ringOf(Path file, String text) throws ConfigurationException {
        return switch (TgsKeyFile.parse(text)) {
            case TgsKeyFile.Parsed.Valid(TgsKeyRing ring) -> ring;
            case TgsKeyFile.Parsed.Invalid(List<TgsKeyFile.Fault> faults) ->
                    throw new ConfigurationException(
                            faults.stream()
                                    .map(fault ->
                                            new Problem(
                                                    file,
                                                    Math.max(1, fault.line()),
                                                    fault.message()))
                                    .toList());
        };
    }

    private static String textOf(Path file) throws ConfigurationException {
        String exposure = TextFile.exposure(file);
        if (exposure != null) {
            throw refused(file, 1, exposure);
        }
        return TomlDocument.textOf(file);
    }

    private static ConfigurationException refused(Path file, int line, String reason) {
        return new ConfigurationException(List.of(new Problem(file, line, reason)));
    }

    /// Whoever opens the file meanwhile finds the old text or the new one, and nobody else finds
    /// either.
    private static void write(Path file, String text) throws IOException {
        Path directory = file.toAbsolutePath().normalize().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("there is no such directory");
        }
        OwnerFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
