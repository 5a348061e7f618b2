package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Types of values that know nothing of networks.
final class BasicTypes {
    private static final int LONGEST_LIST = 10_000;

    private BasicTypes() {}

    /// A type whose values are TOML strings.
    ///
    /// @param reader throws [IllegalArgumentException] with what is wrong
    static <T> KeyType<T> ofText(String word, String legal, Function<String, T> reader) {
        return new TextType<>(word, legal, false, reader);
    }

    /// The same where the text must never be shown; the exceptions of `reader` must not either.
    static <T> KeyType<T> ofSecret(String word, String legal, Function<String, T> reader) {
        return new TextType<>(word, legal, true, reader);
    }

    static KeyType<Boolean> flag() {
        return new KeyType<>() {
            @Override
            public String word() {
                return "boolean";
            }

            @Override
            public String legal() {
                return "true or false";
            }

            @Override
            public @Nullable Boolean read(Object toml, Place place) {
                if (toml instanceof Boolean value) {
                    return value;
                }
                place.wrong("is not a boolean");
                return null;
            }
        };
    }

    static KeyType<Integer> integer(int least, int most) {
        String range = least + " to " + most;
        return new KeyType<>() {
            @Override
            public String word() {
                return "integer, " + range;
            }

            @Override
            public String legal() {
                return "an integer from " + range;
            }

            @Override
            public @Nullable Integer read(Object toml, Place place) {
                if (!(toml instanceof Long value)) {
                    place.wrong("is not an integer");
                } else if (value < least || value > most) {
                    place.wrong("is out of range");
                } else {
                    return value.intValue();
                }
                return null;
            }
        };
    }

    static KeyType<Double> decimal(double least, double most) {
        String range = least + " to " + most;
        return new KeyType<>() {
            @Override
            public String word() {
                return "number, " + range;
            }

            @Override
            public String legal() {
                return "a number from " + range;
            }

            @Override
            public @Nullable Double read(Object toml, Place place) {
                if (!(toml instanceof Long) && !(toml instanceof Double)) {
                    place.wrong("is not a number");
                    return null;
                }
                double value = ((Number) toml).doubleValue();
                if (!(value >= least && value <= most)) {
                    place.wrong("is out of range");
                    return null;
                }
                return value;
            }
        };
    }

    /// One of the constants, written in lower case with hyphens.
    static <E extends Enum<E>> KeyType<E> choice(E[] constants) {
        List<String> words = Arrays.stream(constants).map(BasicTypes::word).toList();
        String legal = "\"" + String.join("\", \"", words) + "\"";
        return ofText(
                "one of " + legal,
                "one of " + legal,
                text -> {
                    int index = words.indexOf(text);
                    if (index < 0) {
                        String meant = Suggestion.of(text.toLowerCase(Locale.ROOT), words);
                        throw new IllegalArgumentException(
                                "is unknown"
                                        + (meant == null
                                                ? ""
                                                : ", did you mean \"" + meant + "\"?"));
                    }
                    return constants[index];
                });
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Text of a pattern, for names.
    static KeyType<String> name(String word, String legal, Pattern pattern) {
        return ofText(
                word,
                legal,
                text -> {
                    if (!pattern.matcher(text).matches()) {
                        throw new IllegalArgumentException("cannot be used");
                    }
                    return text;
                });
    }

    /// A path, taken from the directory of the configuration file where it is not absolute.
    static KeyType<Path> path() {
        return new KeyType<>() {
            @Override
            public String word() {
                return "path";
            }

            @Override
            public String legal() {
                return "a path, absolute or from the directory of this file";
            }

            @Override
            public @Nullable Path read(Object toml, Place place) {
                if (!(toml instanceof String text)) {
                    place.wrong("is not a string");
                } else if (text.isBlank()) {
                    place.wrong("is empty");
                } else {
                    try {
                        return place.file().resolveSibling(text);
                    } catch (InvalidPathException e) {
                        place.wrong("cannot be the name of a file");
                    }
                }
                return null;
            }
        };
    }

    /// A list without repetitions.
    ///
    /// @param least how many items there must be
    static <T> KeyType<List<T>> list(KeyType<T> item, int least) {
        return new ListType<>(item, least);
    }

    /// A list that may be written without brackets where it has one item.
    static <T> KeyType<List<T>> oneOrMore(KeyType<T> item) {
        return new OneOrMore<>(item, new ListType<>(item, 1));
    }

    private record OneOrMore<T>(KeyType<T> item, ListType<T> list) implements KeyType<List<T>> {
        @Override
        public String word() {
            return item.word() + ", or list";
        }

        @Override
        public String legal() {
            return item.legal() + ", or a list of such";
        }

        @Override
        public @Nullable List<T> read(Object toml, Place place) {
            if (toml instanceof TomlArray) {
                return list.read(toml, place);
            }
            @Nullable T value = item.read(toml, place);
            return value == null ? null : List.of(value);
        }
    }

    private record TextType<T>(
            String word, String legal, boolean isSecret, Function<String, T> reader)
            implements KeyType<T> {
        @Override
        public @Nullable T read(Object toml, Place place) {
            if (!(toml instanceof String text)) {
                place.wrong("is not a string");
                return null;
            }
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException e) {
                place.wrong(String.valueOf(e.getMessage()));
                return null;
            }
        }
    }

    private record ListType<T>(KeyType<T> item, int least) implements KeyType<List<T>> {
        @Override
        public String word() {
            return "list: " + item.word();
        }

        @Override
        public String legal() {
            return "a list [...] with "
                    + (least > 0 ? "at least one of: " : "items: ")
                    + item.legal();
        }

        @Override
        public @Nullable List<T> read(Object toml, Place place) {
            if (!(toml instanceof TomlArray array)) {
                place.wrong("is not a list");
                return null;
            }
            if (array.size() < least || array.size() > LONGEST_LIST) {
                place.wrong(array.isEmpty() ? "is empty" : "is too long");
                return null;
            }
            List<T> items = new ArrayList<>();
            Set<T> seen = new HashSet<>();
            boolean sound = true;
            for (int i = 0; i < array.size(); i++) {
                TomlPosition position = array.inputPositionOf(i);
                int line = position == null ? place.line() : position.line();
                Place at = place.item(i, line, item, array.get(i));
                @Nullable T value = item.read(array.get(i), at);
                if (value == null) {
                    sound = false;
                } else if (seen.add(value)) {
                    items.add(value);
                } else {
                    at.wrong("stands twice in the list");
                    sound = false;
                }
            }
            return sound ? List.copyOf(items) : null;
        }
    }
}
