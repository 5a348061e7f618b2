package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What somebody probably meant who wrote an unknown word.
final class Suggestion {
    private static final int LONGEST = 64;

    private Suggestion() {}

    /// The known word that is closest, where it is close enough to be meant; else null.
    static @Nullable String of(String word, List<String> known) {
        String closest = null;
        int least = Math.max(1, Math.min(word.length(), LONGEST) / 3) + 1;
        for (String candidate : known) {
            int distance = word.length() > LONGEST ? least : distance(word, candidate);
            if (distance < least) {
                least = distance;
                closest = candidate;
            }
        }
        return closest;
    }

    /// Levenshtein's: how many letters must be put in, taken out or changed.
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
