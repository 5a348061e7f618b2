package dev.postern.ike.rfc6311;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// The peer of a cluster, against a member by hand that is no Postern gateway.
class Section_5_1_AtThePeer {
    private static final Payload.Notify SYNCS_MESSAGE_IDS =
            Payload.Notify.of(NotifyType.IKEV2_MESSAGE_ID_SYNC_SUPPORTED);
    private static final Payload.Notify SYNCS_REPLAY_COUNTERS =
            Payload.Notify.of(NotifyType.IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED);

    private final World world = new World(6311);
    private final ClientSettings settings = new ClientSettings();

    /// A client with a Child SA; its next request is 2, and it has seen no request.
    private GatewayByHand established(Payload... announced) {
        Node seat = world.add(new GatewaySettings('a'));
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), seat);
        GatewayByHand member = new GatewayByHand(world, client, seat).begin();
        List<Payload> payloads = new ArrayList<>(member.authPayloads());
        payloads.addAll(List.of(announced));
        member.answerAuth(payloads);
        assertThat(client.installed()).hasSize(1);
        return member;
    }

    private static Payload sync(int nonce, int m1, int p1) {
        byte[] data = new WireWriter(12).i32(nonce).i32(m1).i32(p1).finish();
        return Payload.Notify.of(NotifyType.IKEV2_MESSAGE_ID_SYNC, Octets.of(data));
    }

    private static byte[] request(GatewayByHand member, int id, Payload... payloads) {
        return member.seal(ExchangeType.INFORMATIONAL, false, id, List.of(payloads));
    }

    /// What the client sends when it gets these octets.
    private List<Datagram> answers(GatewayByHand member, byte[] octets) {
        int before = world.carried().size();
        member.send(octets);
        return world.carried().subList(before, world.carried().size()).stream()
                .filter(datagram -> datagram.from().equals(member.client.address()))
                .toList();
    }

    private void assertAnswered(GatewayByHand member, byte[] octets, int nonce, int p2, int m2) {
        List<Datagram> answers = answers(member, octets);
        assertThat(answers).hasSize(1);
        assertThat(answers.getFirst().header().messageId()).isZero();
        assertThat(answers.getFirst().header().response()).isTrue();
        assertThat(member.open(answers.getFirst())).containsExactly(sync(nonce, p2, m2));
    }

    private static List<Effect.SkipSequences> skips(Node client) {
        return client.effects().stream()
                .filter(Effect.SkipSequences.class::isInstance)
                .map(Effect.SkipSequences.class::cast)
                .toList();
    }

    @Test
    void bothCapabilitiesAreAnnouncedInIkeAuth() {
        GatewayByHand member = established();
        Datagram auth =
                world.carried().stream()
                        .filter(d -> d.header().exchange() == ExchangeType.IKE_AUTH)
                        .findFirst()
                        .orElseThrow();
        assertThat(member.open(auth)).contains(SYNCS_MESSAGE_IDS, SYNCS_REPLAY_COUNTERS);
    }

    @Test
    void aResponderAnswersNoCapabilityThatTheInitiatorHasNotAnnounced() {
        Node gateway = world.add(new GatewaySettings('a'));
        InitiatorByHand client = new InitiatorByHand(world, gateway, 9).begin();
        List<Payload> payloads = new ArrayList<>(client.authPayloads());
        payloads.add(SYNCS_MESSAGE_IDS);
        List<Payload> answer = client.request(ExchangeType.IKE_AUTH, 1, payloads);
        assertThat(answer).contains(SYNCS_MESSAGE_IDS).doesNotContain(SYNCS_REPLAY_COUNTERS);
    }

    @Test
    void aCapabilityThatOnlyOneHasAnnouncedIsNotUsed() {
        GatewayByHand member = established();
        assertThat(answers(member, request(member, 0, sync(7, 16, 2)))).hasSize(1);
        assertThat(member.client.count(Counter.SYNCHRONIZED)).isZero();
    }

    @Test
    void equalValuesAreSentAsTheyAre() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        assertAnswered(member, request(member, 0, sync(7, 0, 2)), 7, 2, 0);
    }

    @Test
    void theHigherOfBothValuesIsAnswered() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        assertAnswered(member, request(member, 0, sync(7, 16, 1)), 7, 2, 16);
        assertAnswered(member, request(member, 0, sync(8, 17, 9)), 8, 9, 17);
    }

    @Test
    void anM1ThatIsNotAboveAllThatTheClusterHasSentIsDroppedSilently() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        assertThat(answers(member, request(member, 0))).hasSize(1);
        assertThat(answers(member, request(member, 1))).hasSize(1);
        assertThat(answers(member, request(member, 0, sync(7, 1, 2)))).isEmpty();
        assertThat(answers(member, request(member, 0, sync(7, 0, 2)))).isEmpty();
        assertThat(member.client.count(Counter.DROPPED_SYNCHRONIZATION)).isEqualTo(2);
        assertAnswered(member, request(member, 0, sync(7, 2, 2)), 7, 2, 2);
    }

    @Test
    void anM1OfAnEarlierSynchronizationIsDroppedSilently() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        assertAnswered(member, request(member, 0, sync(7, 16, 2)), 7, 2, 16);
        assertThat(answers(member, request(member, 0, sync(8, 16, 2)))).isEmpty();
    }

    @Test
    void theSameOctetsGetTheSameAnswerAndChangeNothing() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS, SYNCS_REPLAY_COUNTERS);
        byte[] octets = request(member, 0, sync(7, 16, 2), delta(1 << 28));
        Octets first = Octets.of(answers(member, octets).getFirst().octets());
        assertThat(answers(member, octets))
                .extracting(answer -> Octets.of(answer.octets()))
                .containsExactly(first);
        assertThat(skips(member.client)).hasSize(1);
    }

    @Test
    void afterAnotherRequestTheOldOctetsGetNothing() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        byte[] octets = request(member, 0, sync(7, 16, 2));
        assertAnswered(member, octets, 7, 2, 16);
        assertThat(answers(member, request(member, 16))).hasSize(1);
        assertThat(answers(member, octets)).isEmpty();
    }

    @Test
    void bothPeersGoOnWithTheAgreedValues() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        assertAnswered(member, request(member, 0, sync(7, 16, 5)), 7, 5, 16);
        assertThat(answers(member, request(member, 0))).isEmpty();
        assertThat(answers(member, request(member, 16))).hasSize(1);
        member.client.give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        assertThat(member.received().header().messageId()).isEqualTo(5);
    }

    @Test
    void aRequestThatWaitsForItsAnswerIsNotWaitedForAnyLonger() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        member.client.give(
                new Input.RekeyChildSa(member.client.installed().getFirst().inboundSpi()));
        assertThat(member.received().header().messageId()).isEqualTo(2);

        List<Datagram> sent = answers(member, request(member, 0, sync(7, 16, 2)));

        assertThat(member.open(sent.getFirst())).containsExactly(sync(7, 3, 16));
        // What it was for is begun anew.
        assertThat(sent.getLast().header().exchange()).isEqualTo(ExchangeType.CREATE_CHILD_SA);
        assertThat(sent.getLast().header().messageId()).isEqualTo(3);
    }

    @Test
    void anythingElseInTheMessageMakesItWorthless() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        byte[] octets =
                request(member, 0, sync(7, 16, 2), Payload.Notify.of(NotifyType.INITIAL_CONTACT));
        assertThat(answers(member, octets)).isEmpty();
        assertThat(answers(member, request(member, 0, sync(7, 16, 2), sync(7, 16, 2)))).isEmpty();
    }

    @Test
    void valuesThatDoNotFitTheNotificationMakeItWorthless() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        Payload truncated =
                Payload.Notify.of(
                        NotifyType.IKEV2_MESSAGE_ID_SYNC, Octets.of(new byte[] {1, 2, 3}));
        assertThat(answers(member, request(member, 0, truncated))).isEmpty();
        assertThat(answers(member, request(member, 0, sync(7, 0xf000_0000, 2)))).isEmpty();
        assertThat(answers(member, request(member, 0, sync(7, 16, 0xf000_0000)))).isEmpty();
        assertAnswered(member, request(member, 0, sync(7, 16, 2)), 7, 2, 16);
    }

    @Test
    void aForgedSynchronizationChangesNothing() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS);
        byte[] octets = request(member, 0, sync(7, 16, 2));
        octets[octets.length - 1] ^= 1;
        assertThat(answers(member, octets)).isEmpty();
        assertThat(member.client.count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
    }

    private static Payload delta(int delta) {
        return Payload.Notify.of(NotifyType.IPSEC_REPLAY_COUNTER_SYNC, Octets.ofInt(delta));
    }

    @Test
    void replayCountersLeapByWhatIsAskedFor() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS, SYNCS_REPLAY_COUNTERS);
        assertThat(answers(member, request(member, 0, sync(7, 16, 2), delta(1 << 28)))).hasSize(1);
        assertThat(skips(member.client))
                .extracting(Effect.SkipSequences::count)
                .containsExactly(1L << 28);
    }

    @Test
    void aReplayedSynchronizationDoesNotMoveReplayCounters() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS, SYNCS_REPLAY_COUNTERS);
        assertThat(answers(member, request(member, 0, sync(7, 16, 2), delta(64)))).hasSize(1);
        assertThat(answers(member, request(member, 0, sync(8, 16, 2), delta(64)))).isEmpty();
        assertThat(skips(member.client)).hasSize(1);
    }

    @Test
    void replayCountersAloneComeInAnOrdinaryExchange() {
        GatewayByHand member = established(SYNCS_REPLAY_COUNTERS);
        assertThat(answers(member, request(member, 0, delta(77)))).hasSize(1);
        assertThat(skips(member.client))
                .extracting(Effect.SkipSequences::count)
                .containsExactly(77L);
    }

    @Test
    void aDeltaOfTheWrongLengthForTheChildSasIsRefused() {
        GatewayByHand member = established(SYNCS_MESSAGE_IDS, SYNCS_REPLAY_COUNTERS);
        Payload wrong = Payload.Notify.of(NotifyType.IPSEC_REPLAY_COUNTER_SYNC, Octets.ofLong(64));
        assertThat(answers(member, request(member, 0, sync(7, 16, 2), wrong))).isEmpty();
        assertThat(skips(member.client)).isEmpty();
    }
}
