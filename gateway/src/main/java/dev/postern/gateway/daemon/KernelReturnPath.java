package dev.postern.gateway.daemon;

import dev.postern.net.Netlink;
import dev.postern.net.PacketSocket;
import dev.postern.net.Prefix;
import dev.postern.net.ProxyNeighbour;
import dev.postern.net.Route;
import dev.postern.net.Sysctl;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/// The return path by this machine's kernel: a route through the TUN device, and for an address,
/// where the gateways share a network with the protected hosts, a proxy ARP (or neighbour
/// discovery) entry on that network and an announcement, so that hosts that knew the client behind
/// another gateway learn at once.
final class KernelReturnPath implements ReturnPath {
    private static final Logger LOG = LoggerFactory.getLogger(KernelReturnPath.class);

    private final Netlink netlink;
    private final String tun;
    private final @Nullable String neighbourDevice;
    private final @Nullable PacketSocket announcer;

    private KernelReturnPath(
            Netlink netlink,
            String tun,
            @Nullable String neighbourDevice,
            @Nullable PacketSocket announcer) {
        this.netlink = netlink;
        this.tun = tun;
        this.neighbourDevice = neighbourDevice;
        this.announcer = announcer;
    }

    /// @param neighbourDevice where to answer for inner addresses; null for routes only
    /// @param announces whether to send gratuitous ARP and unsolicited advertisements there
    /// @param ipv6 whether there are inner IPv6 addresses: to forward them makes this host an IPv6
    ///   router
    /// @throws IOException where the interface is not there or privileges are missing
    static KernelReturnPath open(
            String tun, @Nullable String neighbourDevice, boolean announces, boolean ipv6)
            throws IOException {
        Netlink netlink = Netlink.open();
        try {
            Sysctl.setIpv4Forwarding(tun, true);
            if (ipv6) {
                Sysctl.setIpv6Forwarding(tun, true);
            }
            PacketSocket announcer = null;
            if (neighbourDevice != null) {
                netlink.existing(neighbourDevice);
                Sysctl.setIpv4Forwarding(neighbourDevice, true);
                if (ipv6) {
                    Sysctl.setIpv6Forwarding(neighbourDevice, true);
                    Sysctl.setProxyNdp(neighbourDevice, true);
                }
                // Proxied answers wait up to 0.8 s by default, which a client that has just moved
                // cannot.
                Sysctl.setProxyDelay(neighbourDevice, 0);
                removeLeftovers(netlink, neighbourDevice);
                announcer = announces ? PacketSocket.open(neighbourDevice) : null;
            }
            return new KernelReturnPath(netlink, tun, neighbourDevice, announcer);
        } catch (IOException | RuntimeException e) {
            netlink.close();
            throw e;
        }
    }

    /// Proxy entries outlive a killed process, and would answer for clients that are elsewhere by
    /// now.
    private static void removeLeftovers(Netlink netlink, String device) throws IOException {
        for (ProxyNeighbour proxy : netlink.proxyNeighbours()) {
            if (proxy.isOurs() && proxy.device().equals(device)) {
                netlink.deleteProxyNeighbour(device, proxy.address());
                LOG.info(
                        "no longer answering for {} on {}: left behind by an earlier run",
                        text(proxy.address()),
                        device);
            }
        }
    }

    @Override
    public void advertise(Prefix inner) {
        try {
            netlink.replaceRoute(Route.through(tun, inner));
            // A network behind a peer has no place among the neighbours.
            if (neighbourDevice != null && inner.isHost()) {
                netlink.addProxyNeighbour(neighbourDevice, inner.address());
                announce(inner.address());
            }
        } catch (IOException e) {
            LOG.error("hosts behind this gateway will not reach {}: {}", inner, e.getMessage());
        }
    }

    private void announce(InetAddress inner) throws IOException {
        if (announcer == null) {
            return;
        }
        switch (inner) {
            case Inet4Address ipv4 -> {
                announcer.announceByArpRequest(ipv4);
                announcer.announceByArpReply(ipv4);
            }
            case Inet6Address ipv6 -> announcer.announceNeighbour(ipv6, ipv6, true);
            default -> LOG.error("{} is of no known family", text(inner));
        }
    }

    @Override
    public void withdraw(Prefix inner) {
        try {
            netlink.deleteRoute(Route.through(tun, inner));
            if (neighbourDevice != null && inner.isHost()) {
                netlink.deleteProxyNeighbour(neighbourDevice, inner.address());
            }
        } catch (IOException e) {
            LOG.error("the return path of {} could not be withdrawn: {}", inner, e.getMessage());
        }
    }

    @Override
    public void close() {
        if (announcer != null) {
            announcer.close();
        }
        netlink.close();
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }
}
