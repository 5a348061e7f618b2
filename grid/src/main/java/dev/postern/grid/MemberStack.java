package dev.postern.grid;

import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.PerDestinationBundler;
import org.jgroups.protocols.RED;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.TLS;
import org.jgroups.util.TLSClientAuth;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import javax.net.ssl.SSLContext;

/// The protocols under a member, from the socket up. Everything goes over one listening TCP port
/// under mutual TLS: the failure detector too, which is why there is no detector with sockets of
/// its own, and no port for diagnostics.
final class MemberStack {
    /// A connection that breaks makes its member suspect at once; it is asked again this long.
    private static final long VERIFY_MILLIS = 300;

    static final int SIGNS_PER_SILENCE = 8;
    private static final int CONNECT_MILLIS = 2_000;
    private static final long JOIN_MILLIS = 3_000;
    private static final long MERGE_MIN_MILLIS = 1_000;
    private static final long MERGE_MAX_MILLIS = 5_000;
    private static final int FRAGMENT = 60_000;

    private MemberStack() {}

    static JChannel channel(GridSettings settings) throws IOException {
        try {
            JChannel channel = new Seated(protocols(settings), settings.listen());
            channel.setName(settings.node());
            return channel;
        } catch (Exception e) {
            throw new IOException("the cluster's transport cannot be made: " + e.getMessage(), e);
        }
    }

    /// A channel whose address says since when the member is there, and where.
    private static final class Seated extends JChannel {
        private final long since = System.currentTimeMillis();
        private final InetSocketAddress listen;

        Seated(List<Protocol> protocols, InetSocketAddress listen) throws Exception {
            super(protocols);
            this.listen = listen;
        }

        @Override
        protected Address generateAddress(String name) {
            Address address = super.generateAddress(name);
            if (address instanceof ExtendedUUID uuid) {
                Seat.put(uuid, since, listen);
            }
            return address;
        }
    }

    private static List<Protocol> protocols(GridSettings settings) throws Exception {
        long silence = settings.silence().toMillis();
        List<Protocol> stack = new ArrayList<>();
        stack.add(transport(settings.listen(), settings.tls()));
        stack.add(new RED());
        stack.add(
                discovery(
                        settings.listen(),
                        settings.peers().stream().map(GridSettings.Peer::address).toList()));
        stack.add(new MERGE3().setMinInterval(MERGE_MIN_MILLIS).setMaxInterval(MERGE_MAX_MILLIS));
        stack.add(
                new FD_ALL3()
                        .setTimeout(silence)
                        .setInterval(Math.max(100, silence / SIGNS_PER_SILENCE)));
        stack.add(new VERIFY_SUSPECT2().setTimeout(VERIFY_MILLIS));
        stack.add(new NAKACK2().useMcastXmit(false));
        stack.add(new UNICAST3());
        stack.add(new STABLE());
        stack.add(
                new GMS()
                        .printLocalAddress(false)
                        .setJoinTimeout(JOIN_MILLIS)
                        .setMembershipChangePolicy(new MergeOrder()));
        stack.add(new UFC());
        stack.add(new MFC());
        stack.add(new FRAG4().setFragSize(FRAGMENT));
        if (settings.bridge() != null) {
            stack.add(BridgeStack.relay(settings, settings.bridge()));
        }
        return stack;
    }

    static TCP transport(InetSocketAddress listen, SSLContext context) {
        TCP tcp = new TCP();
        tcp.tls(
                new TLS()
                        .enabled(true)
                        .setSSLContext(context)
                        .setClientAuth(TLSClientAuth.NEED)
                        .setProtocols(new String[] {MemberTls.PROTOCOL}));
        tcp.setBindAddress(listen.getAddress());
        tcp.setBindPort(listen.getPort());
        tcp.setPortRange(0);
        tcp.enableSuspectEvents(true);
        tcp.setSockConnTimeout(CONNECT_MILLIS);
        tcp.disableDiagnostics();
        // A thread for each destination. The one that the engine has for all of them never rests
        // again where a member leaves for which messages wait (JGRP-3008), and two such are all
        // that a machine with two processors has to run virtual threads; and a member that does
        // not take what it is sent holds up what is sent to the others.
        tcp.setBundler(new PerDestinationBundler().useSingleSenderThread(false));
        return tcp;
    }

    static TCPPING discovery(InetSocketAddress own, Collection<InetSocketAddress> others) {
        List<InetSocketAddress> hosts = new ArrayList<>();
        hosts.add(own);
        hosts.addAll(others);
        TCPPING discovery = new TCPPING();
        discovery.setInitialHosts(hosts);
        discovery.setPortRange(0);
        return discovery;
    }
}
