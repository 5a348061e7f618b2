package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.standby.StandbyCounters;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Cluster;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.MessageId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// draft-dondeti-ipsec-failover-sol-00 section 4.2.2: the IKE SA MUST be rekeyed before the 28 bits
/// of its sequence overflow. What is under test takes over an IKE SA as one member of a cluster
/// does from another, with counters that no test could reach by exchanges (RFC 6311).
class Section_4_2_2_RekeyedBeforeOverflow {
    private static final int HALF = MessageId.MAXIMUM_SEQUENCE / 2;

    private final World world = new World(422);
    private final ClientSettings settings = new ClientSettings();
    private final Cluster cluster = new Cluster(world, 'a', _ -> {});
    private final Node client = world.add(settings);

    /// @param gateways sequence of the gateway's last request that is known; its next one leaps
    /// @param clients sequence of the client's next request
    private Node takenOver(int gateways, int clients) {
        client.initiate(1, settings.profile(), cluster.active());
        world.settle();
        List<StandbyRecord> records =
                cluster.active().standby().records().stream()
                        .map(record -> record.with(used(record, gateways, clients)))
                        .toList();
        cluster.active().die();
        Node member = cluster.takeOver(records);
        world.advance(Duration.ofSeconds(1));
        assertThat(client.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        return member;
    }

    private static StandbyCounters used(StandbyRecord record, int gateways, int clients) {
        return new StandbyCounters(
                record.key(), MessageId.of(0, gateways), MessageId.of(0, clients), List.of());
    }

    private void probe(Node node, long handle) {
        node.give(new Input.Probe(handle, RetransmissionSchedule.STANDARD));
        world.settle();
    }

    private int lastSequenceOf(Node node) {
        Datagram last =
                world.carried().stream()
                        .filter(datagram -> datagram.from().equals(node.address()))
                        .filter(datagram -> !datagram.header().response())
                        .reduce((_, later) -> later)
                        .orElseThrow();
        assertThat(MessageId.gatewaySwitchCount(last.header().messageId())).isZero();
        return MessageId.sequence(last.header().messageId());
    }

    @Test
    void theClientRekeysOnceHalfOfItsSequenceIsUsed() {
        Node member = takenOver(0, HALF - 1);
        probe(client, 1);
        assertThat(lastSequenceOf(client)).isEqualTo(HALF - 1);
        assertThat(client.events(Event.IkeSaRekeyed.class)).isEmpty();

        probe(client, 1);

        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertThat(member.events(Event.IkeSaRekeyed.class)).hasSize(1);
        probe(client, 1);
        assertThat(lastSequenceOf(client)).as("of the IKE SA after it").isLessThan(10);
        assertTunnel(client, member);
        assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(1);
    }

    @Test
    void soDoesTheGatewayOfItsOwn() {
        Node member = takenOver(HALF, 2);
        long handle = member.lastEstablished().handle();
        assertThat(member.events(Event.IkeSaRekeyed.class)).isEmpty();

        probe(member, handle);

        assertThat(member.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertTunnel(client, member);
    }

    @Test
    void aGatewayWhoseSequenceIsHardlyUsedDoesNot() {
        Node member = takenOver(2, 2);
        probe(member, member.lastEstablished().handle());
        assertThat(member.events(Event.IkeSaRekeyed.class)).isEmpty();
    }

    /// Nothing ever goes out under the last sequence, nor under the switch count that a carry would
    /// make.
    @Test
    void anIkeSaWhoseRekeyingCameTooLateEnds() {
        takenOver(0, MessageId.MAXIMUM_SEQUENCE - 1);
        probe(client, 1);
        assertThat(lastSequenceOf(client)).isEqualTo(MessageId.MAXIMUM_SEQUENCE - 1);
        assertThat(client.events(Event.IkeSaRekeyed.class)).isEmpty();
        assertThat(client.lastClosed().reason()).isEqualTo(Event.CloseReason.EXHAUSTED);
        assertThat(client.installed()).isEmpty();
        assertThat(client.endpoint().size()).isZero();
    }
}
