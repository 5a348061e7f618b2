package dev.postern.cluster;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What the members of one view have said to each other about it ([Announcement]). Single-threaded.
final class Ballot {
    private final View view;
    private final Electorate ofView;

    /// What each of the others has said last, by its incarnation.
    private final Map<String, Announcement> heard = new HashMap<>();

    Ballot(View view) {
        this.view = view;
        this.ofView = Electorate.of(0, view.members());
    }

    /// Whether another member of the view has said it, and about this view.
    boolean hears(Announcement said) {
        boolean ofMember =
                view.members().stream()
                        .anyMatch(each -> each.incarnation().equals(said.incarnation()));
        if (!ofMember || !said.view().equals(Announcement.name(view))) {
            return false;
        }
        heard.put(said.incarnation(), said);
        return true;
    }

    /// What the same member has said about this view before.
    @Nullable Announcement lastOf(Announcement said) {
        return heard.get(said.incarnation());
    }

    /// Whether every other member has said by which voters it goes.
    boolean isComplete() {
        return heard.size() + 1 >= view.members().size();
    }

    /// The highest generation under which another one goes over to this view; 0 for none.
    long attempted() {
        return heard.values().stream().mapToLong(Announcement::attempted).reduce(0, Math::max);
    }

    /// Whether every other member goes over to this view.
    boolean isUnanimous() {
        return isComplete() && heard.values().stream().allMatch(Announcement::hasAttempted);
    }

    /// The attempts at other views that may have come to pass, as far as the members know. One of
    /// which a member was to be part, and never went over to it, has not.
    ///
    /// @param own attempts that we have not seen the end of
    List<Electorate> open(Collection<Electorate> own) {
        return Stream.concat(
                        own.stream(),
                        heard.values().stream().flatMap(said -> said.attempts().stream()))
                .filter(attempt -> !attempt.isOfSameAs(ofView) && !isRefuted(attempt, own))
                .distinct()
                .toList();
    }

    private boolean isRefuted(Electorate attempt, Collection<Electorate> own) {
        for (Member member : view.members()) {
            Announcement said = heard.get(member.incarnation());
            boolean tells = said == null || said.attempted() != Announcement.UNTOLD;
            Collection<Electorate> held = said == null ? own : said.attempts();
            if (tells && attempt.hasVoter(member) && held.stream().noneMatch(attempt::isOfSameAs)) {
                return true;
            }
        }
        return false;
    }

    /// What comes after everything that the members know of.
    ///
    /// @param own attempts that we have not seen the end of
    long nextGeneration(Electorate last, Collection<Electorate> own) {
        return Stream.concat(
                                own.stream(),
                                heard.values().stream().flatMap(said -> said.attempts().stream()))
                        .filter(attempt -> !attempt.isOfSameAs(ofView))
                        .mapToLong(Electorate::generation)
                        .reduce(last.generation(), Math::max)
                + 1;
    }
}
