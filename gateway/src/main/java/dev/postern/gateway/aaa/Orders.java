package dev.postern.gateway.aaa;

import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.radius.AccountedSession;
import dev.postern.radius.Attribute;
import dev.postern.radius.DynamicAuthorization;
import dev.postern.radius.DynamicAuthorization.Outcome;
import dev.postern.radius.DynamicAuthorization.Verdict;
import dev.postern.radius.Moment;
import dev.postern.ticket.Revocation;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/// Disconnect- and CoA-Requests at work (RFC 5176): judged on the RADIUS thread, carried out on the
/// endpoint's, answered on the RADIUS thread. A disconnected session is revoked there, so that its
/// ticket brings it back nowhere; of a changed one what it was granted before is revoked, so that
/// an earlier ticket does not bring that back.
final class Orders implements RadiusLoop.Party {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    private final RadiusLoop loop;
    private final DynamicAuthorization judge;
    private final AaaSessions sessions;
    private final Aaa.Surroundings gateway;
    private final DatagramChannel channel;

    Orders(
            RadiusLoop loop,
            DynamicAuthorization judge,
            AaaSessions sessions,
            Aaa.Surroundings gateway,
            InetSocketAddress listen)
            throws IOException {
        this.loop = loop;
        this.judge = judge;
        this.sessions = sessions;
        this.gateway = gateway;
        this.channel = loop.open(this, 0, listen);
    }

    @Override
    public void onDatagram(int number, InetSocketAddress from, byte[] datagram, Moment now) {
        switch (judge.onDatagram(from, datagram, now.epochSeconds())) {
            case Verdict.Passed passed ->
                    LOG.debug("a request of {} was passed over: {}", from, passed.why());
            case Verdict.Reply reply -> loop.send(channel, from, reply.octets());
            case Verdict.Order order -> {
                if (!gateway.offer(at -> carryOut(at, order))) {
                    answer(order, Outcome.RESOURCES_UNAVAILABLE);
                }
            }
        }
    }

    /// On the endpoint's thread.
    private List<Input> carryOut(Now now, Verdict.Order order) {
        List<AccountedSession> meant = sessions.meant(order.match());
        List<AaaSessions.Change> changes = new ArrayList<>();
        List<Revocation> revoked = new ArrayList<>();
        Outcome outcome = Outcome.DONE;
        if (meant.isEmpty()) {
            outcome = Outcome.SESSION_CONTEXT_NOT_FOUND;
            if (order.disconnects()) {
                // Parked, or at another gateway: its ticket shall not bring it here.
                order.match()
                        .namedSession()
                        .map(id -> new Revocation.OfSession(id, now.epochSeconds()))
                        .ifPresent(revoked::add);
            }
        } else if (order.disconnects()) {
            for (AccountedSession session : meant) {
                sessions.disconnecting(session.sessionId());
                revoked.add(new Revocation.OfSession(session.sessionId(), now.epochSeconds()));
            }
        } else if (order.change().integer(Attribute.SESSION_TIMEOUT) == 0) {
            outcome = Outcome.INVALID_ATTRIBUTE_VALUE;
        } else {
            for (AccountedSession session : meant) {
                AaaSessions.Change change =
                        sessions.change(now, session.sessionId(), order.change());
                if (change != null) {
                    changes.add(change);
                }
            }
            outcome = judge(changes);
        }
        List<Input> inputs = new ArrayList<>();
        if (outcome == Outcome.DONE) {
            for (AaaSessions.Change change : changes) {
                sessions.changed(now, change);
                inputs.add(change.order());
                if (change.before() != null) {
                    revoked.add(change.before());
                }
            }
        }
        LOG.info(
                "{} {} {} sessions by order of {}: {}",
                order.disconnects() ? "disconnects" : "changes",
                meant.size(),
                meant.stream().limit(4).map(AccountedSession::userName).toList(),
                order.from().getAddress().getHostAddress(),
                outcome);
        Outcome told = outcome;
        loop.execute(_ -> {
            revoked.forEach(this::keep);
            answer(order, told);
        });
        return inputs;
    }

    /// All of the sessions are changed, or none is (RFC 5176 section 2.2).
    private Outcome judge(List<AaaSessions.Change> changes) {
        for (AaaSessions.Change change : changes) {
            if (change.tooLong()) {
                return Outcome.RESOURCES_UNAVAILABLE;
            }
            String obstacle = gateway.obstacle(change.order(), change.handles());
            if (!obstacle.isEmpty()) {
                LOG.warn("a change by order of a RADIUS server is refused: {}", obstacle);
                return Outcome.INVALID_ATTRIBUTE_VALUE;
            }
        }
        return Outcome.DONE;
    }

    /// Holds after a restart, and at the other gateways, before it is acknowledged.
    private void keep(Revocation revocation) {
        try {
            gateway.revoke(revocation);
        } catch (IOException e) {
            LOG.error(
                    "a session's revocation holds until this gateway restarts, but could not"
                            + " be written down: {}",
                    e.getMessage());
        }
    }

    private void answer(Verdict.Order order, Outcome outcome) {
        loop.send(channel, order.from(), judge.answer(order, outcome));
    }
}
