package dev.postern.gateway.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A command on its way to [AdminServer]: one line of words with blanks between them. A word that
/// has blanks itself, or nothing in it, stands in double quotes, where a backslash keeps the next
/// character from its meaning:
///
///     revoke identity "CN=alice, O=Example"
final class AdminLine {
    private static final char QUOTE = '"';
    private static final char ESCAPE = '\\';

    private AdminLine() {}

    /// @throws AdminException where a word has a line break: no name has one
    static String of(List<String> words) throws AdminException {
        for (String word : words) {
            if (word.contains("\n")) {
                throw new AdminException("a line break is in \"" + word + "\"; wanted is one line");
            }
        }
        return words.stream().map(AdminLine::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        boolean plain =
                !word.isEmpty()
                        && word.charAt(0) != QUOTE
                        && word.chars().noneMatch(AdminLine::isBlank);
        return plain ? word : QUOTE + word.replace("\\", "\\\\").replace("\"", "\\\"") + QUOTE;
    }

    /// At least one word, which may be empty.
    ///
    /// @throws AdminException where a quote has no end
    static List<String> words(String line) throws AdminException {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            if (isBlank(line.charAt(at))) {
                at++;
            } else if (line.charAt(at) == QUOTE) {
                StringBuilder word = new StringBuilder();
                at = unquote(line, at + 1, word);
                words.add(word.toString());
            } else {
                int end = at;
                while (end < line.length() && !isBlank(line.charAt(end))) {
                    end++;
                }
                words.add(line.substring(at, end));
                at = end;
            }
        }
        return words.isEmpty() ? List.of("") : List.copyOf(words);
    }

    /// @return where the line goes on
    private static int unquote(String line, int begin, StringBuilder word) throws AdminException {
        int at = begin;
        while (at < line.length() && line.charAt(at) != QUOTE) {
            if (line.charAt(at) == ESCAPE && at + 1 < line.length()) {
                at++;
            }
            word.append(line.charAt(at));
            at++;
        }
        if (at == line.length()) {
            throw new AdminException("a quote is without its fellow");
        }
        return at + 1;
    }

    private static boolean isBlank(int character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }
}
