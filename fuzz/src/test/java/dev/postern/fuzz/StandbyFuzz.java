package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.standby.StandbyChildSa;
import dev.postern.ike.standby.StandbyCounters;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

/// What members of a cluster keep of each other's IKE SAs, and what becomes of it at a takeover: of
/// another version, damaged on the way, or written by a member that has gone mad.
final class StandbyFuzz {
    private static final EndpointNeighbourhood WORLD = EndpointNeighbourhood.settled();

    /// Whatever decodes is written again as it was read, and taken over or refused: the member that
    /// takes over meets no bug of its own, and holds no more than the record has.
    @FuzzTest
    void aRecord(byte[] octets) {
        counters(octets);
        StandbyRecord record;
        try {
            record = decode(octets);
        } catch (MalformedException e) {
            assertThat(e.malformation()).isNotNull();
            return;
        }
        byte[] encoded = StandbyFormat.encode(record).expose().clone();
        try {
            StandbyRecord again = decode(encoded);
            assertThat(StandbyFormat.encode(again).expose()).isEqualTo(encoded);
            assertThat(WORLD.takenOver(again)).isLessThanOrEqualTo(1);
        } catch (MalformedException e) {
            throw new AssertionError("a record that was decoded does not decode again", e);
        }
    }

    /// Counters that come later, or pretend to: nothing goes back, or a nonce would be made twice.
    private static void counters(byte[] octets) {
        StandbyCounters counters;
        try {
            counters = StandbyFormat.decodeCounters(Octets.of(octets));
        } catch (MalformedException e) {
            assertThat(e.malformation()).isNotNull();
            return;
        }
        assertThat(StandbyFormat.encode(counters)).isEqualTo(Octets.of(octets));
        StandbyRecord before = WORLD.record();
        StandbyRecord after = before.with(counters);
        assertThat(Integer.compareUnsigned(after.nextRequestId(), before.nextRequestId()))
                .isNotNegative();
        assertThat(Integer.compareUnsigned(after.expectedRequestId(), before.expectedRequestId()))
                .isNotNegative();
        for (int i = 0; i < before.childSas().size(); i++) {
            StandbyChildSa one = before.childSas().get(i);
            StandbyChildSa moved = after.childSas().get(i);
            assertThat(moved.lastOutbound()).isGreaterThanOrEqualTo(one.lastOutbound());
            assertThat(moved.highestInbound()).isGreaterThanOrEqualTo(one.highestInbound());
        }
    }

    private static StandbyRecord decode(byte[] octets) throws MalformedException {
        return StandbyFormat.decode(SecretBytes.copyOf(octets));
    }
}
