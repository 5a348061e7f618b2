package dev.postern.cluster;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a member says to the others of a view before they decide together whether it is the primary
/// one: by which voters it would go, then that it goes over to this view. A member that was cut off
/// knows old ones.
///
/// @param view the incarnations of the view's members, in order
/// @param incarnation who says it
/// @param attempts electorates that may have come after this one: of views to which it went over
///   without ever hearing the same of all their members
/// @param attempted the generation under which it goes over to this view; 0 as long as it does not,
///   [#UNTOLD] from a version that does not tell
public record Announcement(
        String view,
        String incarnation,
        Electorate electorate,
        List<Electorate> attempts,
        long attempted) {
    static final long UNTOLD = -1;

    private static final int VIEW = 1;
    private static final int INCARNATION = 2;
    private static final int GENERATION = 3;
    private static final int WITNESSED = 4;
    private static final int VOTERS = 5;
    private static final int ATTEMPTS = 6;
    private static final int ATTEMPTED = 7;

    /// Before the generation of an attempt; its voters follow.
    private static final String ATTEMPT = "\t";

    public Announcement {
        attempts = List.copyOf(attempts);
    }

    /// The name of a view among all that these members have had.
    static String name(View view) {
        TreeSet<String> members = new TreeSet<>();
        view.members().forEach(member -> members.add(member.incarnation()));
        return view.number() + " " + String.join(" ", members);
    }

    /// Whether it goes over to this view, as far as it can say so.
    boolean hasAttempted() {
        return attempted != 0;
    }

    /// Whether it goes by the same voters.
    boolean tellsTheSame(Announcement other) {
        return electorate.equals(other.electorate) && attempts.equals(other.attempts);
    }

    public byte[] encode() {
        StringBuilder open = new StringBuilder();
        for (Electorate attempt : attempts) {
            open.append(ATTEMPT).append(attempt.generation()).append('\n').append(lines(attempt));
        }
        Fields fields =
                Fields.empty()
                        .with(VIEW, view)
                        .with(INCARNATION, incarnation)
                        .with(GENERATION, electorate.generation())
                        .with(WITNESSED, electorate.witnessed() ? 1 : 0)
                        .with(VOTERS, lines(electorate))
                        .with(ATTEMPTS, open.toString());
        return (attempted == UNTOLD ? fields : fields.with(ATTEMPTED, attempted)).encode();
    }

    private static String lines(Electorate electorate) {
        StringBuilder voters = new StringBuilder();
        electorate
                .voters()
                .forEach((node, incarnation) ->
                        voters.append(node).append('\t').append(incarnation).append('\n'));
        return voters.toString();
    }

    /// Null for octets that are none.
    public static @Nullable Announcement decode(byte[] octets) {
        Fields fields = Fields.decode(octets);
        if (fields == null) {
            return null;
        }
        try {
            long attempted = fields.number(ATTEMPTED, UNTOLD);
            return new Announcement(
                    fields.text(VIEW),
                    fields.text(INCARNATION),
                    new Electorate(
                            fields.number(GENERATION, 0),
                            voters(fields.text(VOTERS)),
                            fields.number(WITNESSED, 0) == 1),
                    attempts(fields.text(ATTEMPTS)),
                    Math.max(attempted, UNTOLD));
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private static Map<String, String> voters(String lines) {
        Map<String, String> voters = new TreeMap<>();
        for (String line : lines.lines().toList()) {
            int tab = line.indexOf('\t');
            if (tab <= 0) {
                throw new IllegalArgumentException("no name of a node");
            }
            voters.put(line.substring(0, tab), line.substring(tab + 1));
        }
        return voters;
    }

    private static List<Electorate> attempts(String text) {
        List<Electorate> attempts = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int at = 0; at < lines.size(); ) {
            if (!lines.get(at).startsWith(ATTEMPT)) {
                throw new IllegalArgumentException("no generation of an attempt");
            }
            long generation = Long.parseLong(lines.get(at).substring(ATTEMPT.length()));
            int end = at + 1;
            while (end < lines.size() && !lines.get(end).startsWith(ATTEMPT)) {
                end++;
            }
            String voters = String.join("\n", lines.subList(at + 1, end));
            attempts.add(new Electorate(generation, voters(voters), true));
            at = end;
        }
        return attempts;
    }
}
