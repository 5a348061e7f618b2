package dev.postern.ike.rfc7383;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.sa.Reassembly;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// What a gateway makes of fragments, kind and unkind: they are verified before they are kept, and
/// what is kept is bounded.
class Section_2_6_ReceivingFragments {
    private final World world = new World(12);
    private final Node gateway = world.add(new GatewaySettings('a'));
    private final InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);

    @BeforeEach
    void announceFragmentation() {
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.add(Payload.Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
        peer.begin(payloads);
    }

    private List<byte[]> auth(int limit) {
        return peer.sealFragments(ExchangeType.IKE_AUTH, 1, peer.authPayloads(), limit);
    }

    private List<Datagram> sendAll(List<byte[]> fragments) {
        List<Datagram> back = new ArrayList<>();
        fragments.forEach(fragment -> back.addAll(peer.send(fragment)));
        return back;
    }

    private void assertEstablishedBy(List<Datagram> back) {
        assertThat(back).hasSize(1);
        assertThat(Message.find(peer.open(back.getFirst()), Payload.Authentication.class))
                .isNotNull();
        assertThat(gateway.count(Counter.ESTABLISHED_FULL)).isEqualTo(1);
    }

    @Test
    void anOrderOfTheirOwnIsAllTheSame() {
        List<byte[]> fragments = auth(130);
        assertThat(fragments).hasSizeGreaterThan(2);
        Collections.shuffle(fragments, new Random(4));
        assertEstablishedBy(sendAll(fragments));
    }

    @Test
    void aDuplicateIsDroppedAndHarmless() {
        List<byte[]> fragments = auth(130);
        assertThat(peer.send(fragments.get(0))).isEmpty();
        assertThat(peer.send(fragments.get(0))).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_FRAGMENT)).isEqualTo(1);
        assertEstablishedBy(sendAll(fragments.subList(1, fragments.size())));
    }

    @Test
    void overlapIsImpossibleASecondFragmentOfANumberIsNotLookedAt() {
        List<byte[]> fragments = auth(130);
        List<byte[]> others = auth(130);
        assertThat(peer.send(fragments.get(0))).isEmpty();
        assertThat(peer.send(others.get(0))).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_FRAGMENT)).isEqualTo(1);
        assertEstablishedBy(sendAll(fragments.subList(1, fragments.size())));
    }

    @Test
    void totalZeroAndANumberBeyondTheTotalAreMalformed() {
        byte[] fragment = auth(130).get(0);
        for (int[] numbers : new int[][] {{0, 0}, {1, 0}, {0, 2}, {3, 2}, {65_535, 65_534}}) {
            byte[] changed = fragment.clone();
            changed[32] = (byte) (numbers[0] >>> 8);
            changed[33] = (byte) numbers[0];
            changed[34] = (byte) (numbers[1] >>> 8);
            changed[35] = (byte) numbers[1];
            assertThat(peer.send(changed)).isEmpty();
        }
        assertThat(gateway.count(Counter.MALFORMED_FIELD)).isEqualTo(5);
        assertEstablishedBy(sendAll(auth(130)));
    }

    @Test
    void sixtyFiveThousandFragmentsAreNotEvenDeciphered() {
        byte[] huge =
                peer.sealFragment(ExchangeType.IKE_AUTH, 1, 35, 1, 65_535, new byte[] {1, 2, 3, 4});
        assertThat(peer.send(huge)).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_FRAGMENT)).isEqualTo(1);
        byte[] tooMany =
                peer.sealFragment(
                        ExchangeType.IKE_AUTH,
                        1,
                        35,
                        1,
                        Reassembly.MAXIMUM_FRAGMENTS + 1,
                        new byte[] {1, 2, 3, 4});
        assertThat(peer.send(tooMany)).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_FRAGMENT)).isEqualTo(2);
        assertEstablishedBy(sendAll(auth(130)));
    }

    @Test
    void aLargerTotalStartsOverAndASmallerOneIsDropped() {
        List<byte[]> large = auth(180);
        List<byte[]> small = auth(100);
        assertThat(small).hasSizeGreaterThan(large.size());
        assertThat(peer.send(large.get(0))).isEmpty();
        assertThat(peer.send(small.get(0))).isEmpty();
        assertThat(sendAll(large)).as("the older set").isEmpty();
        assertThat(gateway.count(Counter.DROPPED_FRAGMENT)).isEqualTo(large.size());
        assertEstablishedBy(sendAll(small.subList(1, small.size())));
    }

    @Test
    void aForgedFragmentChangesNothingNotEvenTheTotal() {
        List<byte[]> fragments = auth(130);
        assertThat(peer.send(fragments.get(0))).isEmpty();
        byte[] forged = auth(100).get(1);
        forged[forged.length - 1] ^= 1;
        assertThat(peer.send(forged)).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
        assertEstablishedBy(sendAll(fragments.subList(1, fragments.size())));
    }

    @Test
    void numberAndTotalAreAuthenticated() {
        List<byte[]> fragments = auth(130);
        byte[] changed = fragments.get(1).clone();
        changed[33] = 1;
        assertThat(peer.send(changed)).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
        assertEstablishedBy(sendAll(fragments));
    }

    /// Section 2.6.1: the first fragment, and no other, triggers the answer again.
    @Test
    void onlyTheFirstFragmentOfAnAnsweredRequestBringsTheAnswerAgain() {
        List<byte[]> fragments = auth(130);
        List<Datagram> answer = sendAll(fragments);
        assertThat(answer).hasSize(1);

        List<Datagram> again = sendAll(fragments);

        assertThat(again).hasSize(1);
        assertThat(again.getFirst().octets()).isEqualTo(answer.getFirst().octets());
        assertThat(peer.send(fragments.get(0))).hasSize(1);
        assertThat(peer.send(fragments.get(1))).isEmpty();
    }

    /// T-FRAG-1: many unknown payloads before the fragment, in clear text.
    @Test
    void manyUnknownOuterPayloadsAreMalformedAndAFewArePassedOver() {
        byte[] fragment = auth(130).get(0);
        assertThat(peer.send(withUnknownPayloads(fragment, 300))).isEmpty();
        assertThat(gateway.count(Counter.MALFORMED_TOO_MANY)).isEqualTo(1);
        assertThat(peer.send(withUnknownPayloads(fragment, 100))).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_NOT_AUTHENTIC))
                .as("outer payloads are authenticated too")
                .isEqualTo(1);
        assertEstablishedBy(sendAll(auth(130)));
    }

    private static byte[] withUnknownPayloads(byte[] fragment, int count) {
        int unknown = 200;
        WireWriter writer = new WireWriter();
        writer.octets(Octets.of(fragment).slice(0, 28));
        writer.setU8(16, unknown);
        for (int i = 0; i < count; i++) {
            writer.u8(i + 1 < count ? unknown : 53).u8(0).u16(4);
        }
        writer.octets(Octets.of(fragment).slice(28, fragment.length));
        writer.setI32(24, writer.position());
        return writer.toArray();
    }

    @Test
    void aFragmentBeforeThereAreKeysMakesThemOnce() {
        List<byte[]> garbage = auth(130);
        for (byte[] fragment : garbage) {
            fragment[fragment.length - 1] ^= 1;
        }
        assertThat(sendAll(garbage)).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(garbage.size());
        assertEstablishedBy(sendAll(auth(130)));
    }

    @Test
    void aFragmentForNobodyIsDropped() {
        byte[] fragment = auth(130).get(0);
        fragment[8] ^= 1;
        assertThat(peer.send(fragment)).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_UNKNOWN_SPI)).isEqualTo(1);
    }

    @Test
    void theContentOfOneMessageIsBounded() {
        byte[] filler = new byte[60_000];
        assertThat(peer.send(peer.sealFragment(ExchangeType.IKE_AUTH, 1, 35, 1, 3, filler)))
                .isEmpty();
        assertThat(peer.send(peer.sealFragment(ExchangeType.IKE_AUTH, 1, 0, 2, 3, filler)))
                .isEmpty();
        assertThat(gateway.count(Counter.DROPPED_FRAGMENT)).isEqualTo(1);
    }

    @Test
    void whatStrangersSendInFragmentsIsBoundedForAllOfThemTogether() {
        int strangers = 120;
        byte[] filler = new byte[60_000];
        for (int i = 0; i < strangers; i++) {
            InitiatorByHand stranger = new InitiatorByHand(world, gateway, 2 + i);
            List<Payload> payloads = new ArrayList<>(stranger.initPayloads());
            payloads.add(Payload.Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
            stranger.begin(payloads);
            stranger.send(stranger.sealFragment(ExchangeType.IKE_AUTH, 1, 35, 1, 2, filler));
        }
        assertThat(gateway.endpoint().fragmentOctets()).isPositive().isLessThanOrEqualTo(4L << 20);
        assertEstablishedBy(sendAll(auth(130)));

        world.advance(Duration.ofSeconds(31));
        assertThat(gateway.endpoint().fragmentOctets()).as("with their IKE SAs").isZero();
    }

    @Test
    void anIncompleteMessageIsForgottenWhenTheNextOneComes() {
        assertEstablishedBy(sendAll(auth(130)));
        byte[] half =
                peer.sealFragment(ExchangeType.INFORMATIONAL, 2, 41, 1, 2, new byte[] {0, 0, 0, 8});
        assertThat(peer.send(half)).isEmpty();
        assertThat(gateway.endpoint().fragmentOctets()).isPositive();

        assertThat(peer.request(ExchangeType.INFORMATIONAL, 2, List.of())).isEmpty();
        List<byte[]> next =
                peer.sealFragments(
                        ExchangeType.INFORMATIONAL,
                        3,
                        List.of(new Payload.VendorId(Octets.of(new byte[400]))),
                        200);
        assertThat(sendAll(next)).hasSize(1);
        assertThat(gateway.endpoint().fragmentOctets()).isZero();
    }

    @Test
    void joinedTextThatDoesNotDecodeIsRefusedAsAnyOther() {
        byte[] first =
                peer.sealFragment(ExchangeType.IKE_AUTH, 1, 35, 1, 2, new byte[] {0, 0, 0, 99});
        byte[] second = peer.sealFragment(ExchangeType.IKE_AUTH, 1, 0, 2, 2, new byte[] {1});
        assertThat(peer.send(first)).isEmpty();
        List<Datagram> back = peer.send(second);
        assertThat(back).hasSize(1);
        assertThat(InitiatorByHand.onlyNotify(peer.open(back.getFirst())))
                .isEqualTo(NotifyType.INVALID_SYNTAX.code());
    }
}
