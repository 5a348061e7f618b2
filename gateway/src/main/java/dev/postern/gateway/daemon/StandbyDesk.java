package dev.postern.gateway.daemon;

import dev.postern.cluster.LeasePermits;
import dev.postern.cluster.SessionTakeover;
import dev.postern.cluster.StandbyConduct;
import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.cluster.StandbyRole;
import dev.postern.gateway.configuration.ClusterSettings;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Profile;
import dev.postern.gateway.configuration.StandbySettings;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.grid.Grid;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.standby.StandbyRecord;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Hot standby between a gateway's endpoint and its cluster. A gateway without it tells nobody
/// anything and lets everything in.
final class StandbyDesk implements AutoCloseable {
    /// Sequence numbers of a Child SA that pass before the standby is told; a takeover leaps over
    /// 64 times as many.
    private static final long SEQUENCE_STEP = 1 << 20;

    private static final long PATIENCE_SECONDS = 5;

    private final IkeEndpoint endpoint;
    private final EndpointLoop loop;
    private final Set<InetAddress> shared;
    private final @Nullable StandbySeat seat;
    private final @Nullable LooseCluster loose;
    private final Runnable rehearsal;

    private StandbyDesk(
            IkeEndpoint endpoint,
            EndpointLoop loop,
            Set<InetAddress> shared,
            @Nullable StandbySeat seat,
            @Nullable LooseCluster loose,
            Runnable rehearsal) {
        this.loose = loose;
        this.rehearsal = rehearsal;
        this.endpoint = endpoint;
        this.loop = loop;
        this.shared = shared;
        this.seat = seat;
    }

    /// @param cluster null for a gateway of its own
    /// @throws IOException in words, where the interface of the shared addresses is not to be had
    static StandbyDesk open(
            GatewayConfiguration configuration,
            @Nullable ClusterSeat cluster,
            IkeEndpoint endpoint,
            EndpointLoop loop,
            LeasePermits permits,
            EventLog events)
            throws IOException {
        StandbySettings settings = configuration.standby();
        ClusterSettings members = configuration.cluster();
        if (settings == null || members == null || cluster == null) {
            return new StandbyDesk(endpoint, loop, Set.of(), null, null, () -> {});
        }
        if (settings.mode() == StandbySettings.Mode.LOOSE) {
            return new StandbyDesk(
                    endpoint,
                    loop,
                    Set.of(),
                    null,
                    LooseCluster.of(
                            configuration, settings, members, cluster, endpoint, loop, events),
                    () -> {});
        }
        StandbySeat seat =
                seat(settings, members, cluster, new Behind(endpoint, loop), permits, events);
        Profile profile = configuration.profiles().getFirst();
        TakeoverRehearsal rehearsal =
                new TakeoverRehearsal(
                        new SystemEntropy(),
                        profile.ikeSuites().getFirst(),
                        profile.espSuites().getFirst(),
                        seat::standsBy);
        return new StandbyDesk(
                endpoint, loop, settings.shared(), seat, null, () -> rehearsal.begin(events));
    }

    private static StandbySeat seat(
            StandbySettings settings,
            ClusterSettings members,
            ClusterSeat cluster,
            StandbyConduct.Endpoint endpoint,
            LeasePermits permits,
            EventLog events)
            throws IOException {
        Grid grid = cluster.grid();
        List<String> nodes = new ArrayList<>(List.of(members.self().node()));
        members.others().stream()
                .filter(other -> other.site().equals(members.self().site()))
                .forEach(other -> nodes.add(other.node()));
        StandbySeat seat =
                new StandbySeat(
                        new StandbyRole(
                                new StandbyRole.Settings(
                                        members.self().node(),
                                        settings.preferred(),
                                        settings.failback().isZero()
                                                ? Long.MAX_VALUE
                                                : settings.failback().toNanos(),
                                        members.silence().toNanos())),
                        nodes,
                        grid.ownership(),
                        grid.standby(),
                        SharedAddresses.open(settings, members.silence()),
                        endpoint,
                        permits,
                        events,
                        grid.view(),
                        grid.isPrimary());
        cluster.sit(seat);
        return seat;
    }

    /// The addresses that may be another member's at present.
    Set<InetAddress> addresses() {
        return shared;
    }

    /// What may be handed in by the sockets: nothing at a shared address that is another member's,
    /// and while IKE SAs are taken over nothing but what belongs to those that stand already. On
    /// the endpoint's thread.
    IkeIntake.Handler guard(IkeIntake.Handler handler) {
        StandbySeat present = seat;
        return present == null
                ? handler
                : (now, input) -> admits(present, input) ? handler.handle(now, input) : List.of();
    }

    private boolean admits(StandbySeat present, Input input) {
        if (!(input instanceof Input.Datagram datagram)
                || !shared.contains(datagram.path().local().getAddress())) {
            return true;
        }
        return present.admits(() -> endpoint.holds(datagram.octets()));
    }

    /// On the endpoint's thread.
    void keep(Effect.OfStandby told) {
        if (seat != null) {
            seat.keep(told);
        } else if (loose != null) {
            loose.keep(told);
        } else if (told instanceof Effect.KeepRecord(StandbyRecord record)) {
            record.close();
        }
    }

    /// On the endpoint's thread.
    void on(Event.IkeSaEstablished established, AddressLeases leases) {
        if (seat != null && established.origin() == Event.Origin.TAKEN_OVER) {
            seat.taken(leases.ofShares(established.innerAddresses()));
        }
    }

    /// Begins to look whether this member is to serve.
    void start() {
        if (seat != null) {
            seat.start();
            rehearsal.run();
        }
        if (loose != null) {
            loose.start();
        }
    }

    /// Every second: how far sequence numbers are, for the standby.
    void report(DataPlane dataPlane) {
        if (seat != null && seat.epoch() != 0) {
            dataPlane.reportForStandby(
                    SEQUENCE_STEP,
                    (spi, out, in) -> offer(new Input.SequencesUsed(spi, out, in)),
                    spi -> offer(new Input.PacketRefused(spi)));
        }
    }

    private void offer(Input input) {
        loop.offer(now -> endpoint.handle(now, input));
    }

    @Override
    public void close() {
        if (seat != null) {
            seat.close();
        }
        if (loose != null) {
            loose.close();
        }
    }

    private record Behind(IkeEndpoint endpoint, EndpointLoop loop)
            implements StandbyConduct.Endpoint {
        @Override
        public int takeOver(SessionTakeover takeover, List<Snapshot> snapshots) {
            List<StandbyRecord> records = KeptRecords.readable(snapshots);
            int readable = records.size();
            if (snapshots.isEmpty() || readable > 0) {
                hand(takeover, records);
            }
            return readable;
        }

        private void hand(SessionTakeover takeover, List<StandbyRecord> records) {
            loop.put(now -> {
                if (takeover.isAbandoned()) {
                    records.forEach(StandbyRecord::close);
                    return List.of();
                }
                List<Effect> effects =
                        endpoint.handle(
                                now,
                                new Input.TakeOver(
                                        records, takeover.epoch(), takeover.isOutdated()));
                takeover.hasArrived();
                return effects;
            });
        }

        @Override
        public long judged() {
            return takenOver() + endpoint.counters().get(Counter.REFUSED_TAKE_OVER);
        }

        @Override
        public long takenOver() {
            return endpoint.counters().get(Counter.TAKEN_OVER);
        }

        @Override
        public void standDown() {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            loop.put(now -> {
                List<Effect> effects = endpoint.handle(now, new Input.StandDown());
                done.complete(true);
                return effects;
            });
            try {
                done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // It comes yet, in its turn; nothing gets past the guard meanwhile.
                done.cancel(false);
            }
        }
    }
}
