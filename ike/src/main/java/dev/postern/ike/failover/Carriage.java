package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Now;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Whether somebody behind the gateway that serves us is heard. A gateway that lets us in, answers
/// every check and carries nothing is as good as gone; nobody can tell it from traffic that has no
/// answers but by the answers that there were before, through it or another one.
///
/// Where nobody is heard through any gateway it is not for them. Each is tried once; then they are
/// tried again ever more rarely if there have been answers in this run, so that the moves that a
/// client has are not used up by that.
final class Carriage {
    /// Silences of our traffic, each with a check that the gateway has answered, before it is left
    /// that has brought no answers yet: 0.4, 0.8 and 1.6 s by default, and 3.2 s from then on.
    static final int VAIN_CHECKS = 3;

    /// The same for one that has, and by chance up to as many more: what is silent may be one host,
    /// which all clients talk to and none shall be driven about by.
    static final int CHECKS_AFTER_ANSWERS = 10;

    /// Silences before the Child SA is made anew: with the second check the gateway has answered
    /// one, and may lack it all the same.
    static final int CHECKS_BEFORE_REKEYING = 2;

    /// Rekeyings that have found nothing are so far apart, and ever farther: traffic that has
    /// answers in between, and some that has none, is no reason to go on.
    private static final long FIRST_REST_NANOS = 60 * Now.NANOS_PER_SECOND;

    private static final long LONGEST_REST_NANOS = 3_600 * Now.NANOS_PER_SECOND;

    private static final int MOST_REKEYINGS = 6;

    /// To one move in five minutes.
    private static final int MOST_DOUBLINGS = 5;

    private final Draw draw;
    private final Set<Integer> tried = new HashSet<>();
    private final Set<Integer> active = new HashSet<>();
    private int lastActive;
    private boolean expectsAnswers;
    private boolean answered;
    private int patience = VAIN_CHECKS;
    private int rounds;
    private int vain;
    private boolean rekeyed;
    private int rekeyedSpi;
    private int rekeyings;
    private long mayRekeyAt;
    private boolean resumedHere;

    Carriage(Entropy entropy) {
        this.draw = new Draw(entropy);
    }

    /// A session of an earlier run goes on; no doubt its traffic had answers.
    void goesOn() {
        expectsAnswers = true;
    }

    /// Somebody behind a gateway has been heard through this Child SA, be it one that has ended.
    ///
    /// @return whether it is of the gateway that serves us
    boolean answered(int inboundSpi) {
        boolean first = !answered;
        expectsAnswers = true;
        answered = true;
        if (!active.contains(inboundSpi)) {
            return false;
        }
        if (vain > 0 || patience < CHECKS_AFTER_ANSWERS || first) {
            patience = CHECKS_AFTER_ANSWERS + (int) draw.below(CHECKS_AFTER_ANSWERS + 1);
        }
        rounds = 0;
        vain = 0;
        rekeyed = false;
        resumedHere = false;
        tried.clear();
        return true;
    }

    void sees(List<Effect> effects) {
        Set<Integer> fresh = new HashSet<>();
        boolean moved = false;
        for (Effect effect : effects) {
            if (effect instanceof Effect.ActivateChildSa activate) {
                lastActive = activate.inboundSpi();
                fresh.add(lastActive);
            } else if (effect instanceof Effect.RemoveChildSa remove) {
                active.remove(remove.inboundSpi());
                if (rekeyings > 0
                        && remove.inboundSpi() == rekeyedSpi
                        && lastActive == rekeyedSpi) {
                    // No successor seals: the gateway did lack it.
                    rekeyings = 0;
                }
            } else if (effect instanceof Effect.Emit(Event.SwitchCompleted completed)
                    && !completed.from().equals(completed.to())) {
                moved = true;
            }
        }
        active.addAll(fresh);
        if (moved) {
            // What still comes through the gateway before says nothing of this one.
            fresh.add(lastActive);
            active.retainAll(fresh);
            begin();
        }
    }

    private void begin() {
        patience = VAIN_CHECKS << rounds;
        vain = 0;
    }

    /// Packets that may be answered have gone out for a while, and nobody was heard.
    ///
    /// @return whether it is time to look for a gateway that carries them
    boolean isInVain() {
        vain = Math.min(vain + 1, Integer.MAX_VALUE - 1);
        return expectsAnswers && vain > patience;
    }

    /// The Child SA under which nobody is heard any more: it is rekeyed, which shows whether the
    /// gateway has it, once until somebody is heard again, and at most after a minute, two, four,
    /// up to an hour, until one has found something or an hour was quiet. Nothing where nobody ever
    /// was heard: some traffic has no answers.
    OptionalInt toRekey(Now now) {
        if (rekeyed
                || (rekeyings > 0 && now.nanos() < mayRekeyAt)
                || !expectsAnswers
                || vain < CHECKS_BEFORE_REKEYING
                || !active.contains(lastActive)) {
            return OptionalInt.empty();
        }
        if (rekeyings > 0 && now.nanos() - mayRekeyAt >= LONGEST_REST_NANOS) {
            rekeyings = 0;
        }
        rekeyed = true;
        rekeyedSpi = lastActive;
        mayRekeyAt = now.nanos() + Math.min(FIRST_REST_NANOS << rekeyings, LONGEST_REST_NANOS);
        rekeyings = Math.min(rekeyings + 1, MOST_REKEYINGS);
        return OptionalInt.of(lastActive);
    }

    /// Whether it is time to resume with the only gateway that there is: once until somebody is
    /// heard again.
    boolean mayResumeHere() {
        boolean first = expectsAnswers && !resumedHere;
        resumedHere |= first;
        return first;
    }

    /// Which of the others is tried next: each once before one is tried again, so that one that is
    /// gone or carries nothing either hides no honest one.
    ///
    /// @param left the one that serves us
    /// @param others in the order of preference
    Optional<Integer> next(int left, List<Integer> others) {
        tried.add(left);
        if (tried.containsAll(others)) {
            expectsAnswers = answered;
            rounds = Math.min(rounds + 1, MOST_DOUBLINGS);
            tried.clear();
            tried.add(left);
        }
        begin();
        Optional<Integer> next =
                expectsAnswers
                        ? others.stream().filter(each -> !tried.contains(each)).findFirst()
                        : Optional.empty();
        next.ifPresent(tried::add);
        return next;
    }
}
