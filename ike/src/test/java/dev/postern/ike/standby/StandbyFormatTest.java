package dev.postern.ike.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.PeersAddresses;
import dev.postern.ike.standby.StandbyCounters.Sequences;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Cluster;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/// Records come back as they were written, and nothing else is taken for one.
class StandbyFormatTest {
    private static StandbyRecord record() {
        World world = new World(7);
        Cluster cluster = new Cluster(world, 'a', _ -> {});
        ClientSettings settings = new ClientSettings();
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), cluster.active());
        world.settle();
        return cluster.active().standby().records().getFirst();
    }

    // The class file of a record does not say which parameters of its constructor may be null.
    @SuppressWarnings("NullAway")
    private static StandbyRecord with(
            StandbyRecord record, List<StandbyChildSa> children, List<Payload.Notify> unknown) {
        return new StandbyRecord(
                record.spiI(),
                record.spiR(),
                record.initiator(),
                record.path(),
                record.session(),
                record.ikeKeys(),
                record.failoverCount(),
                record.replaced(),
                record.ticketed(),
                record.stored(),
                record.lastHeard(),
                record.rekeyAt(),
                record.endsAt(),
                record.nextRequestId(),
                record.expectedRequestId(),
                record.lastRequestHash(),
                record.lastResponse(),
                children,
                unknown);
    }

    private static byte[] octets(StandbyRecord record) {
        return StandbyFormat.encode(record).expose().clone();
    }

    private static StandbyRecord decode(byte[] octets) throws MalformedException {
        return StandbyFormat.decode(SecretBytes.copyOf(octets));
    }

    @Test
    void whatIsWrittenIsRead() throws MalformedException {
        byte[] octets = octets(record());
        assertThat(octets(decode(octets))).isEqualTo(octets);
        assertThat(octets.length).isLessThan(2_000);
    }

    @Test
    void everyPrefixIsMalformed() {
        byte[] octets = octets(record());
        for (int length = 0; length < octets.length; length++) {
            byte[] prefix = Arrays.copyOf(octets, length);
            assertThatThrownBy(() -> decode(prefix)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void noOctetOutOfPlaceThrowsAnythingElse() {
        byte[] octets = octets(record());
        for (int at = 0; at < octets.length; at++) {
            byte[] changed = octets.clone();
            changed[at] ^= (byte) 0xff;
            try {
                decode(changed).close();
            } catch (MalformedException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] octets = octets(record());
        octets[0] = 2;
        assertThatThrownBy(() -> decode(octets)).isInstanceOf(MalformedException.class);
    }

    @Test
    void notificationsOfANewerVersionAreKept() throws MalformedException {
        StandbyRecord record = record();
        Payload.Notify newer =
                new Payload.Notify(0, Octets.EMPTY, 61_740, Octets.ofAscii("of tomorrow"));
        StandbyRecord read = decode(octets(with(record, record.childSas(), List.of(newer))));
        assertThat(read.unknown()).containsExactly(newer);
        assertThat(decode(octets(read)).unknown()).containsExactly(newer);
    }

    @Test
    void aChildSaInTransportModeStaysOne() throws MalformedException {
        StandbyRecord record = record();
        StandbyChildSa one = record.childSas().getFirst();
        PeersAddresses addresses = new PeersAddresses(Net.ip(10, 0, 0, 1), Net.ip(10, 0, 0, 2));
        ChildSa child =
                new ChildSa(
                        one.child().inboundSpi(),
                        one.child().outboundSpi(),
                        one.child().suite(),
                        one.child().initiatorSelectors(),
                        one.child().responderSelectors(),
                        addresses);
        StandbyChildSa transport =
                new StandbyChildSa(
                        child,
                        one.keys(),
                        one.standing(),
                        one.sealing(),
                        one.replaces(),
                        1,
                        2,
                        one.endsAt());
        StandbyRecord read = decode(octets(with(record, List.of(transport), List.of())));
        assertThat(read.childSas()).containsExactly(transport);
    }

    @Test
    void countersNeverGoBack() throws MalformedException {
        StandbyRecord record = record();
        int spi = record.childSas().getFirst().child().inboundSpi();
        StandbyCounters counters =
                StandbyFormat.decodeCounters(
                        StandbyFormat.encode(
                                new StandbyCounters(
                                        record.key(), 9, 0, List.of(new Sequences(spi, 70, 80)))));
        StandbyCounters earlier =
                new StandbyCounters(record.key(), 3, 9, List.of(new Sequences(spi, 60, 90)));
        StandbyRecord later = record.with(counters).with(earlier);
        assertThat(later.nextRequestId()).isEqualTo(9);
        assertThat(later.expectedRequestId()).isEqualTo(9);
        assertThat(later.childSas().getFirst().lastOutbound()).isEqualTo(70);
        assertThat(later.childSas().getFirst().highestInbound()).isEqualTo(90);
    }

    @Test
    void noTextHoldsAKey() {
        StandbyRecord record = record();
        assertThat(record.toString()).doesNotContain(Octets.of(record.ikeKeys().expose()).hex());
    }
}
