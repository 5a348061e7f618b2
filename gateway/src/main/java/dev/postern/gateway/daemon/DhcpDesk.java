package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;
import dev.postern.gateway.configuration.DhcpServer;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Pool;
import dev.postern.gateway.dhcp.DhcpLeases;
import dev.postern.gateway.dhcp.DhcpSocket;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.wire.ConfigurationAttribute;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Stands between the endpoint and the DHCP servers of its pools. An answer takes a while, so it
/// comes as an input of its own; an address that the server takes back ends its IKE SA. On the
/// endpoint's thread.
final class DhcpDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DhcpDesk.class);
    private static final long TICK_MILLIS = 250;

    private final IkeEndpoint endpoint;
    private final EndpointLoop loop;
    private final AddressLeases leases;
    private final Map<String, DhcpLeases> byPool = new LinkedHashMap<>();
    private final List<DhcpSocket> sockets = new ArrayList<>();

    private DhcpDesk(IkeEndpoint endpoint, EndpointLoop loop, AddressLeases leases) {
        this.endpoint = endpoint;
        this.loop = loop;
        this.leases = leases;
    }

    /// @param leases of the other pools: a client may have an address of each family
    /// @throws IOException where a socket cannot be opened
    static DhcpDesk open(
            GatewayConfiguration configuration,
            IkeEndpoint endpoint,
            EndpointLoop loop,
            AddressLeases leases,
            Entropy entropy)
            throws IOException {
        DhcpDesk desk = new DhcpDesk(endpoint, loop, leases);
        try {
            for (Pool pool : configuration.pools()) {
                DhcpServer server = pool.dhcp();
                if (server != null) {
                    desk.add(pool, server, entropy);
                }
            }
            return desk;
        } catch (IOException e) {
            desk.close();
            throw e;
        }
    }

    private void add(Pool pool, DhcpServer server, Entropy entropy) throws IOException {
        DhcpSocket[] socket = new DhcpSocket[1];
        DhcpLeases dhcp =
                new DhcpLeases(
                        pool,
                        server.relay(),
                        entropy,
                        new Outcomes(message -> socket[0].send(message)));
        socket[0] =
                DhcpSocket.open(
                        server.relay(),
                        server.address(),
                        octets ->
                                loop.offer(now -> {
                                    dhcp.onMessage(octets, now.nanos());
                                    return List.of();
                                }));
        sockets.add(socket[0]);
        byPool.put(pool.name(), dhcp);
    }

    /// Renews leases and gives servers up from now on.
    void tickOn(ScheduledExecutorService timer) {
        if (!byPool.isEmpty()) {
            timer.scheduleWithFixedDelay(
                    () ->
                            loop.offer(now -> {
                                byPool.values().forEach(dhcp -> dhcp.onTime(now.nanos()));
                                return List.of();
                            }),
                    TICK_MILLIS,
                    TICK_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    /// Whether a DHCP server gives this peer its address; then the answer comes later.
    boolean takes(long askId, Ask.LeaseAddresses ask, Now now) {
        Pool pool = ask.ipv4() && !byPool.isEmpty() ? leases.dhcpPool(ask) : null;
        DhcpLeases dhcp = pool == null ? null : byPool.get(pool.name());
        if (dhcp == null) {
            return false;
        }
        dhcp.want(askId, ask, now.nanos());
        return true;
    }

    void hold(Event.IkeSaEstablished established) {
        byPool.values().forEach(dhcp -> dhcp.hold(established.handle(), established.sessionId()));
    }

    void release(Event.IkeSaClosed closed) {
        boolean forGood =
                switch (closed.reason()) {
                    case DELETED_BY_PEER, CLOSED_LOCALLY, HARD_DEADLINE, REVOKED -> true;
                    default -> false;
                };
        byPool.values().forEach(dhcp -> dhcp.release(closed.handle(), forGood));
    }

    @Override
    public void close() {
        sockets.forEach(DhcpSocket::close);
    }

    private final class Outcomes implements DhcpLeases.Outcomes {
        private interface Wire {
            void send(byte[] message);
        }

        private final Wire wire;

        Outcomes(Wire wire) {
            this.wire = wire;
        }

        @Override
        public void send(byte[] message) {
            wire.send(message);
        }

        @Override
        public void leased(
                long askId,
                Ask.LeaseAddresses ask,
                InetAddress address,
                List<InetAddress> nameServers) {
            List<InetAddress> addresses = new ArrayList<>(List.of(address));
            List<ConfigurationAttribute> attributes =
                    new ArrayList<>(leases.toldWith(ask, nameServers));
            if (ask.ipv6()
                    && leases.lease(ask, loop.now().nanos())
                            instanceof Answer.AddressesLeased others) {
                addresses.addAll(others.addresses());
                attributes.addAll(others.attributes());
            }
            answer(askId, new Answer.AddressesLeased(addresses, attributes));
        }

        @Override
        public void refused(long askId, Ask.LeaseAddresses ask, String reason) {
            LOG.warn("{} gets no address: {}", ask.identity(), reason);
            answer(askId, new Answer.AddressesRefused());
        }

        @Override
        public void lost(long handle, InetAddress address) {
            LOG.warn(
                    "the DHCP server has taken {} back: its client has to connect again",
                    address.getHostAddress());
            loop.offer(now -> endpoint.handle(now, new Input.Close(handle, false)));
        }

        private void answer(long askId, Answer answer) {
            loop.offer(now -> endpoint.handle(now, new Input.Answered(askId, answer)));
        }
    }
}
