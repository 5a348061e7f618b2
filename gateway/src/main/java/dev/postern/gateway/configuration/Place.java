package dev.postern.gateway.configuration;

import dev.postern.wire.PrintableText;

import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

import java.nio.file.Path;

/// Where a value stands, for what is to be said about it.
///
/// @param key full name of the key, for example `listen.addresses`
/// @param shown the value as it may be shown; empty for a secret or where there is none
/// @param legal what may be written here
record Place(Report report, Path file, int line, String key, String shown, String legal) {
    private static final int LONGEST_SHOWN = 60;

    static Place of(Report report, Path file, int line, String key, KeyType<?> type, Object value) {
        String shown = type.isSecret() ? "" : show(value);
        return new Place(report, file, line, key, shown, type.legal());
    }

    /// The place of the item of a list.
    Place item(int index, int itemLine, KeyType<?> type, Object value) {
        return of(report, file, itemLine, key + "[" + index + "]", type, value);
    }

    /// The value is wrong: `what` follows the value and a colon.
    void wrong(String what) {
        say(Report.Kind.VALUE, what + "; legal is " + legal);
    }

    /// The value does not fit another.
    void contradicts(String what) {
        say(Report.Kind.CONTRADICTION, what);
    }

    /// The file that the value names is not as it must be.
    void contradictsFile(Path named, String what) {
        contradicts("cannot use " + named + ": " + what);
    }

    void warn(String what) {
        report.warning(file, line, message(what));
    }

    private void say(Report.Kind kind, String what) {
        report.problem(kind, file, line, message(what));
    }

    private String message(String what) {
        return key + (shown.isEmpty() ? "" : " = " + shown) + ": " + what;
    }

    /// A value of the file for people: one line, bounded, without control characters.
    static String show(Object value) {
        return switch (value) {
            case TomlTable _ -> "{...}";
            case TomlArray array -> array.isEmpty() ? "[]" : "[...]";
            case String text -> "\"" + printable(text) + "\"";
            default -> printable(String.valueOf(value));
        };
    }

    static String printable(String text) {
        boolean cut = text.codePointCount(0, text.length()) > LONGEST_SHOWN;
        return PrintableText.of(text, LONGEST_SHOWN) + (cut ? "..." : "");
    }
}
