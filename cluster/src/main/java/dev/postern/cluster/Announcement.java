package dev.postern.cluster;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a member says to the others of a view before they decide together whether it is the primary
/// one: by which voters it would go. A member that was cut off knows old ones.
///
/// @param view the incarnations of the view's members, in order
/// @param incarnation who says it
public record Announcement(String view, String incarnation, Electorate electorate) {
    private static final int VIEW = 1;
    private static final int INCARNATION = 2;
    private static final int GENERATION = 3;
    private static final int WITNESSED = 4;
    private static final int VOTERS = 5;

    /// The name of a view among all that these members have had.
    static String name(View view) {
        TreeSet<String> members = new TreeSet<>();
        view.members().forEach(member -> members.add(member.incarnation()));
        return view.number() + " " + String.join(" ", members);
    }

    public byte[] encode() {
        StringBuilder voters = new StringBuilder();
        electorate
                .voters()
                .forEach((node, incarnation) ->
                        voters.append(node).append('\t').append(incarnation).append('\n'));
        return Fields.empty()
                .with(VIEW, view)
                .with(INCARNATION, incarnation)
                .with(GENERATION, electorate.generation())
                .with(WITNESSED, electorate.witnessed() ? 1 : 0)
                .with(VOTERS, voters.toString())
                .encode();
    }

    /// Null for octets that are none.
    public static @Nullable Announcement decode(byte[] octets) {
        Fields fields = Fields.decode(octets);
        if (fields == null) {
            return null;
        }
        Map<String, String> voters = new TreeMap<>();
        Collection<String> lines = fields.text(VOTERS).lines().toList();
        for (String line : lines) {
            int tab = line.indexOf('\t');
            if (tab <= 0) {
                return null;
            }
            voters.put(line.substring(0, tab), line.substring(tab + 1));
        }
        return new Announcement(
                fields.text(VIEW),
                fields.text(INCARNATION),
                new Electorate(
                        fields.number(GENERATION, 0), voters, fields.number(WITNESSED, 0) == 1));
    }
}
