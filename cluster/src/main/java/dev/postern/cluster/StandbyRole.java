package dev.postern.cluster;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Decides when one member of a tight cluster is the active one behind the shared addresses, and
/// when it is a standby (RFC 6311 section 2). Single-threaded; time and what is seen come in,
/// actions go out in the order in which they are to be carried out.
///
///     standby --(nobody has them, our turn)--> Acquire --(Owned)--> Serve(epoch): active
///     active  --(not primary, epoch gone, slept, preferred member is back, end)--> StandDown: standby
///
/// Only [Ownership] makes a member active: it raises the epoch for one of all that ask, on the
/// primary side alone. A member that was cut off or asleep finds its epoch gone and ends what it
/// serves without a word; what it has written of it is discarded then. One that was a standby then,
/// and is the only one left, does not know who served meanwhile, and how far that one came: it
/// serves by records that may be outdated.
public final class StandbyRole {
    /// The epoch has two octets in an explicit IV (RFC 4106 leaves its construction to us).
    public static final int HIGHEST_EPOCH = 0xffff;

    /// How long the others wait for the preferred member where nobody has the addresses.
    private static final long HEAD_START_NANOS = 3_000_000_000L;

    /// After a failure to serve, for others to try.
    private static final long RECOVERY_NANOS = 10_000_000_000L;

    /// A standby that was on no primary side for longer may have missed that another one carried
    /// on. Where a process dies its machine says so by then, and the next one is on it.
    private static final long AWAY_NANOS = 1_000_000_000L;

    /// Who has the addresses for so long serves; one that had stood down would have asked anew.
    private static final long SERVED_NANOS = 10_000_000_000L;

    /// What is constant.
    ///
    /// @param node our own
    /// @param preferred the node that serves where it can; empty for none
    /// @param failbackNanos how long it is in the view before it gets the addresses back;
    ///   Long.MAX_VALUE for never
    /// @param silenceNanos after so long without a look at the others they count us as lost
    public record Settings(String node, String preferred, long failbackNanos, long silenceNanos) {}

    /// What the decision is made from.
    public sealed interface Step {
        /// What this member sees, several times a second and whenever it has changed.
        ///
        /// @param held who has the addresses as far as is known here; null for nobody
        record Look(View view, boolean primary, @Nullable Held held) implements Step {}

        /// The answer to [Action.Acquire].
        record Judged(Outcome outcome) implements Step {}

        /// [Action.Serve] could not be carried out.
        record Failed() implements Step {}

        /// The gateway ends on purpose.
        record End() implements Step {}
    }

    /// What is to be done.
    public sealed interface Action {
        /// Asks for the addresses ([Ownership#acquire]).
        record Acquire() implements Action {}

        /// Raises the addresses, and carries on with the IKE SAs of whoever served before.
        ///
        /// @param outdated whether another member may have carried on with them since, of whom
        ///   neither the records nor the epoch know: this one was away, and nobody has told it
        record Serve(int epoch, boolean outdated) implements Action {}

        /// Ends all that is served there, without a word to anybody, and gives the addresses up.
        record StandDown(String reason) implements Action {}

        /// Lets the next member have them ([Ownership#release]), when all is written that it needs.
        record Release() implements Action {}

        /// Removes what we have written for a standby: another member has carried on without it.
        record Discard() implements Action {}

        /// The epochs are used up.
        record Exhausted(long epoch) implements Action {}
    }

    private final Settings settings;
    private @Nullable Long lastLook;
    private @Nullable Long freeSince;
    private @Nullable Long preferredSince;
    private @Nullable Long notBefore;
    private @Nullable Long lastPrimary;
    private @Nullable Held server;
    private long servedSince;
    private boolean started = true;
    private boolean mayHaveMissed = true;
    private boolean primary;
    private boolean asking;
    private boolean ended;
    private boolean outdated;
    private int epoch;

    public StandbyRole(Settings settings) {
        this.settings = settings;
    }

    /// Under which epoch this member serves; 0 where it is a standby.
    public int epoch() {
        return epoch;
    }

    /// @param now monotonic nanoseconds
    public List<Action> handle(long now, Step step) {
        List<Action> actions = new ArrayList<>(2);
        switch (step) {
            case Step.Look look -> look(now, look, actions);
            case Step.Judged(Outcome outcome) -> judged(now, outcome, actions);
            case Step.Failed _ -> {
                epoch = 0;
                notBefore = now + RECOVERY_NANOS;
                actions.add(new Action.Release());
            }
            case Step.End _ -> {
                ended = true;
                if (epoch != 0) {
                    standDown("this gateway ends", actions);
                    actions.add(new Action.Release());
                }
            }
        }
        return actions;
    }

    private void look(long now, Step.Look look, List<Action> actions) {
        long since = lastLook == null ? 0 : now - lastLook;
        lastLook = now;
        primary = look.primary();
        boolean preferredIsThere = look.view().has(settings.preferred());
        preferredSince = preferredIsThere ? first(preferredSince, now) : null;
        if (look.primary()) {
            compare(now, look);
        }
        if (epoch != 0) {
            String reason = reasonToEnd(look, since);
            if (reason != null) {
                standDown(reason, actions);
                outdated = true;
                if (!look.primary()) {
                    // The others carry on with what we have served as soon as they have lost us.
                    mayHaveMissedOne();
                }
            } else {
                mayHaveMissed = false;
                if (isPreferredBack(now)) {
                    standDown(settings.preferred() + " is preferred and is back", actions);
                    actions.add(new Action.Release());
                    freeSince = now;
                }
            }
        } else {
            standBy(now, look, actions);
        }
    }

    /// Whether this member knows of every takeover. A process that has just been started knows what
    /// the others do, where one of them serves.
    private void compare(long now, Step.Look look) {
        if (lastPrimary != null && now - lastPrimary > AWAY_NANOS) {
            mayHaveMissedOne();
        }
        lastPrimary = now;
        Held other = heldByAnotherThatIsThere(look);
        if (other == null || !other.equals(server)) {
            server = other;
            servedSince = now;
        }
        if (other != null && (started || now - servedSince >= SERVED_NANOS)) {
            mayHaveMissed = false;
        }
    }

    private void mayHaveMissedOne() {
        mayHaveMissed = true;
        started = false;
        server = null;
    }

    private @Nullable Held heldByAnotherThatIsThere(Step.Look look) {
        Held held = look.held();
        return held != null && !held.node().equals(settings.node()) && look.view().has(held.node())
                ? held
                : null;
    }

    private @Nullable String reasonToEnd(Step.Look look, long since) {
        if (!look.primary()) {
            return "this side of the cluster is not the primary one";
        }
        Held held = look.held();
        if (held != null && (!held.node().equals(settings.node()) || held.epoch() != epoch)) {
            return "epoch " + epoch + " is over: " + held.node() + " serves under " + held.epoch();
        }
        return since > settings.silenceNanos()
                ? "it was out for " + since / 1_000_000 + " ms"
                : null;
    }

    private boolean isPreferredBack(long now) {
        return preferredSince != null
                && !settings.preferred().equals(settings.node())
                && now - preferredSince >= settings.failbackNanos();
    }

    private void standBy(long now, Step.Look look, List<Action> actions) {
        Held held = look.held();
        boolean ours = held == null || held.node().equals(settings.node());
        boolean gone = held != null && !look.view().has(held.node());
        boolean free = look.primary() && (ours || gone);
        freeSince = free ? first(freeSince, now) : null;
        if (outdated && look.primary() && !ours) {
            outdated = false;
            actions.add(new Action.Discard());
        }
        if (free && !asking && !ended && isOurTurn(now)) {
            asking = true;
            actions.add(new Action.Acquire());
        }
    }

    private boolean isOurTurn(long now) {
        boolean rested = notBefore == null || now - notBefore >= 0;
        boolean first =
                preferredSince == null
                        || settings.preferred().equals(settings.node())
                        || (freeSince != null && now - freeSince >= HEAD_START_NANOS);
        return rested && first;
    }

    private void judged(long now, Outcome outcome, List<Action> actions) {
        asking = false;
        if (!(outcome instanceof Outcome.Owned(long owned))) {
            return;
        }
        if (ended) {
            actions.add(new Action.Release());
        } else if (owned > HIGHEST_EPOCH) {
            notBefore = now + RECOVERY_NANOS;
            actions.add(new Action.Exhausted(owned));
            actions.add(new Action.Release());
        } else if (primary) {
            // On the other side of a split by now, the next primary view asks anew.
            epoch = (int) owned;
            outdated = false;
            actions.add(new Action.Serve(epoch, mayHaveMissed));
        }
    }

    private void standDown(String reason, List<Action> actions) {
        epoch = 0;
        actions.add(new Action.StandDown(reason));
    }

    private static Long first(@Nullable Long earlier, long now) {
        return earlier == null ? now : earlier;
    }
}
