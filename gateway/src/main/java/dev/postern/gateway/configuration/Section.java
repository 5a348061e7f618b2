package dev.postern.gateway.configuration;

import dev.postern.gateway.configuration.Key.Presence;

import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One table of a file, read key by key. What is wrong goes to the report, and reading goes on with
/// a stand-in; a configuration made with one is never handed out.
final class Section {
    private final Report report;
    private final Path file;
    private final TomlTable table;
    private final Shape shape;
    private final Shape root;
    private final String prefix;
    private final String name;
    private final int line;
    private final Set<String> faulty = new HashSet<>();

    private Section(
            Report report,
            Path file,
            TomlTable table,
            Shape shape,
            Shape root,
            String prefix,
            String name,
            int line) {
        this.report = report;
        this.file = file;
        this.table = table;
        this.shape = shape;
        this.root = root;
        this.prefix = prefix;
        this.name = name;
        this.line = line;
        refuseUnknownNames();
    }

    static Section top(Report report, Path file, TomlTable table, Shape shape) {
        return new Section(report, file, table, shape, shape, "", "", 1);
    }

    Path file() {
        return file;
    }

    /// The line of the table's heading.
    int line() {
        return line;
    }

    /// The name that the operator gave to a named table.
    String name() {
        return name;
    }

    boolean has(Key<?> key) {
        return table.get(List.of(key.name())) != null;
    }

    /// Whether the keys were read without a fault so far, so that what holds between them can be
    /// judged.
    boolean sound(Key<?>... keys) {
        for (Key<?> key : keys) {
            if (faulty.contains(key.name())) {
                return false;
            }
        }
        return true;
    }

    /// The value of a key that is required or has a default.
    <T> T get(Key<T> key) {
        @Nullable T value = optional(key);
        if (value != null) {
            return value;
        }
        if (key.presence() == Presence.REQUIRED && !has(key)) {
            missing(key);
        }
        return key.standIn();
    }

    /// The value of a key, or null where it is missing or was refused.
    <T> @Nullable T optional(Key<T> key) {
        Object toml = table.get(List.of(key.name()));
        if (toml == null) {
            return null;
        }
        @Nullable T value = key.type().read(toml, place(key));
        if (value == null) {
            faulty.add(key.name());
        } else if (key.type().isSecret()) {
            refuseOpenFile(key);
        }
        return value;
    }

    /// The place of a key's value, or of the table's heading where the key is missing.
    Place place(Key<?> key) {
        Object toml = table.get(List.of(key.name()));
        return toml == null
                ? new Place(report, file, line, prefix + key.name(), "", key.type().legal())
                : Place.of(report, file, lineOf(key.name()), prefix + key.name(), key.type(), toml);
    }

    void missing(Key<?> key) {
        missing(key, "missing");
    }

    void missing(Key<?> key, String what) {
        faulty.add(key.name());
        String message = prefix + key.name() + ": " + what + "; legal is " + key.type().legal();
        report.problem(Report.Kind.MISSING_KEY, file, line, message);
    }

    /// A table or a group of keys is missing.
    void missing(String what) {
        report.problem(Report.Kind.MISSING_KEY, file, line, what);
    }

    /// The table of that shape; empty, with the line of this one, where the file has none.
    Section single(Shape child) {
        Object toml = table.get(List.of(child.name()));
        String below = prefix + child.name();
        if (toml instanceof TomlTable found) {
            return below(found, child, below, child.name(), lineOf(child.name()));
        }
        if (toml != null) {
            wrongTable(child, toml, "[" + below + "]");
        }
        return below(Toml.parse(""), child, below, child.name(), line);
    }

    /// The tables `[[child]]`, in order.
    List<Section> repeated(Shape child) {
        Object toml = table.get(List.of(child.name()));
        String below = prefix + child.name();
        if (toml == null) {
            return List.of();
        }
        if (!(toml instanceof TomlArray array)) {
            wrongTable(child, toml, "[[" + below + "]]");
            return List.of();
        }
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!(array.get(i) instanceof TomlTable item)) {
                wrongTable(child, toml, "[[" + below + "]]");
                return List.of();
            }
            int itemLine = lineOr(array.inputPositionOf(i));
            String label = below + "[" + i + "]";
            sections.add(below(item, child, label, child.name(), itemLine));
        }
        return sections;
    }

    /// The tables `[child.NAME]`, in the order of the file.
    List<Section> named(Shape child) {
        Object toml = table.get(List.of(child.name()));
        String below = prefix + child.name();
        if (toml == null) {
            return List.of();
        }
        if (!(toml instanceof TomlTable names)) {
            wrongTable(child, toml, "[" + below + ".NAME]");
            return List.of();
        }
        List<Section> sections = new ArrayList<>();
        for (String each : names.keySet()) {
            int itemLine = lineOr(names.inputPositionOf(List.of(each)));
            if (names.get(List.of(each)) instanceof TomlTable item) {
                String label = below + "." + Place.printable(each);
                sections.add(below(item, child, label, each, itemLine));
            } else {
                report.problem(
                        Report.Kind.UNKNOWN_KEY,
                        file,
                        itemLine,
                        below
                                + "."
                                + Place.printable(each)
                                + ": is a key where a table is wanted; legal is a heading ["
                                + below
                                + ".NAME] above it");
            }
        }
        sections.sort((a, b) -> Integer.compare(a.line, b.line));
        return sections;
    }

    private Section below(TomlTable found, Shape child, String label, String own, int at) {
        return new Section(report, file, found, child, root, label + ".", own, at);
    }

    private void wrongTable(Shape child, Object toml, String legal) {
        String shown = toml instanceof TomlTable || toml instanceof TomlArray ? " " : " = ... ";
        report.problem(
                Report.Kind.VALUE,
                file,
                lineOf(child.name()),
                prefix
                        + child.name()
                        + shown.stripTrailing()
                        + ": is not written as its tables are; legal is "
                        + legal);
    }

    private void refuseUnknownNames() {
        List<String> known = shape.names();
        for (String each : table.keySet()) {
            if (!known.contains(each)) {
                String message =
                        prefix
                                + Place.printable(each)
                                + ": unknown key"
                                + hint(each, known)
                                + "; legal "
                                + (prefix.isEmpty() ? "at the top" : "here")
                                + " are "
                                + String.join(", ", known);
                report.problem(Report.Kind.UNKNOWN_KEY, file, lineOf(each), message);
            }
        }
    }

    private String hint(String unknown, List<String> known) {
        List<String> homes = root.homesOf(unknown);
        if (!homes.isEmpty()) {
            List<String> headings =
                    homes.stream()
                            .map(home -> home.equals("[]") ? "the top of the file" : home)
                            .toList();
            return ", its place is " + String.join(" or ", headings);
        }
        String meant = Suggestion.of(unknown, known);
        return meant == null ? "" : ", did you mean " + meant + "?";
    }

    private void refuseOpenFile(Key<?> key) {
        if (report.holdsSecret(file)) {
            String exposure = TextFile.exposure(file);
            if (exposure != null) {
                report.problem(
                        Report.Kind.VALUE,
                        file,
                        lineOf(key.name()),
                        prefix + key.name() + ": the file itself " + exposure);
            }
        }
    }

    private int lineOf(String key) {
        return lineOr(table.inputPositionOf(List.of(key)));
    }

    private int lineOr(@Nullable TomlPosition position) {
        return position == null ? line : position.line();
    }
}
