package dev.postern.gateway.aaa;

import dev.postern.radius.ClientEffect;
import dev.postern.radius.RadiusClient;
import dev.postern.radius.Server;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The sockets of one [RadiusClient], and what it wants said about its servers.
final class RadiusSockets {
    private static final Logger LOG = LoggerFactory.getLogger(RadiusSockets.class);

    private final RadiusLoop loop;
    private final RadiusClient client;
    private final List<DatagramChannel> channels = new ArrayList<>();

    /// @param source our own address; null leaves it to the kernel
    RadiusSockets(
            RadiusLoop loop,
            RadiusLoop.Party party,
            RadiusClient client,
            int count,
            @Nullable InetAddress source)
            throws IOException {
        this.loop = loop;
        this.client = client;
        for (int i = 0; i < count; i++) {
            channels.add(loop.open(party, i, new InetSocketAddress(source, 0)));
        }
    }

    void transmit(ClientEffect.Transmit transmit) {
        Server server = client.server(transmit.server());
        loop.send(channels.get(transmit.channel()), server.address(), transmit.octets());
    }

    void died(ClientEffect.ServerDied died, String what) {
        LOG.warn(
                "RADIUS server {} does not answer {}: it is passed over for {} s",
                client.server(died.server()),
                what,
                TimeUnit.NANOSECONDS.toSeconds(died.forNanos()));
    }

    void revived(ClientEffect.ServerRevived revived, String what) {
        LOG.info("RADIUS server {} answers {} again", client.server(revived.server()), what);
    }
}
