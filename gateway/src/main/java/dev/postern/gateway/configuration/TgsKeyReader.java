package dev.postern.gateway.configuration;

import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TgsKeyRing;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// Reads the TGS key file. There is no default key: without a good file there is no gateway.
final class TgsKeyReader {
    private TgsKeyReader() {}

    /// The keys that are good at `now`, or null after every fault of the file was told.
    static @Nullable TgsKeys read(Path file, Place place, Instant now) {
        if (Files.notExists(file)) {
            place.contradictsFile(
                    file,
                    "there is no such file, and no default key; make one with postern tgs-key"
                            + " --append "
                            + file);
            return null;
        }
        String text = SecretFile.read(file, place);
        if (text == null) {
            return null;
        }
        return switch (TgsKeyFile.parse(text)) {
            case TgsKeyFile.Parsed.Valid(TgsKeyRing ring) -> {
                TgsKeyRing valid = ring.validAt(now.getEpochSecond());
                if (valid == null) {
                    place.contradicts(
                            "every key in it has expired; add one with postern tgs-key --append "
                                    + file);
                    yield null;
                }
                yield new TgsKeys(file, valid);
            }
            case TgsKeyFile.Parsed.Invalid invalid -> {
                place.report().opened(file);
                invalid.faults()
                        .forEach(fault ->
                                place.report()
                                        .problem(
                                                Report.Kind.VALUE,
                                                file,
                                                Math.max(1, fault.line()),
                                                fault.message()));
                yield null;
            }
        };
    }
}
