package dev.postern.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/// Seeds that are the real thing but for their last bit: they get as far as the tag. The real thing
/// is one step of a fuzzer away, so a target must bear that it is found.
final class LastBit {
    private LastBit() {}

    static byte[] turned(byte[] octets) {
        byte[] changed = octets.clone();
        changed[changed.length - 1] ^= 1;
        return changed;
    }

    /// What a seed was made of.
    static byte[] turnedBack(Class<?> type, String target, String seed) {
        String name = type.getSimpleName() + "Inputs/" + target + "/" + seed;
        try (InputStream in = type.getResourceAsStream(name)) {
            return turned(Objects.requireNonNull(in, name).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
