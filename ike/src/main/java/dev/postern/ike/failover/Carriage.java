package dev.postern.ike.failover;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether packets come through the gateway that serves us. One that lets us in, answers every
/// check and carries nothing is as good as gone; nobody can tell it from traffic that has no
/// answers but by what other gateways have carried before.
///
/// Fed with what goes in and out of the endpoint.
final class Carriage {
    /// Silences of our traffic, each with a check that the gateway has answered, before it is left:
    /// 0.4, 0.8 and 1.6 s by default.
    static final int VAIN_CHECKS = 3;

    private final Set<Integer> tried = new HashSet<>();
    private boolean trafficHasAnswers;
    private boolean carries;
    private final Set<Integer> active = new HashSet<>();
    private int lastActive;
    private int vain;

    void sees(Input input) {
        if (input instanceof Input.PacketVerified(int inboundSpi) && active.contains(inboundSpi)) {
            trafficHasAnswers = true;
            carries = true;
            vain = 0;
            tried.clear();
        }
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
            carries = false;
            vain = 0;
        }
    }

    /// Packets have gone out for a while and none has come.
    ///
    /// @return whether it is time to look for a gateway that carries them
    boolean isInVain() {
        if (!trafficHasAnswers || carries) {
            return false;
        }
        return vain++ >= VAIN_CHECKS;
    }

    /// Which of the others is tried next: each once before one is tried again, so that one that is
    /// gone or carries nothing either hides no honest one.
    ///
    /// @param left the one that serves us
    /// @param others in the order of preference, at least one
    int next(int left, List<Integer> others) {
        vain = 0;
        tried.add(left);
        if (tried.containsAll(others)) {
            tried.clear();
            tried.add(left);
        }
        int next = others.stream().filter(each -> !tried.contains(each)).findFirst().orElseThrow();
        tried.add(next);
        return next;
    }
}
