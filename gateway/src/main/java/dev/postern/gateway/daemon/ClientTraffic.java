package dev.postern.gateway.daemon;

import dev.postern.esp.Verdict;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.IdleWatch;
import dev.postern.ike.failover.SetUpAhead;
import dev.postern.ike.failover.TrafficWatch;

import java.util.ArrayList;
import java.util.List;

/// What a client's packets tell of its gateway, looked at every [#INTERVAL_MILLIS]: whether
/// somebody answers, whether the gateway lives, and whether there is anything to send at all. On
/// the endpoint's thread.
final class ClientTraffic {
    static final long INTERVAL_MILLIS = 50;
    private static final int EVIDENCE_EVERY = 20;

    private final FailoverClient client;
    private final DataPlane dataPlane;
    private final ClientPorts ports;
    private final SealingChildSas sealing;
    private final SetUpAhead ahead;
    private final TrafficWatch watch;
    private final IdleWatch idle;
    private long unsent;
    private int turns;

    ClientTraffic(
            FailoverClient client,
            DataPlane dataPlane,
            ClientPorts ports,
            SealingChildSas sealing,
            SetUpAhead ahead,
            TrafficWatch watch,
            IdleWatch idle) {
        this.client = client;
        this.dataPlane = dataPlane;
        this.ports = ports;
        this.sealing = sealing;
        this.ahead = ahead;
        this.watch = watch;
        this.idle = idle;
    }

    List<Effect> look(Now now) {
        List<Effect> effects = new ArrayList<>();
        // Packets from inside that no SA takes: what a parked session waits for.
        long refused = dataPlane.metrics().sealed().of(Verdict.NO_POLICY);
        if (client.isParked() && refused > unsent) {
            effects.addAll(client.wake(now));
        }
        ahead.waitFor(refused);
        unsent = refused;
        if (!sealing.isEmpty()) {
            effects.addAll(judge(now));
        }
        GatewayCandidate gateway = client.currentGateway();
        if (gateway != null && ports.isUnreachable(gateway.path().remote())) {
            effects.addAll(client.suspect(now, Event.Suspicion.UNREACHABLE));
        }
        if (++turns % EVIDENCE_EVERY == 0) {
            dataPlane.reportLiving(
                    spi -> effects.addAll(client.handle(now, new Input.PacketVerified(spi))));
            UnknownSpis.report(dataPlane, input -> effects.addAll(client.handle(now, input)));
            sealing.reportAnswers(client::answered);
            dataPlane.reportUse((spi, octets, packets) ->
                    effects.addAll(
                            client.handle(now, new Input.ChildSaUsed(spi, octets, packets))));
        }
        return effects;
    }

    private List<Effect> judge(Now now) {
        if (idle.isIdle(now.nanos(), sealing.outboundPackets(), sealing.inboundPackets())) {
            idle.restart();
            return client.park(now);
        }
        return watch.isSuspicious(now.nanos(), sealing.questions(), sealing.answers())
                ? client.suspect(now, Event.Suspicion.TRAFFIC_SILENCE)
                : List.of();
    }
}
