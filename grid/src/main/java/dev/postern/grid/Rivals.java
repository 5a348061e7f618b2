package dev.postern.grid;

import dev.postern.cluster.Member;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Which members of a view may not be in it together: two of one node name or of one number, or one
/// that stands elsewhere than another one's list of members has it. Of two the one that comes first
/// in the view goes on ([MergeOrder]). All members of the view find the same.
///
/// @param view in its order
/// @param lists by member, where its configuration has the nodes of the site, by name; null where
///   that is not known (yet)
record Rivals(List<Seat> view, Function<Member, @Nullable Map<String, String>> lists) {
    /// Why a member must not go on, in words for its operator; null where it may. Whoever must not
    /// go on stands in nobody's way.
    @Nullable String refusal(Member member) {
        List<Seat> staying = new ArrayList<>();
        for (Seat seat : view) {
            String reason = null;
            for (Seat before : staying) {
                reason = reason == null ? against(before, seat) : reason;
            }
            if (reason == null) {
                staying.add(seat);
            } else if (seat.member().equals(member)) {
                return reason;
            }
        }
        return null;
    }

    private @Nullable String against(Seat before, Seat seat) {
        if (seat.listen() != null && seat.listen().equals(before.listen())) {
            // Two processes do not listen at one address: the one before has ended, and the engine
            // has yet to miss it.
            return null;
        }
        Member there = before.member();
        Member ours = seat.member();
        if (there.node().equals(ours.node())) {
            return "the cluster has a member "
                    + there.node()
                    + " already, "
                    + before.place()
                    + ", and this one "
                    + seat.place()
                    + " came later; a name is one gateway's: end the other one, or give this one"
                    + " a node of its own in [cluster], with a certificate of that name";
        }
        if (there.number() == ours.number()) {
            return "the cluster has a member of number "
                    + there.number()
                    + " already, "
                    + there.node()
                    + " "
                    + before.place()
                    + ", and this one, "
                    + ours.node()
                    + " "
                    + seat.place()
                    + ", came later; a number is one gateway's: give this one a member of its own"
                    + " at the top of its file, 0 to 255";
        }
        String theirs = misplaced(before, seat);
        return theirs == null ? misplaced(seat, before) : theirs;
    }

    /// Whether one has another one elsewhere.
    private @Nullable String misplaced(Seat holder, Seat other) {
        Map<String, String> list = lists.apply(holder.member());
        String wanted = list == null ? null : list.get(other.member().node());
        if (wanted == null || other.listen() == null || wanted.equals(other.listen())) {
            return null;
        }
        return other.member().node()
                + " runs "
                + other.place()
                + ", and the file of "
                + holder.member().node()
                + " has "
                + wanted
                + " for it in [[cluster.member]]; wanted is the same list at all members: mend"
                + " the file that is wrong, and start this gateway again";
    }
}
