package dev.postern.gateway.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Which keys and tables a table of a configuration file may have.
///
/// @param name of the table in the one above it; empty for the file itself
/// @param meaning a sentence for the reference
record Shape(String name, Form form, String meaning, List<Key<?>> keys, List<Shape> tables) {
    /// How a table is written.
    enum Form {
        /// `[name]`, at most once.
        SINGLE,
        /// `[[name]]`, any number of times.
        REPEATED,
        /// `[name.NAME]`, each with a name of the operator's choice.
        NAMED
    }

    Shape {
        keys = List.copyOf(keys);
        tables = List.copyOf(tables);
    }

    static Shape single(String name, String meaning, List<Key<?>> keys, Shape... tables) {
        return new Shape(name, Form.SINGLE, meaning, keys, List.of(tables));
    }

    static Shape repeated(String name, String meaning, List<Key<?>> keys, Shape... tables) {
        return new Shape(name, Form.REPEATED, meaning, keys, List.of(tables));
    }

    static Shape named(String name, String meaning, List<Key<?>> keys, Shape... tables) {
        return new Shape(name, Form.NAMED, meaning, keys, List.of(tables));
    }

    /// Names of the keys and tables that may stand here, in order.
    List<String> names() {
        return Stream.concat(keys.stream().map(Key::name), tables.stream().map(Shape::name))
                .toList();
    }

    /// The heading of this table under a prefix that is empty or ends with a dot.
    String heading(String prefix) {
        return switch (form) {
            case SINGLE, REPEATED -> prefix + name;
            case NAMED -> prefix + name + ".NAME";
        };
    }

    /// Headings of the tables, at any depth, where a key of that name may stand.
    List<String> homesOf(String keyName) {
        List<String> homes = new ArrayList<>();
        collectHomes(keyName, "", homes);
        return homes;
    }

    private void collectHomes(String keyName, String prefix, List<String> homes) {
        String heading = heading(prefix);
        if (keys.stream().anyMatch(key -> key.name().equals(keyName))) {
            homes.add(form == Form.REPEATED ? "[[" + heading + "]]" : "[" + heading + "]");
        }
        String below = heading.isEmpty() ? "" : heading + ".";
        tables.forEach(table -> table.collectHomes(keyName, below, homes));
    }
}
