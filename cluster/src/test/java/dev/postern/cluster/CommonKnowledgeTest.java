package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.ticket.Revocation;
import dev.postern.ticket.RevocationText;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Members that hear each other at once.
class CommonKnowledgeTest {
    private static final long NOW = 1_800_000_000L;
    private static final Identity ALICE = Identity.email("alice@example");

    private final List<Node> nodes = new ArrayList<>();
    private final Random random = new Random(7);
    private long now = NOW;

    private final class Node implements CommonKnowledge.Words, CommonKnowledge.Own {
        private final CommonKnowledge knowledge = new CommonKnowledge(this, this, 3_600);
        private final Map<String, byte[]> heard = new HashMap<>();
        private final List<Revocation> revocations = new ArrayList<>();
        private final List<String> strange = new ArrayList<>();
        private @Nullable TgsKeyRing keys;
        private boolean canKeep = true;

        Node(@Nullable TgsKeyRing keys) {
            this.keys = keys;
            nodes.add(this);
        }

        void revoke(Revocation revocation) {
            revocations.add(revocation);
            knowledge.publish(revocation);
        }

        @Override
        public byte @Nullable [] get(String name) {
            return heard.get(name);
        }

        @Override
        public void put(String name, byte[] value) {
            nodes.forEach(node -> node.heard.put(name, value));
            nodes.forEach(node -> node.knowledge.heard(name, value, now));
        }

        @Override
        public void put(String name, byte[] value, long seconds) {
            put(name, value);
        }

        @Override
        public List<Revocation> revocations() {
            return List.copyOf(revocations);
        }

        @Override
        public void learn(Revocation revocation) {
            revocations.add(revocation);
        }

        @Override
        public @Nullable TgsKeyRing keys() {
            return keys;
        }

        @Override
        public boolean replaceKeys(TgsKeyRing others) {
            keys = canKeep ? others : keys;
            return canKeep;
        }

        @Override
        public void notUnderstood(String revocation) {
            strange.add(revocation);
        }
    }

    private TgsKeyRing key() {
        return TgsKeyRing.of(List.of(TgsKey.generate(random::nextBytes, NOW - 1_000)));
    }

    private static List<TgsKey> keys(Node node) {
        TgsKeyRing keys = node.keys;
        return keys == null ? List.of() : keys.keys();
    }

    private static int size(Node node) {
        return keys(node).size();
    }

    @Test
    void aLaterRevocationOfOneSubjectReachesTheOthersToo() {
        Node one = new Node(null);
        Node other = new Node(null);
        one.revoke(new Revocation.OfIdentity(ALICE, 100));
        one.revoke(new Revocation.OfIdentity(ALICE, 200));
        one.revoke(new Revocation.OfIdentity(ALICE, 150));
        assertThat(other.revocations)
                .containsExactly(
                        new Revocation.OfIdentity(ALICE, 100),
                        new Revocation.OfIdentity(ALICE, 200));
    }

    /// A site that had begun anew said it, and the sites went by an earlier word.
    @Test
    void whoHearsAnEarlierWordSaysItsOwnAgain() {
        Node one = new Node(null);
        one.revoke(new Revocation.OfIdentity(ALICE, 200));
        Node other = new Node(null);
        other.heard.clear();
        other.put(
                "revocation/" + SharedRevocations.name(new Revocation.OfIdentity(ALICE, 0)),
                RevocationText.write(List.of(new Revocation.OfIdentity(ALICE, 100)))
                        .getBytes(UTF_8));
        assertThat(other.revocations).contains(new Revocation.OfIdentity(ALICE, 200));
        assertThat(one.revocations).containsExactly(new Revocation.OfIdentity(ALICE, 200));
    }

    @Test
    void whoComesBackSaysWhatItHas() {
        Node back = new Node(null);
        back.revocations.add(new Revocation.OfIdentity(ALICE, 100));
        Node other = new Node(null);
        back.knowledge.reconcile(NOW);
        assertThat(other.revocations).containsExactly(new Revocation.OfIdentity(ALICE, 100));
    }

    @Test
    void theKeysOfAllBecomeTheirUnion() {
        Node one = new Node(key());
        Node other = new Node(key());
        one.knowledge.reconcile(NOW);
        other.knowledge.reconcile(NOW);
        assertThat(size(one)).isEqualTo(2);
        assertThat(size(other)).isEqualTo(2);
    }

    @Test
    void whoCannotKeepTheUnionSaysNothingOfIt() {
        Node one = new Node(key());
        one.knowledge.reconcile(NOW);
        Node other = new Node(key());
        other.heard.putAll(one.heard);
        other.canKeep = false;
        other.knowledge.reconcile(NOW);
        assertThat(size(one)).isEqualTo(1);
    }

    /// Its file has the key as it was, and nobody else has it any more.
    @Test
    void aMemberThatWasAwayForMonthsDoesNotBringAnEndedKeyBack() {
        TgsKey retired = TgsKey.generate(random::nextBytes, NOW - 1_000);
        TgsKey present = TgsKey.generate(random::nextBytes, NOW - 500);
        Node one = new Node(TgsKeyRing.of(List.of(present, retired)));
        one.knowledge.reconcile(now);
        one.keys = TgsKeyRing.of(List.of(present, retired.retiredAt(NOW - 10)));
        one.knowledge.reconcile(now);
        one.keys = TgsKeyRing.of(List.of(present));
        one.heard.remove(CommonKnowledge.TGS_KEYS);
        now += 300 * 86_400L;
        Node back = new Node(TgsKeyRing.of(List.of(present, retired)));
        back.heard.putAll(one.heard);
        back.knowledge.reconcile(now);
        one.knowledge.reconcile(now);
        assertThat(keys(back)).containsExactly(present);
        assertThat(keys(one)).containsExactly(present);
    }

    /// Two sides have become one, and the last word on the keys is that of the other.
    @Test
    void whatASideThatWasCutOffSaysOfAnEndedKeyIsNotTaken() {
        TgsKey retired = TgsKey.generate(random::nextBytes, NOW - 1_000);
        TgsKey present = TgsKey.generate(random::nextBytes, NOW - 500);
        Node one = new Node(TgsKeyRing.of(List.of(present, retired.retiredAt(NOW - 10))));
        one.knowledge.reconcile(now);
        one.keys = TgsKeyRing.of(List.of(present));
        now += 30 * 86_400L;
        byte[] said = TgsKeyFile.write(TgsKeyRing.of(List.of(present, retired))).getBytes(UTF_8);
        one.put(CommonKnowledge.TGS_KEYS, said);
        assertThat(keys(one)).containsExactly(present);
    }

    /// Else every member would write its file every few seconds.
    @Test
    void keysThatHaveEndedAreWrittenOnce() {
        TgsKey retired = TgsKey.generate(random::nextBytes, NOW - 1_000).retiredAt(NOW - 10);
        TgsKey present = TgsKey.generate(random::nextBytes, NOW - 500);
        Node one = new Node(TgsKeyRing.of(List.of(present, retired)));
        one.knowledge.reconcile(now);
        TgsKeyRing before = one.keys;
        now += 2 * 86_400L;
        one.knowledge.reconcile(now);
        assertThat(one.keys).isSameAs(before);
    }

    @Test
    void aMemberWithoutKeysLeavesThoseOfTheOthersAlone() {
        Node one = new Node(key());
        new Node(null).knowledge.reconcile(NOW);
        one.knowledge.reconcile(NOW);
        assertThat(size(one)).isEqualTo(1);
    }

    @Test
    void whatIsNotUnderstoodIsTold() {
        Node one = new Node(null);
        one.put("revocation/x", "of nobody".getBytes(UTF_8));
        assertThat(one.strange).containsExactly("of nobody");
        assertThat(one.revocations).isEmpty();
    }
}
