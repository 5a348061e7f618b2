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

    /// How many letters must be put in, taken out, changed, or swapped with their neighbour.
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= to.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            for (int j = 1; j <= to.length(); j++) {
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                int least = cost[i - 1][j - 1] + (same ? 0 : 1);
                least = Math.min(least, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1
                                && j > 1
                                && from.charAt(i - 1) == to.charAt(j - 2)
                                && from.charAt(i - 2) == to.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
            }
        }
        return cost[from.length()][to.length()];
    }
}
