package dev.postern.gateway.daemon;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.dataplane.ChildSaParameters;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.ike.Effect;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Carries out what concerns packets: sends IKE messages, and installs, activates, moves and
/// removes Child SAs. On the endpoint's thread.
final class PacketEffects implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PacketEffects.class);

    private final DataPlane dataPlane;
    private final ReturnPaths returnPaths;
    private final @Nullable KeyLog keyLog;
    private final @Nullable TransportRoutes transport;
    private final Map<Integer, Installed> installed = new HashMap<>();

    /// What is remembered of a Child SA, without its keys.
    private record Installed(List<Prefix> behind, Path path, @Nullable Hosts transport) {}

    /// The two hosts of a Child SA in transport mode.
    private record Hosts(InetAddress local, InetAddress peer) {}

    /// @param transport null where no Child SA is in transport mode
    PacketEffects(
            DataPlane dataPlane,
            ReturnPaths returnPaths,
            @Nullable KeyLog keyLog,
            @Nullable TransportRoutes transport) {
        this.transport = transport;
        this.dataPlane = dataPlane;
        this.returnPaths = returnPaths;
        this.keyLog = keyLog;
    }

    void send(Effect.Send send) {
        Path path = send.path();
        dataPlane.sendIke(path.local(), path.remote(), send.octets(), path.nonEspMarker());
    }

    void install(Effect.InstallChildSa effect) {
        ChildSaInstallation child = effect.installation();
        try (SecretBytes _ = child.inboundKey();
                SecretBytes _ = child.outboundKey()) {
            boolean done = dataPlane.install(ChildSaParameters.of(child));
            if (!done) {
                LOG.error(
                        "Child SA {} is installed already; this is a bug in Postern",
                        spi(child.inboundSpi()));
            }
        }
        installed.put(
                child.inboundSpi(),
                new Installed(NetworksBehind.of(child), child.path(), hosts(child)));
    }

    void activate(Effect.ActivateChildSa effect) {
        dataPlane.confirm(effect.inboundSpi());
        Installed child = installed.get(effect.inboundSpi());
        if (child != null) {
            returnPaths.add(effect.inboundSpi(), child.behind());
            if (transport != null && child.transport() != null) {
                transport.add(
                        effect.inboundSpi(), child.transport().peer(), child.transport().local());
            }
        }
    }

    void move(Effect.MoveChildSa effect) {
        dataPlane.updatePath(effect.inboundSpi(), effect.path().local(), effect.path().remote());
    }

    void skip(Effect.SkipSequences effect) {
        dataPlane.advance(effect.inboundSpi(), effect.count());
    }

    void remove(Effect.RemoveChildSa effect) {
        dataPlane.remove(effect.inboundSpi());
        Installed child = installed.remove(effect.inboundSpi());
        if (child != null) {
            returnPaths.remove(effect.inboundSpi(), child.behind());
            if (transport != null && child.transport() != null) {
                transport.remove(effect.inboundSpi(), child.transport().peer());
            }
        }
    }

    void logKeys(Effect.LogKeys effect) {
        if (keyLog != null) {
            keyLog.write(effect.entry());
        }
    }

    /// The path that a Child SA was installed with, or null.
    @Nullable Path pathOf(int inboundSpi) {
        Installed child = installed.get(inboundSpi);
        return child == null ? null : child.path();
    }

    /// Sees to it that nobody has deleted what transport mode needs on the host. On one thread,
    /// which may be another.
    void keep(EventLog events) {
        int missing = transport == null ? 0 : transport.keep();
        if (missing > 0) {
            events.line("host-rules-restored", "rules", missing);
        }
    }

    /// Withdraws the routes of transport mode.
    @Override
    public void close() {
        if (transport != null) {
            transport.close();
        }
    }

    void flush() {
        dataPlane.flushIke();
    }

    private static @Nullable Hosts hosts(ChildSaInstallation child) {
        return child.transport() == null
                ? null
                : new Hosts(
                        child.local().getFirst().startAddress(),
                        child.remote().getFirst().startAddress());
    }

    private static String spi(int spi) {
        return String.format(java.util.Locale.ROOT, "0x%08x", spi);
    }
}
