package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Now;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// A client that has a gateway leaves it no more often in an hour than its bound says, and not
/// before it has dwelt there, whatever happens around it (failover profile, "What a client may
/// never do"). Who has lost its IKE SA has nothing to leave; if it had lasted no time, that counts
/// as a move too.
public final class CalmClients implements Checker {
    private static final long HOUR_NANOS = 3_600 * Now.NANOS_PER_SECOND;

    /// In an hour, where it may not move as often.
    private static final int COMEBACKS = 20;

    /// What a client calls lasting, by its clock.
    private static final long LASTING_NANOS = 299 * Now.NANOS_PER_SECOND;

    /// A client's clock and that of the run differ by less.
    private static final long SLACK_NANOS = Now.NANOS_PER_MILLI;

    /// When a client has come to another gateway, and where it is.
    private static final class Course {
        final Deque<Long> moves = new ArrayDeque<>();
        String at = "";

        /// When sessions have ended that had not lasted.
        final Deque<Long> briefEnds = new ArrayDeque<>();

        long handle;
        long since;
    }

    private final Map<Life, Course> courses = new HashMap<>();

    @Override
    public String claim() {
        return "a client moves no more often than its bound";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT) {
            Life life = Life.of(handled.party());
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event event)) {
                    follow(life, event, world);
                }
            }
        }
    }

    private void follow(Life life, Event event, World world) {
        Course course = courses.computeIfAbsent(life, _ -> new Course());
        if (event instanceof Event.SwitchStarted started
                && !started.from().isEmpty()
                && !started.to().equals(started.from())) {
            judge(life, course, world);
        } else if (event instanceof Event.SwitchStarted started && started.from().isEmpty()) {
            judgeComeback(life, course, world);
        } else if (event instanceof Event.IkeSaClosed closed
                && closed.handle() == course.handle
                && closed.reason() != Event.CloseReason.PARKED) {
            course.handle = 0;
            if (world.now() - course.since < LASTING_NANOS) {
                course.briefEnds.add(world.now());
            }
        } else if (event instanceof Event.SwitchCompleted completed) {
            if (!course.at.isEmpty() && !course.at.equals(completed.to())) {
                course.moves.add(world.now());
            }
            course.at = completed.to();
            course.handle = completed.handle();
            course.since = world.now();
        }
    }

    /// An attempt that was under way as the session ended goes on.
    private void judgeComeback(Life client, Course course, World world) {
        Deque<Long> ends = course.briefEnds;
        while (!ends.isEmpty() && ends.getFirst() <= world.now() - HOUR_NANOS + SLACK_NANOS) {
            ends.remove();
        }
        int most = Math.max(COMEBACKS, world.plan().movesPerHour()) + 2;
        require(
                ends.size() <= most,
                client + " comes back after " + ends.size() + " sessions that were ended at once");
    }

    private void judge(Life client, Course course, World world) {
        long now = world.now();
        while (!course.moves.isEmpty() && course.moves.getFirst() <= now - HOUR_NANOS) {
            course.moves.remove();
        }
        int most = world.plan().movesPerHour();
        require(
                course.moves.size() < most,
                client + " leaves its gateway after " + most + " moves within an hour");
        Long last = course.moves.peekLast();
        require(
                last == null || now - last >= world.leastDwellNanos() - SLACK_NANOS,
                client + " leaves its gateway at once");
    }
}
