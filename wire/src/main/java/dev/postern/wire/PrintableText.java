package dev.postern.wire;

/// Text that somebody else chose, for people who read it in a log or on a terminal: `?` stands for
/// each control character, line break, change of direction and other character that is not seen.
public final class PrintableText {
    private PrintableText() {}

    public static String of(String text) {
        return of(text, text.length());
    }

    /// @param most code points of it that are kept, from its beginning
    public static String of(String text, int most) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(most).forEach(c -> safe.appendCodePoint(isPrintable(c) ? c : '?'));
        return safe.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}
