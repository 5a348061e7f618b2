package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.StandbyRecords.Snapshot;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// In which order a member behind shared addresses does what is to be done.
class StandbyConductTest {
    private static final Member A = new Member("gw-a", "east", 1, "a1");
    private static final View ALONE = new View(1, List.of(A));

    private long now = 1_000_000_000_000L;
    private final Around around = new Around();
    private final StandbyConduct conduct =
            new StandbyConduct(
                    new StandbyRole(
                            new StandbyRole.Settings("gw-a", "", Long.MAX_VALUE, 4_000_000_000L)),
                    List.of("gw-a", "gw-b"),
                    new StandbyConduct.Means(
                            around,
                            around.answers::add,
                            around,
                            around,
                            around,
                            new TakenLeases(around, Runnable::run, _ -> {})),
                    around);

    /// Writes down what is done, in order.
    private final class Around extends RecordsToRead
            implements Ownership,
                    LeasePermits,
                    StandbyConduct.Addresses,
                    StandbyConduct.Endpoint,
                    StandbyConduct.Listener {
        final List<String> done = new ArrayList<>();
        final List<Outcome> answers = new ArrayList<>();
        @Nullable Held held = new Held("gw-b", 1);
        @Nullable SessionTakeover takeover;
        String fails = "";

        SessionTakeover takeover() {
            return Objects.requireNonNull(takeover);
        }

        private void mayFail(String what) throws IOException {
            done.add(what);
            if (fails.equals(what)) {
                throw new IOException("no device");
            }
        }

        @Override
        public void acquire(String thing, long lifespanSeconds, Consumer<Outcome> then) {
            done.add("acquire " + thing);
            then.accept(new Outcome.Owned(2));
        }

        @Override
        public boolean prepare(
                Collection<InetAddress> wanted, Collection<InetAddress> rested, Runnable then) {
            wanted.forEach(address -> done.add("note " + address.getHostAddress()));
            return true;
        }

        @Override
        public boolean keep(InetAddress address) {
            return true;
        }

        @Override
        public boolean reuse(InetAddress address) {
            return true;
        }

        @Override
        public boolean fresh(InetAddress address) {
            return true;
        }

        @Override
        public void released(Collection<InetAddress> addresses) {}

        @Override
        public void release(String thing) {
            done.add("release " + thing);
        }

        @Override
        public @Nullable Held heldHere(String thing) {
            return held;
        }

        @Override
        public void takeAll(String node, Consumer<List<Snapshot>> taker) {
            done.add("read " + node + (conduct.epoch() == 0 ? " closed" : " open"));
            taker.accept(List.of());
        }

        @Override
        public void dropTaken(String node) {
            done.add("drop " + node);
        }

        @Override
        public void clear() {
            done.add("clear");
        }

        @Override
        public void flush() {
            done.add("flush");
        }

        @Override
        public void raise(int epoch) throws IOException {
            mayFail("raise " + epoch + (conduct.epoch() == 0 ? " closed" : " open"));
        }

        @Override
        public void renew() throws IOException {
            mayFail("renew");
        }

        @Override
        public void announce() throws IOException {
            mayFail("announce");
        }

        @Override
        public void lower() throws IOException {
            mayFail("lower");
        }

        @Override
        public int takeOver(SessionTakeover begun, List<Snapshot> records) {
            takeover = begun;
            done.add("epoch " + begun.epoch() + (conduct.epoch() == 0 ? " closed" : " open"));
            return records.size();
        }

        @Override
        public long judged() {
            return 0;
        }

        @Override
        public long takenOver() {
            return 0;
        }

        @Override
        public void standDown() {
            done.add("stand down" + (conduct.epoch() == 0 ? " closed" : " open"));
        }

        @Override
        public void active(int epoch, String after) {
            done.add("active after " + after);
        }

        @Override
        public void settled(SessionTakeover settled, long at) {
            done.add("settled");
        }

        @Override
        public void passive(String reason) {
            done.add("passive");
        }

        @Override
        public void troubled(String what, IOException why) {
            done.add(what + ": " + why.getMessage());
        }

        @Override
        public void exhausted(long epoch) {
            done.add("exhausted");
        }
    }

    private List<String> look(View view, boolean primary) {
        around.done.clear();
        now += StandbyConduct.LOOK_NANOS;
        conduct.look(now, view, primary);
        return around.done;
    }

    private List<String> serve() {
        look(ALONE, true);
        around.done.clear();
        conduct.judged(now, around.answers.getLast());
        around.held = new Held("gw-a", 2);
        return around.done;
    }

    @Test
    void theNetworkAndTheEndpointKnowTheEpochBeforeTheGateOpens() {
        assertThat(look(ALONE, true)).containsExactly("acquire shared addresses");
        around.done.clear();
        conduct.judged(now, around.answers.getLast());
        assertThat(around.done)
                .as("the last owner's records first")
                .containsExactly(
                        "raise 2 closed",
                        "epoch 2 closed",
                        "active after gw-b",
                        "read gw-b open",
                        "read gw-a open");
        assertThat(conduct.epoch()).isEqualTo(2);
    }

    @Test
    void aStandbyLetsNothingInAndATakeoverOnlyWhatBelongsToWhatStands() {
        assertThat(conduct.admits(() -> true)).as("as a standby").isFalse();
        serve();
        assertThat(conduct.admits(() -> false)).as("while IKE SAs are taken over").isFalse();
        assertThat(conduct.admits(() -> true)).isTrue();
        around.takeover().hasArrived();
        look(ALONE, true);
        assertThat(conduct.admits(() -> false)).as("once all are here").isTrue();
        look(ALONE, false);
        assertThat(conduct.admits(() -> true)).as("after it has stood down").isFalse();
    }

    @Test
    void theOldRecordsGoOnceAllIsInstalledAndTheAddressesAreAnnouncedThen() {
        serve();
        assertThat(look(ALONE, true)).as("the endpoint has not heard of it yet").isEmpty();
        assertThat(conduct.isSettled()).isFalse();
        around.takeover().hasArrived();
        assertThat(look(ALONE, true))
                .containsExactly("drop gw-b", "drop gw-a", "settled", "announce");
        assertThat(conduct.isSettled()).isTrue();
    }

    /// The cluster is busy with the takeover; another member gives none of them to anybody before
    /// it knows that this one serves.
    @Test
    void innerAddressesAreNotedOnceAllIsInstalled() {
        serve();
        conduct.taken(List.of(InetAddress.ofLiteral("10.9.0.1")));
        for (int i = 0; i < 10; i++) {
            assertThat(look(ALONE, true)).doesNotContain("note 10.9.0.1");
        }
        around.takeover().hasArrived();
        assertThat(look(ALONE, true)).contains("note 10.9.0.1");
    }

    /// A switch or a host may have been busy, and the lost member's last words come late.
    @Test
    void theAddressesAreAnnouncedAgainAfterOneTwoFourAndTenSeconds() {
        serve();
        around.takeover().hasArrived();
        List<Integer> announced = new ArrayList<>();
        for (int n = 1; n <= 200; n++) {
            if (look(ALONE, true).contains("announce")) {
                announced.add(n);
            }
        }
        assertThat(announced).containsExactly(1, 5, 10, 20, 50);
    }

    @Test
    void nothingComesInAnyMoreWhenTheIkeSasEndAndTheAddressesGoLast() {
        serve();
        assertThat(look(ALONE, false)).containsExactly("stand down closed", "lower", "passive");
        assertThat(around.takeover().isAbandoned()).isTrue();
    }

    @Test
    void whoCannotHaveTheAddressesServesNothingAndLetsTheOthersTry() {
        around.fails = "raise 2 closed";
        assertThat(serve())
                .containsExactly(
                        "raise 2 closed",
                        "the shared addresses cannot be had: no device",
                        "lower",
                        "flush",
                        "release shared addresses");
        assertThat(conduct.epoch()).isZero();
    }

    @Test
    void whoLosesTheAddressesEndsWhatItServesAndLetsTheOthersTry() {
        serve();
        around.fails = "renew";
        look(ALONE, true);
        look(ALONE, true);
        assertThat(look(ALONE, true))
                .containsExactly(
                        "renew",
                        "the shared addresses do not stay: no device",
                        "stand down closed",
                        "lower",
                        "passive",
                        "flush",
                        "release shared addresses");
    }

    @Test
    void whoEndsWritesWhatTheNextMemberNeedsBeforeItLetsGo() {
        serve();
        around.done.clear();
        conduct.end(now);
        assertThat(around.done)
                .containsExactly(
                        "stand down closed",
                        "lower",
                        "passive",
                        "flush",
                        "release shared addresses");
    }
}
