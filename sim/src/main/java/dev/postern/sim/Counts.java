package dev.postern.sim;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;

/// How many IKE SAs clients have set up, by their origin.
final class Counts implements Observer {
    private int resumed;
    private int established;

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event.SwitchCompleted completed)) {
                    established++;
                    resumed += completed.origin() == Event.Origin.FULL_EXCHANGE ? 0 : 1;
                }
            }
        }
    }

    int resumed() {
        return resumed;
    }

    int established() {
        return established;
    }
}
