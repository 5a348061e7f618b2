package dev.postern.gateway.dataplane;

import dev.postern.esp.EspSaParameters;
import dev.postern.esp.IpAddress;
import dev.postern.esp.Selector;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.wire.TrafficSelector;

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
                EspSaParameters.Standing.PROVISIONAL);
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
