package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.SimulatedClient;
import dev.postern.sim.World;
import dev.postern.ticket.Session;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// A client that was promised a resume begins nothing anew before it has tried one: while the
/// ticket of the IKE SA that serves it is good, and nobody has ended its session, its next exchange
/// with any gateway is a resume.
public final class ResumesFirst implements Checker {
    /// One life of a client.
    private static final class Course {
        long serving;

        /// The last exchange that was begun with a gateway; 0 where none is under way.
        long trying;

        /// Not tried yet; null where there is none.
        @Nullable ResumableSession promised;
    }

    private final Map<Life, Course> courses = new HashMap<>();

    @Override
    public String claim() {
        return "who can resume tries that first";
    }

    @Override
    public void see(Happening happening, World world) {
        if (!(happening instanceof Happening.Handled handled)
                || !(handled.party() instanceof SimulatedClient client)) {
            return;
        }
        Course course = courses.computeIfAbsent(Life.of(client), _ -> new Course());
        for (Effect effect : handled.effects()) {
            // The ticket of a resume comes with its answer, and may be told of first.
            if (effect instanceof Effect.Emit(Event.SwitchCompleted completed)) {
                course.serving = completed.handle();
                course.trying = 0;
                course.promised = null;
            }
        }
        for (Effect effect : handled.effects()) {
            if (effect instanceof Effect.Emit(Event event)) {
                follow(course, event, client);
            }
        }
    }

    private void follow(Course course, Event event, SimulatedClient client) {
        switch (event) {
            // What comes while others are tried counts for the next round.
            case Event.TicketReceived received when received.handle() == course.serving ->
                    course.promised = course.trying == 0 ? received.session() : null;
            case Event.IkeSaClosed closed when closed.handle() == course.trying ->
                    course.trying = 0;
            case Event.IkeSaClosed closed
                    when closed.handle() == course.serving && endsSession(closed) ->
                    course.promised = null;
            // A resume would prove nobody anew.
            case Event.ReauthenticationDue _ -> course.promised = null;
            case Event.SwitchStarted started when started.resume() -> {
                course.promised = null;
                course.trying = started.handle();
            }
            case Event.SwitchStarted started -> {
                course.trying = started.handle();
                ResumableSession promised = course.promised;
                require(
                        promised == null || !isGood(promised, client),
                        client + " begins anew with " + started.to() + " and has a ticket");
            }
            default -> {}
        }
    }

    /// One whose switch counts are used up takes a full exchange.
    private static boolean isGood(ResumableSession session, SimulatedClient client) {
        return session.isValidAt(client.seconds())
                && !(session.isExhausted()
                        && session.session().kind() == Session.Kind.ONE_ROUND_TRIP);
    }

    /// Silence and a crash of the gateway leave the ticket good, and so does a rest.
    private static boolean endsSession(Event.IkeSaClosed closed) {
        return closed.reason() != CloseReason.PEER_UNRESPONSIVE
                && closed.reason() != CloseReason.PEER_CRASHED
                && closed.reason() != CloseReason.PARKED;
    }
}
