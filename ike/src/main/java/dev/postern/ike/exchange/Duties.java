package dev.postern.ike.exchange;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What an IKE SA has to begin once its window is free, in order. Each duty stands here at most
/// once.
final class Duties {
    /// A peer that is busy (TEMPORARY_FAILURE), or refuses for other reasons, is asked again after
    /// this long and up to twice as much later, by chance: both peers may wait for each other (RFC
    /// 7296 section 2.25).
    private static final long RETRY_NANOS = 5 * Now.NANOS_PER_SECOND;

    private record Due(Duty duty, long notBefore) {}

    private final List<Due> waiting = new ArrayList<>(0);

    void add(Duty duty, long notBefore) {
        if (isClosing()) {
            return;
        }
        for (Due due : waiting) {
            if (due.duty().equals(duty)) {
                return;
            }
        }
        waiting.add(new Due(duty, notBefore));
    }

    void addNow(Turn turn, Duty duty) {
        add(duty, turn.now().nanos());
    }

    void addLater(Turn turn, Duty duty) {
        add(duty, turn.now().nanos() + RETRY_NANOS + below(turn.entropy(), 2 * RETRY_NANOS));
    }

    /// To be done then at the earliest; what is due already stays so.
    ///
    /// @param notBefore `Long.MAX_VALUE` for never
    void postpone(Turn turn, Duty duty, long notBefore) {
        waiting.removeIf(due -> due.duty().equals(duty) && due.notBefore() > turn.now().nanos());
        if (notBefore != Long.MAX_VALUE) {
            add(duty, notBefore);
        }
    }

    /// Ends the IKE SA before anything else is begun.
    void close(Turn turn, CloseReason reason) {
        waiting.clear();
        waiting.addFirst(new Due(new Duty.CloseIkeSa(reason), turn.now().nanos()));
    }

    /// Whether the IKE SA is to end as soon as its window is free.
    boolean isClosing() {
        return !waiting.isEmpty() && waiting.getFirst().duty() instanceof Duty.CloseIkeSa;
    }

    /// What was to be done is done otherwise.
    void drop(Duty duty) {
        waiting.removeIf(due -> due.duty().equals(duty));
    }

    boolean contains(Duty duty) {
        return waiting.stream().anyMatch(due -> due.duty().equals(duty));
    }

    void inherit(Duties others) {
        others.waiting.forEach(due -> add(due.duty(), due.notBefore()));
        others.waiting.clear();
    }

    /// When the first is due; `Long.MAX_VALUE` for none.
    long deadline() {
        long earliest = Long.MAX_VALUE;
        for (Due due : waiting) {
            earliest = Math.min(earliest, due.notBefore());
        }
        return earliest;
    }

    private @Nullable Duty take(long now) {
        for (Due due : waiting) {
            if (due.notBefore() <= now) {
                waiting.remove(due);
                return due.duty();
            }
        }
        return null;
    }

    /// Begins what is due, where the IKE SA may begin something.
    static void pursue(Turn turn, IkeSa sa) {
        CounterSyncInitiator.beforeOwnRequests(turn, sa);
        while (sa.isEstablished() && !sa.requests().isBusy()) {
            Duty duty = sa.duties().take(turn.now().nanos());
            if (duty == null) {
                return;
            }
            switch (duty) {
                case Duty.CreateChildSa create ->
                        ChildSaInitiator.create(turn, sa, create.own(), create.peer());
                case Duty.RestoreChildSa same ->
                        ChildSaInitiator.restore(turn, sa, same.own(), same.peer());
                case Duty.SetUpChildSa further -> FurtherChildSas.setUp(turn, sa, further.wanted());
                case Duty.RekeyChildSa rekey ->
                        ChildSaInitiator.rekey(turn, sa, rekey.inboundSpi());
                case Duty.RekeyIkeSa _ -> IkeSaRekeyInitiator.begin(turn, sa);
                case Duty.DeleteChildSa delete ->
                        ChildSaDeletion.begin(turn, sa, delete.inboundSpi());
                case Duty.DisownChildSa gone -> ChildSaDeletion.send(turn, sa, gone.inboundSpi());
                case Duty.TellInvalidSpi wayward -> InvalidSpi.send(turn, sa, wayward.spi());
                case Duty.CloseIkeSa close -> Informational.delete(turn, sa, close.reason());
                case Duty.UpdateAddresses _ -> AddressUpdate.send(turn, sa);
                case Duty.AdvertiseAddresses _ -> AddressAnnouncement.send(turn, sa);
                case Duty.CheckPath _ -> PathCheck.send(turn, sa);
                case Duty.Redirect redirect -> RedirectResponder.send(turn, sa, redirect.gateway());
                case Duty.CallClient call -> SwitchInitiator.call(turn, sa, call);
                case Duty.SendCrashToken _ -> CrashToken.send(turn, sa);
                case Duty.SendAuthenticationLifetime _ -> AuthenticationLifetime.send(turn, sa);
                case Duty.SendTicket _ -> TicketDelivery.send(turn, sa);
                case Duty.SyncReplayCounters _ -> ReplayCounterSync.send(turn, sa);
                case Duty.AskForTicket _ -> TicketDelivery.ask(turn, sa);
            }
        }
    }

    /// A random number from 0 up to `bound`, exclusive; 0 where the bound is 0.
    static long below(Entropy entropy, long bound) {
        return bound <= 0 ? 0 : (Octets.of(entropy.octets(8)).toLong(0) >>> 1) % bound;
    }
}
