package dev.postern.ike.guard;

import dev.postern.crypto.Prf;
import dev.postern.wire.Octets;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A puzzle of RFC 8019 section 7.1: four different keys under which the PRF of the cookie ends in
/// enough zero bits. Proves that who wants to be served has spent some work.
///
/// @param difficulty zero bits; 0 leaves the number to who solves it
public record Puzzle(Prf prf, int difficulty) {
    public static final int EASIEST = 8;

    /// What a client spends at most: about a quarter of a second of one core.
    public static final int HARDEST_SOLVED = 16;

    /// What a client spends where the number is left to it.
    private static final int FREE_CHOICE = 10;

    private static final int KEYS = 4;
    private static final int KEY_LENGTH = 8;

    /// How often more than expected a key is looked for before a client gives up.
    private static final int BAD_LUCK = 8;

    /// The data of N(PUZZLE).
    public Octets data() {
        return Octets.of(new WireWriter(3).u16(prf.transformId()).u8(difficulty).finish());
    }

    /// The puzzle in the data of N(PUZZLE); empty where it is none that anybody could solve.
    public static Optional<Puzzle> of(Octets data) {
        return data.length() != 3
                ? Optional.empty()
                : Prf.of(data.at(0) << 8 | data.at(1)).map(prf -> new Puzzle(prf, data.at(2)));
    }

    /// Puzzle Solution Data, or null where it would take more work than a client spends.
    ///
    /// @param first where to begin among the keys
    public @Nullable Octets solve(Octets cookie, long first) {
        int zeros = difficulty == 0 ? FREE_CHOICE : difficulty;
        if (zeros > HARDEST_SOLVED) {
            return null;
        }
        long tries = ((long) KEYS * BAD_LUCK) << zeros;
        WireWriter solution = new WireWriter(KEYS * KEY_LENGTH);
        for (long key = first; key != first + tries; key++) {
            byte[] octets = Octets.ofLong(key).array();
            if (zerosOf(octets, cookie) >= zeros) {
                solution.octets(octets);
                if (solution.position() == KEYS * KEY_LENGTH) {
                    return Octets.of(solution.finish());
                }
            }
        }
        return null;
    }

    /// Whether these are four different keys of one size, each of which ends in enough zero bits.
    public boolean isSolvedBy(Octets solution, Octets cookie) {
        int length = solution.length() / KEYS;
        if (length == 0 || solution.length() % KEYS != 0 || length > prf.length()) {
            return false;
        }
        Set<Octets> keys = new HashSet<>();
        for (int i = 0; i < KEYS; i++) {
            Octets key = solution.slice(i * length, (i + 1) * length);
            if (!keys.add(key) || zerosOf(key.array(), cookie) < difficulty) {
                return false;
            }
        }
        return true;
    }

    /// Nothing here is secret: key and cookie go over the wire in clear text.
    private int zerosOf(byte[] key, Octets cookie) {
        byte[] result = prf.compute(key, cookie.array());
        int zeros = 0;
        for (int i = result.length - 1; i >= 0; i--) {
            if (result[i] != 0) {
                return zeros + Integer.numberOfTrailingZeros(result[i]);
            }
            zeros += Byte.SIZE;
        }
        return zeros;
    }
}
