package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.CertificateSettings;
import dev.postern.gateway.configuration.ClusterSettings;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Listen;
import dev.postern.gateway.configuration.Profile;
import dev.postern.gateway.configuration.StandbySettings;
import dev.postern.grid.Grid;
import dev.postern.grid.Knowledge;
import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Succession;
import dev.postern.pki.Credentials;
import dev.postern.voucher.VoucherSigner;
import dev.postern.wire.GatewayList;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Hot standby of a gateway with addresses of its own: it vouches for the others ([VoucherDesk]),
/// and calls the clients of one that is lost ([LooseSeat]).
final class LooseCluster implements AutoCloseable {
    private final VoucherDesk vouchers;
    private final LooseSeat seat;

    private LooseCluster(VoucherDesk vouchers, LooseSeat seat) {
        this.vouchers = vouchers;
        this.seat = seat;
    }

    static LooseCluster of(
            GatewayConfiguration configuration,
            StandbySettings settings,
            ClusterSettings members,
            ClusterSeat cluster,
            IkeEndpoint endpoint,
            EndpointLoop loop,
            EventLog events) {
        Grid grid = cluster.grid();
        VoucherSigner signer = signer(configuration, members);
        VoucherDesk desk =
                new VoucherDesk(
                        new Known(grid.knowledge()),
                        members.self().node(),
                        configuration.secureDomain(),
                        new Introduction(
                                configuration.identity(),
                                settings.reachedAt(),
                                signer.thumbprint(),
                                signer.fingerprint()),
                        signer,
                        settings.voucherLifetime(),
                        Clock.systemUTC(),
                        new SystemEntropy(),
                        held ->
                                loop.put(
                                        now -> endpoint.handle(now, new Input.HoldVouchers(held))));
        List<GatewayList.Address> gateways = addresses(settings.reachedAt());
        List<InetSocketAddress> from = sockets(configuration.listen());
        LooseSeat seat =
                new LooseSeat(
                        grid.ownership(),
                        grid.standby(),
                        lost -> new Succession(gateways, from, desk.chainFrom(lost)),
                        input -> loop.put(now -> endpoint.handle(now, input)),
                        events,
                        grid.isPrimary());
        cluster.listen(seat::on);
        return new LooseCluster(desk, seat);
    }

    /// What every member of the site knows.
    private record Known(Knowledge knowledge) implements VoucherDesk.Board {
        @Override
        public byte @Nullable [] get(String name) {
            return knowledge.get(name);
        }

        @Override
        public void put(String name, byte[] value) {
            knowledge.put(name, value);
        }

        @Override
        public void put(String name, byte[] value, long seconds) {
            knowledge.put(name, value, seconds);
        }

        @Override
        public Map<String, byte[]> all(String prefix) {
            return knowledge.all(prefix);
        }

        @Override
        public void listen(Consumer<String> hears) {
            knowledge.listen((name, _) -> hears.accept(name));
        }
    }

    /// The key of the certificate that clients know this gateway by, or else of the one that the
    /// other members do, whose public half clients get from us.
    private static VoucherSigner signer(
            GatewayConfiguration configuration, ClusterSettings members) {
        for (Profile profile : configuration.profiles()) {
            CertificateSettings certificates = profile.certificates();
            Credentials own = certificates == null ? null : certificates.own();
            if (own != null) {
                return VoucherSigner.of(own, true);
            }
        }
        return VoucherSigner.of(members.credentials(), false);
    }

    private static List<GatewayList.Address> addresses(List<GatewayList.Entry> entries) {
        List<GatewayList.Address> addresses = new ArrayList<>();
        for (GatewayList.Entry entry : entries) {
            if (entry instanceof GatewayList.Address address) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static List<InetSocketAddress> sockets(Listen listen) {
        return listen.addresses().stream()
                .map(address -> new InetSocketAddress(address, listen.natPort()))
                .toList();
    }

    void start() {
        vouchers.start();
        seat.start();
    }

    void keep(Effect.OfStandby told) {
        seat.keep(told);
    }

    @Override
    public void close() {
        seat.close();
        vouchers.close();
    }
}
