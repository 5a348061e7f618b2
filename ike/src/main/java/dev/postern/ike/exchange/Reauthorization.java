package dev.postern.ike.exchange;

import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A change of what a session may do, at the gateway that holds it (RFC 5176). The policy for the
/// peer is chosen anew; Child SAs that no longer fit it are rekeyed or deleted ([ChildSaFit]); a
/// client that holds a ticket gets a fresh one. That the old one is good nowhere is up to whoever
/// gives the order: it revokes what was granted before.
public final class Reauthorization {
    private static final int FILTER_ID = 11;

    private Reauthorization() {}

    /// Whether an order can be carried out as it stands (RFC 5176 section 2.2: all of it, or
    /// nothing of it). It cannot where its Filter-Id names no group that would decide for this
    /// peer, or one whose Child SAs are of the other mode.
    public static boolean isPossible(Turn turn, Input.Reauthorize change) {
        for (IkeSa sa : turn.table().bySession(change.sessionId())) {
            EstablishedSession session = sa.session();
            if (session != null && concerns(sa) && !isPossible(turn, sa, session, change)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPossible(
            Turn turn, IkeSa sa, EstablishedSession session, Input.Reauthorize change) {
        ResponderProfile profile = turn.configuration().profile(session.profile());
        if (profile == null) {
            return false;
        }
        List<Octets> attributes = change.aaaAttributes();
        List<Octets> filters = new ArrayList<>(attributes);
        filters.removeIf(each -> each.isEmpty() || each.at(0) != FILTER_ID);
        if (!session.aaaAttributes().containsAll(filters)) {
            @Nullable PeerGroup group =
                    profile.groupOf(session.authenticatedIdentity(), attributes);
            if (group == null || group.marks().stream().noneMatch(filters::contains)) {
                return false;
            }
        }
        ResponderProfile after = profile.forPeer(session.authenticatedIdentity(), attributes);
        return after.mode() == sa.relation().profile().mode();
    }

    public static void of(Turn turn, Input.Reauthorize change) {
        for (IkeSa sa : turn.table().bySession(change.sessionId())) {
            EstablishedSession session = sa.session();
            if (session != null && concerns(sa)) {
                turn.concern(sa);
                apply(turn, sa, session, change);
                turn.table().timers().schedule(sa);
            }
        }
    }

    /// What is not confirmed yet came with a ticket of before, and is judged with that one.
    private static boolean concerns(IkeSa sa) {
        return !sa.isClient()
                && (sa.isEstablished() || sa.isUnadopted() || sa.state() instanceof Replaced);
    }

    private static void apply(
            Turn turn, IkeSa sa, EstablishedSession session, Input.Reauthorize change) {
        Relation relation = sa.relation();
        ResponderProfile profile = turn.configuration().profile(session.profile());
        if (profile == null) {
            return;
        }
        SelectorPolicy before = SelectorPolicy.of(sa);
        ResponderProfile after =
                profile.forPeer(session.authenticatedIdentity(), change.aaaAttributes());
        long deadline = deadline(session, change, relation.profile().life(), after.life());
        relation.begin(session.reauthorized(deadline, change.aaaAttributes()), after);
        sa.life().limit(turn, relation);
        sa.life().watch(relation.liveness());
        if (!SelectorPolicy.of(sa).equals(before)) {
            relation.policyHasChanged();
            ChildSaFit.all(turn, sa);
        }
        if (deadline != session.hardDeadline() && sa.isEstablished()) {
            sa.duties().addNow(turn, new Duty.SendAuthenticationLifetime());
        }
        relation.changed(turn, sa);
    }

    /// An order's own end counts. Without one the session keeps its end, and a group that limits it
    /// more than the one before moves it forward.
    private static long deadline(
            EstablishedSession session,
            Input.Reauthorize change,
            LifePolicy before,
            LifePolicy after) {
        if (change.hardDeadline() != 0) {
            return change.hardDeadline();
        }
        long limit = after.reauthenticationSeconds();
        if (limit == 0 || limit == before.reauthenticationSeconds()) {
            return session.hardDeadline();
        }
        long ends = session.authenticatedAt() + limit;
        return session.hardDeadline() == 0 ? ends : Math.min(session.hardDeadline(), ends);
    }
}
