package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// A client that keeps one session alive across gateways (draft-dondeti-ipsec-failover-sol-00
/// section 4.2). Wraps the endpoint that speaks the exchanges, and is as pure: inputs and instants
/// in, effects out.
///
/// When the gateway does not answer a check any more, the others are tried in order, the silent one
/// last: first each with a resume, then each with a full exchange, then all again after a wait. The
/// silent gateway's IKE SA stays until its replacement stands; should it answer after all, the
/// client stays with it.
///
/// Whatever happens around it, it moves no more often than its [CalmPolicy] allows. A gateway that
/// it leaves of its own will, because of a redirection, on command, or to return to the preferred
/// one, serves it until the other one has taken over.
public final class FailoverClient {
    private final Outbox outbox = new Outbox();
    private final Course course;
    private final Discovery discovery;
    private final Doubts doubts = new Doubts();
    private final Carriage carriage;
    private boolean moved;

    public FailoverClient(ClientPolicy policy, IkeEndpoint endpoint, Entropy entropy) {
        this.carriage = new Carriage(entropy);
        this.course = new Course(policy, endpoint, entropy, outbox);
        this.discovery = new Discovery(policy, course, entropy, outbox);
    }

    /// Connects, beginning with the first gateway, or resumes a session that was kept.
    ///
    /// @param kept a session of an earlier run, or null
    public List<Effect> start(Now now, @Nullable ResumableSession kept) {
        if (kept != null) {
            carriage.goesOn();
        }
        discovery.start(now, kept);
        return outbox.take();
    }

    /// Ends the session with a Delete.
    public List<Effect> stop(Now now) {
        discovery.stop();
        course.stop(now);
        return outbox.take();
    }

    /// Hands an input to the endpoint and draws the conclusions.
    public List<Effect> handle(Now now, Input input) {
        if (input instanceof Input.PacketVerified) {
            course.heard(now);
        }
        if (!discovery.takes(now, input)) {
            course.pass(now, input);
        }
        course.wakeUp(now);
        discovery.wakeUp(now);
        tellOfMove(now);
        return taken();
    }

    /// Somebody behind a gateway has been heard through this Child SA, not the gateway alone: an
    /// inner packet has come that is no ICMP error.
    public void answered(int inboundSpi) {
        if (carriage.answered(inboundSpi)) {
            course.trust().carries(course.primary());
        }
    }

    /// Something hints that the gateway is gone: traffic without answers, an application, an
    /// unauthenticated message. It is checked, no more, and for what nobody has proven seldom.
    public List<Effect> suspect(Now now, Event.Suspicion suspicion) {
        Primary current = course.primary();
        boolean inVain = suspicion == Event.Suspicion.TRAFFIC_SILENCE && carriage.isInVain();
        boolean leaves =
                inVain
                        && current != null
                        && course.mayLeave(now)
                        && leavesWhatCarriesNothing(now, current);
        boolean quiet = course.isQuiet();
        if (!leaves && doubts.allow(suspicion, now)) {
            course.suspect(now, suspicion);
        }
        if (!leaves && quiet && suspicion == Event.Suspicion.TRAFFIC_SILENCE) {
            carriage.toRekey(now)
                    .ifPresent(inboundSpi -> course.pass(now, new Input.RekeyChildSa(inboundSpi)));
        }
        return taken();
    }

    /// The gateway stays until another one has taken over.
    private boolean leavesWhatCarriesNothing(Now now, Primary current) {
        List<Integer> others =
                course.gateways().after(current.gateway(), now).stream()
                        .filter(each -> each != current.gateway())
                        .toList();
        if (others.isEmpty() && carriage.mayResumeHere()) {
            outbox.emit(current.suspected(Event.Suspicion.CARRIES_NOTHING, course.gateways()));
            course.visit(now, current.gateway(), current, false);
            return true;
        }
        Optional<Integer> next = carriage.next(current.gateway(), others);
        next.ifPresent(target -> {
            outbox.emit(current.suspected(Event.Suspicion.CARRIES_NOTHING, course.gateways()));
            course.trust().carriesNothing(now, current);
            course.visit(now, target, current, false);
        });
        return next.isPresent();
    }

    private List<Effect> taken() {
        List<Effect> effects = outbox.take();
        carriage.sees(effects);
        return effects;
    }

    /// The host has another address towards the gateway than before, or another way.
    public List<Effect> moved(Now now) {
        moved = true;
        tellOfMove(now);
        course.auxiliaries().moved(now, course);
        return outbox.take();
    }

    /// While another gateway is tried, nobody is told; whichever serves us afterwards is then.
    private void tellOfMove(Now now) {
        Primary current = course.primary();
        if (moved && !course.isBusy()) {
            moved = false;
            if (current != null) {
                Path path = course.gateways().get(current.gateway()).path();
                course.pass(now, new Input.Moved(current.handle(), path));
            }
        }
    }

    /// Lets the session rest: neither side holds an IKE SA until [#wake]. Nothing happens while
    /// another exchange is under way.
    public List<Effect> park(Now now) {
        Primary current = course.primary();
        if (current != null && course.isQuiet()) {
            course.park(now, current);
        }
        return outbox.take();
    }

    /// There is something to send: a parked session is resumed, at the gateway that it rests with
    /// if that is there.
    public List<Effect> wake(Now now) {
        course.wake(now);
        discovery.wakeUp(now);
        return outbox.take();
    }

    /// Goes to another gateway while ours is alive; [Event.SwitchRefused] says why not.
    ///
    /// @param gateway one of those that [#gateways] tells, or [GatewayReference#NEXT]
    public List<Effect> switchTo(Now now, GatewayReference gateway) {
        Primary current = course.primary();
        GatewayOrder gateways = course.gateways();
        Integer target =
                gateway.text().isEmpty() && current != null
                        ? Integer.valueOf(gateways.after(current.gateway()).getFirst())
                        : gateways.named(gateway);
        String objection = null;
        if (current == null || current.silent()) {
            objection = "no gateway serves us; the client looks for one by itself";
        } else if (target == null) {
            objection = "there is no such gateway; known are " + gateways.names();
        } else if (target == current.gateway()) {
            objection = "it serves us already";
        } else if (course.isBusy()) {
            objection = "another switch is under way";
        }
        if (objection != null) {
            outbox.emit(new Event.SwitchRefused(0, gateway.text(), objection));
        } else if (current != null && target != null) {
            course.visit(now, target, current, true);
        }
        return outbox.take();
    }

    public boolean isParked() {
        return course.isParked();
    }

    /// What the client would resume by, to be kept over its restart: changes with each ticket.
    public @Nullable ResumableSession kept() {
        return course.kept();
    }

    /// Whether another gateway is being tried.
    public boolean isSwitching() {
        return course.isBusy();
    }

    public long nextDeadline() {
        return Math.min(course.nextDeadline(), discovery.nextDeadline());
    }

    /// Adds a gateway that an application knows of, or ranks a known one anew; it has to show its
    /// identity, or one of those that the client accepts where it has none of its own.
    ///
    /// @param rank among the client's own list
    /// @return what is to be done; null where the application has added too many
    public @Nullable List<Effect> addGateway(Now now, GatewayCandidate gateway, Rank rank) {
        return discovery.add(now, gateway, rank) ? outbox.take() : null;
    }

    /// Takes back what [#addGateway] has added; one that serves us goes on until it is left.
    ///
    /// @return whether there was one
    public boolean removeGateway(InetSocketAddress address) {
        return course.gateways().roster().remove(address);
    }

    /// Every gateway that the client knows, in the order in which it would try them now.
    public GatewayOverview gateways(Now now) {
        return discovery.overview(now);
    }

    /// The gateways where a session stands by; whoever carries the datagrams keeps the ways to them
    /// open.
    public List<GatewayCandidate> auxiliaryGateways() {
        return course.auxiliaries().gateways().stream().map(course.gateways()::get).toList();
    }

    /// The gateway that serves the session, or null.
    public @Nullable GatewayCandidate currentGateway() {
        Primary current = course.primary();
        return current == null ? null : course.gateways().get(current.gateway());
    }
}
