package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a later version has added to a session or a standby record stays with it, whoever seals or
/// writes it next.
public final class LaterVersionsKept implements Checker {
    private record Known(Life gateway, Octets name) {}

    /// Of each session at a gateway, whether all that it has read of it was more than it knows.
    private final Map<Known, Boolean> sessions = new HashMap<>();

    /// IKE SAs that a gateway has taken over by records that say more than it knows.
    private final Set<Known> records = new HashSet<>();

    @Override
    public String claim() {
        return "what a later version has added is kept";
    }

    @Override
    public void see(Happening happening, World world) {
        switch (happening) {
            case Happening.SessionOpened(Party gateway, Session session) ->
                    sessions.merge(name(gateway, session), isLater(session), Boolean::logicalAnd);
            case Happening.SessionSealed(Party gateway, Session session, _) -> {
                boolean later = sessions.computeIfAbsent(name(gateway, session), _ -> false);
                require(
                        !later || isLater(session),
                        gateway + " leaves out of a session what a later version has added");
            }
            case Happening.Handled handled -> handled(handled);
            default -> {}
        }
    }

    private static Known name(Party gateway, Session session) {
        return new Known(Life.of(gateway), session.sessionId());
    }

    private static boolean isLater(Session session) {
        return !session.unknownPayloads().isEmpty();
    }

    private static boolean isLater(StandbyRecord record) {
        return record.unknown().stream()
                .anyMatch(notify -> notify.type() != StandbyFormat.WRITTEN_UNDER);
    }

    private void handled(Happening.Handled handled) {
        List<StandbyRecord> read =
                switch (handled.input()) {
                    case Input.TakeOver takeOver -> takeOver.records();
                    case Input.Succeed succeed -> succeed.records();
                    default -> List.of();
                };
        Life gateway = Life.of(handled.party());
        for (StandbyRecord record : read) {
            Session session = record.session();
            sessions.merge(
                    new Known(gateway, session.sessionId()), isLater(session), Boolean::logicalAnd);
            if (isLater(record)) {
                records.add(new Known(gateway, record.key()));
            }
        }
        for (Effect effect : handled.effects()) {
            if (effect instanceof Effect.KeepRecord(StandbyRecord record)) {
                require(
                        isLater(record) || !records.contains(new Known(gateway, record.key())),
                        handled.party() + " leaves out of a record what a later version has added");
            }
        }
    }
}
