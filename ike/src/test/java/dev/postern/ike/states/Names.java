package dev.postern.ike.states;

import dev.postern.wire.ExchangeType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The names of inputs, shorter where several differ in one word.
final class Names {
    private static final Pattern FAMILY =
            Pattern.compile(
                    "(forged|an authentic) ([A-Z0-9_]+) (request|response)(.*)"
                            + "|(an answer in clear|an authentic answer), ([A-Za-z0-9_]+)");

    private Names() {}

    /// Those of a family as one, with their words in its middle or at its end.
    static List<String> joined(List<String> names) {
        Map<String, List<String>> families = new LinkedHashMap<>();
        for (String name : names) {
            Matcher matcher = FAMILY.matcher(name);
            if (!matcher.matches()) {
                families.put(name, List.of());
                continue;
            }
            boolean inTheMiddle = matcher.group(1) != null;
            String family =
                    inTheMiddle
                            ? matcher.group(1) + " %s " + matcher.group(3) + matcher.group(4)
                            : matcher.group(5) + ", %s";
            families.computeIfAbsent(family, _ -> new ArrayList<>())
                    .add(inTheMiddle ? matcher.group(2) : matcher.group(6));
        }
        List<String> joined = new ArrayList<>();
        families.forEach((family, words) ->
                joined.add(words.isEmpty() ? family : family.formatted(anyOf(words))));
        return joined;
    }

    /// Where they are nearly all exchanges, those that are missing are fewer words.
    private static String anyOf(List<String> words) {
        List<String> missing =
                Stream.of(ExchangeType.values())
                        .map(ExchangeType::toString)
                        .filter(exchange -> !words.contains(exchange))
                        .toList();
        if (missing.isEmpty()) {
            return "any";
        }
        return missing.size() < words.size()
                        && missing.size() + words.size() == ExchangeType.values().length
                ? "any but " + String.join("/", missing)
                : String.join("/", words);
    }
}
