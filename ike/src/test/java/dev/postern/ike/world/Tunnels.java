package dev.postern.ike.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.sa.ChildSaInstallation;

/// Claims about what two nodes have in their data planes.
public final class Tunnels {
    private Tunnels() {}

    /// The newest Child SAs of both mirror each other, and both seal.
    public static void assertTunnel(Node client, Node gateway) {
        ChildSaInstallation ours = client.installed().getLast();
        ChildSaInstallation theirs = gateway.installed().getLast();
        assertMirrored(ours, theirs);
        assertThat(client.isActive(ours)).as("%s seals", client).isTrue();
        assertThat(gateway.isActive(theirs)).as("%s seals", gateway).isTrue();
    }

    public static void assertMirrored(ChildSaInstallation ours, ChildSaInstallation theirs) {
        assertThat(ours.outboundSpi()).isEqualTo(theirs.inboundSpi());
        assertThat(ours.inboundSpi()).isEqualTo(theirs.outboundSpi());
        assertThat(ours.outboundKey().equals(theirs.inboundKey())).as("outbound key").isTrue();
        assertThat(ours.inboundKey().equals(theirs.outboundKey())).as("inbound key").isTrue();
        assertThat(ours.inboundKey().equals(ours.outboundKey())).as("one key twice").isFalse();
        assertThat(ours.encryption()).isEqualTo(theirs.encryption());
        assertThat(ours.extendedSequenceNumbers()).isEqualTo(theirs.extendedSequenceNumbers());
        assertThat(ours.local()).isEqualTo(theirs.remote());
        assertThat(ours.remote()).isEqualTo(theirs.local());
        assertThat(ours.inboundKey().length()).isEqualTo(ours.encryption().keyMaterialLength());
    }
}
