package dev.postern.ike.failover;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;

import java.util.ArrayList;
import java.util.List;

/// What is to be done, in order, until somebody takes it.
final class Outbox {
    private final List<Effect> effects = new ArrayList<>();

    void add(Effect effect) {
        effects.add(effect);
    }

    void emit(Event event) {
        effects.add(new Effect.Emit(event));
    }

    /// Whether there is an event of this kind.
    boolean tells(Class<? extends Event> kind) {
        return effects.stream()
                .anyMatch(
                        each -> each instanceof Effect.Emit emit && kind.isInstance(emit.event()));
    }

    List<Effect> take() {
        List<Effect> taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }
}
