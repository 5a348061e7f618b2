package dev.postern.sim.scale;

import dev.postern.sim.Agenda;

/// The timer of one endpoint. Deadlines are put off more often than they come: an instant that has
/// been put off is looked at when it is there.
final class Alarm {
    private final Agenda agenda;
    private final Runnable action;
    private long wanted = Long.MAX_VALUE;
    private long planned = Long.MAX_VALUE;

    Alarm(Agenda agenda, Runnable action) {
        this.agenda = agenda;
        this.action = action;
    }

    /// From now on this instant is wanted, and none before; `Long.MAX_VALUE` for none.
    ///
    /// @param nanos of the agenda
    void at(long nanos) {
        wanted = nanos;
        if (wanted < planned) {
            plan();
        }
    }

    private void plan() {
        long instant = Math.max(wanted, agenda.now());
        planned = instant;
        agenda.at(instant, () -> ring(instant));
    }

    private void ring(long instant) {
        if (planned != instant) {
            return;
        }
        planned = Long.MAX_VALUE;
        if (wanted <= agenda.now()) {
            wanted = Long.MAX_VALUE;
            action.run();
        } else if (wanted < Long.MAX_VALUE) {
            plan();
        }
    }
}
