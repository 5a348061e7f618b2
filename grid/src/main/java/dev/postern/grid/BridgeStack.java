package dev.postern.grid;

import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.RED;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.protocols.relay.RELAY2;
import org.jgroups.protocols.relay.config.RelayConfig.BridgeConfig;
import org.jgroups.protocols.relay.config.RelayConfig.SiteConfig;
import org.jgroups.stack.Protocol;

import java.util.List;

/// What joins the sites: on top of each member's stack a relay, and between the members that are
/// their sites' masters a bridge, a stack of its own under mutual TLS. Only the master has the
/// bridge's port open; when it goes another member of its site becomes the master.
final class BridgeStack {
    /// What a link between sites may be silent for; it is longer than one within a site.
    private static final int SILENCES = 2;

    private static final int FRAGMENT = 60_000;
    private static final long VERIFY_MILLIS = 1_000;
    private static final long JOIN_MILLIS = 3_000;
    private static final long MERGE_MIN_MILLIS = 1_000;
    private static final long MERGE_MAX_MILLIS = 5_000;

    private BridgeStack() {}

    /// The relay of a member whose domain has several sites.
    static RELAY2 relay(GridSettings settings, GridSettings.Bridge bridge) {
        RELAY2 relay = new RELAY2();
        relay.site(settings.site());
        String name = settings.cluster() + "/sites";
        relay.addSite(settings.site(), site(settings.site(), name, settings, bridge));
        for (String other : bridge.sites()) {
            relay.addSite(other, site(other, name, settings, bridge));
        }
        relay.relayMulticasts(false);
        relay.canBecomeSiteMaster(true);
        relay.asyncRelayCreation(true);
        return relay;
    }

    private static SiteConfig site(
            String site, String name, GridSettings settings, GridSettings.Bridge bridge) {
        return new SiteConfig(site).addBridge(new Between(name, settings, bridge));
    }

    /// Makes the bridge's channel anew each time that this member becomes the master.
    private static final class Between extends BridgeConfig {
        private final GridSettings settings;
        private final GridSettings.Bridge bridge;

        Between(String name, GridSettings settings, GridSettings.Bridge bridge) {
            super(name);
            this.settings = settings;
            this.bridge = bridge;
        }

        @Override
        public JChannel createChannel() throws Exception {
            return new Abrupt(protocols(settings, bridge));
        }
    }

    /// A channel that ends without a farewell: its connections close, which the others take for
    /// what it is within a second. The engine's farewell waits for the others without an end where
    /// one of them is just coming, as the next master is when the last one goes.
    private static final class Abrupt extends JChannel {
        Abrupt(List<Protocol> protocols) throws Exception {
            super(protocols);
        }

        @Override
        public void close() {
            _close(false);
        }
    }

    private static List<Protocol> protocols(GridSettings settings, GridSettings.Bridge bridge)
            throws Exception {
        long silence = SILENCES * settings.silence().toMillis();
        return List.of(
                MemberStack.transport(bridge.listen(), bridge.tls()),
                new RED(),
                MemberStack.discovery(bridge.listen(), bridge.others()),
                new MERGE3().setMinInterval(MERGE_MIN_MILLIS).setMaxInterval(MERGE_MAX_MILLIS),
                new FD_ALL3()
                        .setTimeout(silence)
                        .setInterval(Math.max(100, silence / MemberStack.SIGNS_PER_SILENCE)),
                new VERIFY_SUSPECT2().setTimeout(VERIFY_MILLIS),
                new NAKACK2().useMcastXmit(false),
                new UNICAST3(),
                new STABLE(),
                new GMS().printLocalAddress(false).setJoinTimeout(JOIN_MILLIS),
                new UFC(),
                new MFC(),
                new FRAG4().setFragSize(FRAGMENT));
    }
}
