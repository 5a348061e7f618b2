package dev.postern.gateway.dataplane;

import dev.postern.esp.EspSaParameters;
import dev.postern.esp.IpAddress;
import dev.postern.esp.Selector;
import dev.postern.esp.TransportMode;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.PeersAddresses;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

/// What IKE negotiated, in the data plane's terms.
public final class ChildSaParameters {
    private ChildSaParameters() {}

    /// The pair as provisional: `DataPlane.confirm` follows when IKE activates it. Shares the keys
    /// with `installation`, whose owner wipes them after the install.
    public static EspSaParameters of(ChildSaInstallation installation) {
        return new EspSaParameters(
                installation.inboundSpi(),
                installation.outboundSpi(),
                installation.encryption(),
                installation.inboundKey(),
                installation.outboundKey(),
                installation.extendedSequenceNumbers(),
                installation.ivPrefix(),
                installation.local().stream().map(ChildSaParameters::selector).toList(),
                installation.remote().stream().map(ChildSaParameters::selector).toList(),
                installation.path().local(),
                installation.path().remote(),
                EspSaParameters.DEFAULT_REPLAY_WINDOW,
                transport(installation),
                EspSaParameters.Standing.PROVISIONAL,
                new EspSaParameters.Sequences(
                        installation.lastOutbound(), installation.inboundFloor()));
    }

    private static @Nullable TransportMode transport(ChildSaInstallation installation) {
        PeersAddresses peers = installation.transport();
        return peers == null
                ? null
                : TransportMode.of(
                        installation.local().getFirst().startAddress(),
                        installation.remote().getFirst().startAddress(),
                        peers.own(),
                        peers.ours());
    }

    private static Selector selector(TrafficSelector selector) {
        return new Selector(
                IpAddress.of(selector.startAddress()),
                IpAddress.of(selector.endAddress()),
                selector.protocol(),
                selector.startPort(),
                selector.endPort());
    }
}
