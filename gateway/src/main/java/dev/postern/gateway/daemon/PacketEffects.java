package dev.postern.gateway.daemon;

import dev.postern.crypto.SecretBytes;
import dev.postern.esp.EspSaParameters;
import dev.postern.esp.EspSaParameters.Standing;
import dev.postern.esp.IpAddress;
import dev.postern.esp.Selector;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.ike.Effect;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Carries out what concerns packets: sends IKE messages, and installs, activates, moves and
/// removes Child SAs. On the endpoint's thread.
final class PacketEffects {
    private static final Logger LOG = LoggerFactory.getLogger(PacketEffects.class);

    private final DataPlane dataPlane;
    private final ReturnPaths returnPaths;
    private final @Nullable KeyLog keyLog;
    private final Map<Integer, Installed> installed = new HashMap<>();

    /// What is remembered of a Child SA, without its keys.
    private record Installed(List<InetAddress> assignedAddresses, Path path) {}

    PacketEffects(DataPlane dataPlane, ReturnPaths returnPaths, @Nullable KeyLog keyLog) {
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
        try (SecretBytes inbound = child.inboundKey();
                SecretBytes outbound = child.outboundKey()) {
            boolean done =
                    dataPlane.install(
                            new EspSaParameters(
                                    child.inboundSpi(),
                                    child.outboundSpi(),
                                    child.encryption(),
                                    inbound,
                                    outbound,
                                    child.extendedSequenceNumbers(),
                                    child.ivPrefix(),
                                    selectors(child.local()),
                                    selectors(child.remote()),
                                    child.path().local(),
                                    child.path().remote(),
                                    EspSaParameters.DEFAULT_REPLAY_WINDOW,
                                    Standing.PROVISIONAL));
            if (!done) {
                LOG.error(
                        "Child SA {} is installed already; this is a bug in Postern",
                        spi(child.inboundSpi()));
            }
        }
        installed.put(child.inboundSpi(), new Installed(child.assignedAddresses(), child.path()));
    }

    void activate(Effect.ActivateChildSa effect) {
        dataPlane.confirm(effect.inboundSpi());
        Installed child = installed.get(effect.inboundSpi());
        if (child != null) {
            returnPaths.add(effect.inboundSpi(), child.assignedAddresses());
        }
    }

    void move(Effect.MoveChildSa effect) {
        dataPlane.updatePath(effect.inboundSpi(), effect.path().local(), effect.path().remote());
    }

    void remove(Effect.RemoveChildSa effect) {
        dataPlane.remove(effect.inboundSpi());
        Installed child = installed.remove(effect.inboundSpi());
        if (child != null) {
            returnPaths.remove(effect.inboundSpi(), child.assignedAddresses());
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

    void flush() {
        dataPlane.flushIke();
    }

    private static List<Selector> selectors(List<TrafficSelector> selectors) {
        return selectors.stream()
                .map(s ->
                        new Selector(
                                IpAddress.of(s.startAddress()),
                                IpAddress.of(s.endAddress()),
                                s.protocol(),
                                s.startPort(),
                                s.endPort()))
                .toList();
    }

    private static String spi(int spi) {
        return String.format(java.util.Locale.ROOT, "0x%08x", spi);
    }
}
