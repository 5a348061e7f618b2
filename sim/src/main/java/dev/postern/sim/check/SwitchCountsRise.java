package dev.postern.sim.check;

import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedGateway;
import dev.postern.sim.World;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.Octets;

import java.util.HashMap;
import java.util.Map;

/// Switch counts rise: a client's session is revived with a higher count each time, and a gateway
/// answers no count that is not higher than that of the session's IKE SA which it holds confirmed.
/// Where the gateways keep the sessions, the store of a site lets through each count once, unless
/// it has forgotten; what nobody may do then is confirm a switch twice ([OneRequestOneSession]). A
/// rekeyed IKE SA counts from 0 again: its keys are new (failover profile, "Message ID"). RFC 5723
/// knows no counts: both sides choose nonces and SPIs anew.
public final class SwitchCountsRise implements Checker {
    private record Sa(Life life, long handle) {}

    private record Standing(Octets sessionId, int rekeyings, int count, boolean confirmed) {
        boolean isBelow(int nowRekeyings, int nowCount) {
            return rekeyings < nowRekeyings || (rekeyings == nowRekeyings && count < nowCount);
        }
    }

    private final Map<Octets, Integer> atClient = new HashMap<>();
    private final Map<Sa, Standing> atGateway = new HashMap<>();

    private record AtSite(int site, SessionReference reference) {}

    /// What the store of a site has let through last, by the reference of the session.
    private final Map<AtSite, Ask.RaiseSwitchCount> stored = new HashMap<>();

    /// How often all gateways together have rekeyed a session.
    private final Map<Octets, Integer> rekeyings = new HashMap<>();

    /// How often its session had been rekeyed when an IKE SA came to be. A record of hot standby
    /// may be older than the last time.
    private final Map<SessionReference, Integer> generations = new HashMap<>();

    @Override
    public String claim() {
        return "switch counts rise";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.SwitchCountRaised(Party gateway, var ask)) {
            int site = world.plan().siteOf(((SimulatedGateway) gateway).index());
            inStore(new AtSite(site, ask.reference()), gateway, ask);
        } else if (happening instanceof Happening.StoreForgot) {
            stored.clear();
        }
        if (!(happening instanceof Happening.Handled handled) || world.plan().terms().rfc5723()) {
            return;
        }
        for (Effect effect : handled.effects()) {
            if (effect instanceof Effect.Emit(Event event)) {
                switch (handled.party().role()) {
                    case CLIENT -> atClient(event, handled.party());
                    case GATEWAY -> atGateway(event, Life.of(handled.party()));
                    case IMPOSTOR, ATTACKER -> {}
                }
            }
        }
    }

    /// The same request may come twice: its answer was lost.
    private void inStore(AtSite record, Party gateway, Ask.RaiseSwitchCount ask) {
        Ask.RaiseSwitchCount before = stored.put(record, ask);
        require(
                before == null
                        || before.gatewaySwitchCount() < ask.gatewaySwitchCount()
                        || before.equals(ask),
                gateway + " is let through by the store with " + ask + " after " + before);
    }

    private void atClient(Event event, Party client) {
        if (event instanceof Event.IkeSaEstablished established) {
            int count = established.gatewaySwitchCount();
            Integer before = atClient.put(established.sessionId(), count);
            require(
                    before == null || before < count,
                    client + " revives its session with count " + count + " after " + before);
        } else if (event instanceof Event.IkeSaRekeyed rekeyed) {
            atClient.put(rekeyed.sessionId(), 0);
        }
    }

    private void atGateway(Event event, Life life) {
        Sa sa = new Sa(life, event.handle());
        if (event instanceof Event.IkeSaEstablished established) {
            int count = established.gatewaySwitchCount();
            int rekeyed =
                    generations.computeIfAbsent(
                            SessionReference.ofSpis(established.spiI(), established.spiR()),
                            _ -> rekeyings.getOrDefault(established.sessionId(), 0));
            for (Map.Entry<Sa, Standing> other : atGateway.entrySet()) {
                Standing standing = other.getValue();
                require(
                        !other.getKey().life().equals(life)
                                || !standing.confirmed()
                                || !standing.sessionId().equals(established.sessionId())
                                || standing.isBelow(rekeyed, count),
                        life + " answers count " + count + " where " + standing + " stands");
            }
            atGateway.put(
                    sa,
                    new Standing(
                            established.sessionId(), rekeyed, count, !established.provisional()));
        } else if (event instanceof Event.SessionConfirmed) {
            atGateway.computeIfPresent(
                    sa,
                    (_, known) ->
                            new Standing(
                                    known.sessionId(), known.rekeyings(), known.count(), true));
        } else if (event instanceof Event.IkeSaRekeyed rekeyed) {
            int times = rekeyings.merge(rekeyed.sessionId(), 1, Integer::sum);
            generations.put(SessionReference.ofSpis(rekeyed.spiI(), rekeyed.spiR()), times);
            atGateway.computeIfPresent(
                    sa, (_, known) -> new Standing(known.sessionId(), times, 0, known.confirmed()));
        } else if (event instanceof Event.IkeSaClosed) {
            atGateway.remove(sa);
        }
    }
}
