package dev.postern.host;

import dev.postern.net.Prefix;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Something on the host that outlives the process which has changed it. A line of words in a
/// [Journal].
public sealed interface Change {
    String MOUNTED = "mounted";

    /// Rules of the routing policy were added.
    ///
    /// @param first the priority that their range begins with
    record RulesAdded(int first) implements Change {}

    /// Rules for peers in transport mode were added.
    ///
    /// @param number which of the processes' they are ([TransportRules])
    record TransportRulesAdded(int number) implements Change {
        public TransportRulesAdded {
            if (!TransportRules.isNumber(number)) {
                throw new IllegalArgumentException("no process has number " + number);
            }
        }
    }

    /// A device's reverse path filter was made strict.
    ///
    /// @param before what was set, a number other than that of strict
    record ReversePathStrict(String device, String before) implements Change {
        public ReversePathStrict {
            if (!before.matches("-?\\d{1,9}") || before.equals(ReversePath.STRICT)) {
                throw new IllegalArgumentException("no filter that was not strict is " + before);
            }
        }
    }

    /// What the tunnel is to carry is refused where it carries nothing.
    ///
    /// @param first the priority that its rules begin with
    /// @param subnets what the tunnel is to carry
    record BarrierRaised(int first, List<Prefix> subnets) implements Change {
        public BarrierRaised {
            subnets = List.copyOf(subnets);
        }
    }

    /// What the file of the C library's resolver says was replaced.
    ///
    /// @param before what it said
    /// @param mounted whether the file was mounted on its own: what is there without that mount is
    ///   another one
    record ResolverFile(Path file, String before, boolean mounted) implements Change {}

    /// A link's servers were given to a program that keeps the resolver's settings.
    record ResolverLink(ResolverKind kind, String device) implements Change {}

    /// The line that [#parse] reads.
    default String line() {
        return switch (this) {
            case RulesAdded(int first) -> "rules-added " + first;
            case TransportRulesAdded(int number) -> "transport-rules-added " + number;
            case ReversePathStrict(String device, String before) ->
                    "reverse-path-strict " + coded(device) + " " + before;
            case BarrierRaised(int first, List<Prefix> subnets) ->
                    subnets.stream()
                            .map(Prefix::toString)
                            .collect(Collectors.joining(" ", "barrier-raised " + first + " ", ""));
            case ResolverFile(Path file, String before, boolean mounted) ->
                    "resolver-file "
                            + coded(file.toString())
                            + " "
                            + coded(before)
                            + (mounted ? " " + MOUNTED : "");
            case ResolverLink(ResolverKind kind, String device) ->
                    "resolver-link " + kind + " " + coded(device);
        };
    }

    /// Empty for what is none: a journal that the disk has spoilt must not keep the rest of it from
    /// being undone.
    static Optional<Change> parse(String line) {
        String[] words = line.strip().split(" ", -1);
        try {
            return switch (words[0]) {
                case "rules-added" -> Optional.of(new RulesAdded(Integer.parseInt(words[1])));
                case "transport-rules-added" ->
                        Optional.of(new TransportRulesAdded(Integer.parseInt(words[1])));
                case "reverse-path-strict" ->
                        Optional.of(new ReversePathStrict(decoded(words[1]), words[2]));
                case "barrier-raised" ->
                        Optional.of(
                                new BarrierRaised(
                                        Integer.parseInt(words[1]),
                                        Stream.of(words).skip(2).map(Change::subnet).toList()));
                case "resolver-file" ->
                        Optional.of(
                                new ResolverFile(
                                        Path.of(decoded(words[1])),
                                        decoded(words[2]),
                                        words.length > 3 && words[3].equals(MOUNTED)));
                case "resolver-link" ->
                        Optional.of(
                                new ResolverLink(
                                        ResolverKind.valueOf(words[1]), decoded(words[2])));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException spoilt) {
            return Optional.empty();
        }
    }

    /// As [#line] writes it. One that the kernel would not take must not keep the rest from being
    /// undone.
    private static Prefix subnet(String word) {
        Prefix subnet = Prefix.parse(word);
        if (!subnet.address().equals(subnet.network())) {
            throw new IllegalArgumentException("bits behind the prefix");
        }
        if (!subnet.toString().equals(word)) {
            throw new IllegalArgumentException("not as it is written");
        }
        return subnet;
    }

    /// No word of a line holds a blank or is empty.
    private static String coded(String text) {
        return "=" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String word) {
        if (!word.startsWith("=")) {
            throw new IllegalArgumentException("not coded");
        }
        return new String(Base64.getDecoder().decode(word.substring(1)), StandardCharsets.UTF_8);
    }
}
