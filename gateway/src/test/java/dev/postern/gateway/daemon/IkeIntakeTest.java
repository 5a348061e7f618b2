package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.guard.Cookies;
import dev.postern.ike.guard.FirstLook;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// What is left out before the control plane's queue, and when.
class IkeIntakeTest {
    private static final InetSocketAddress HERE = at("192.0.2.1");
    private static final InetSocketAddress THERE = at("198.51.100.7");
    private static final int FULL = EndpointLoop.QUEUE_CAPACITY;

    private final Backlog backlog = new Backlog();
    private final Cookies cookies = new Cookies();
    private final SpiFilter spis = new SpiFilter(3);
    private final IkeIntake intake =
            new IkeIntake(backlog, new FirstLook(spi -> spi == 1, cookies, spis), 5);

    private static final class Backlog implements IkeIntake.Queue {
        private final List<Input.Datagram> taken = new ArrayList<>();
        private int waiting;
        private long delayNanos;

        @Override
        public int waiting() {
            return waiting;
        }

        @Override
        public long delayNanos() {
            return delayNanos;
        }

        @Override
        public long busyNanos() {
            return waiting * 1_000L;
        }

        @Override
        public boolean offer(Input.Datagram datagram) {
            return waiting < FULL && taken.add(datagram);
        }
    }

    private static InetSocketAddress at(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 4500);
    }

    private boolean offer(byte[] octets) {
        return intake.offer(HERE, THERE, octets, true);
    }

    private static byte[] resume(long tgsSpi, Payload... before) {
        List<Payload> payloads = new ArrayList<>(List.of(before));
        byte[] data = new byte[304];
        data[11] = (byte) tgsSpi;
        payloads.add(Payload.Notify.of(NotifyType.IKEV2_TICKET, Octets.of(data)));
        return MessageCodec.encode(
                new Header(9, 0, ExchangeType.IKE_SESSION_RESUME_1RTT, true, false, 1 << 28),
                payloads);
    }

    private byte[] ofAnIkeSa() {
        spis.add(8);
        return MessageCodec.encode(
                new Header(9, 8, ExchangeType.INFORMATIONAL, true, false, 2), List.of());
    }

    /// For the ticket of key 1.
    private Payload cookie() {
        byte[] ticket = new byte[304];
        ticket[11] = 1;
        return Payload.Notify.of(
                NotifyType.COOKIE,
                cookies.make(ticket, THERE.getAddress(), 9, 0, new Now(1, 1), new SystemEntropy()));
    }

    @Test
    void inQuietTimesEverythingIsLetIn() {
        assertThat(offer(resume(7))).isTrue();
        assertThat(offer(resume(1))).isTrue();
        assertThat(offer(new byte[0])).isTrue();
        assertThat(backlog.taken).hasSize(3);
    }

    @Test
    void ticketsOfForeignKeysAreTheFirstToGo() {
        backlog.waiting = IkeIntake.BUSY;
        assertThat(offer(resume(7))).isFalse();
        assertThat(offer(resume(1))).isTrue();
        assertThat(intake.foreignTickets()).isEqualTo(1);
    }

    @Test
    void thenStrangersHaveToComeAgain() {
        backlog.waiting = IkeIntake.CROWDED;
        assertThat(offer(resume(1))).isFalse();
        assertThat(offer(resume(1, cookie()))).isTrue();
        assertThat(offer(ofAnIkeSa())).isTrue();
        assertThat(intake.firstTries()).isEqualTo(1);
    }

    @Test
    void aCookieOfTheSendersOwnMakingIsAsGoodAsNone() {
        Payload madeUp = Payload.Notify.of(NotifyType.COOKIE, Octets.of(new byte[10]));
        cookie();
        backlog.waiting = IkeIntake.CROWDED;
        assertThat(offer(resume(1, madeUp))).isFalse();
        assertThat(backlog.taken).isEmpty();
    }

    @Test
    void whatNamesNoIkeSaHereHasToComeAgainToo() {
        byte[] informational = ofAnIkeSa();
        backlog.waiting = IkeIntake.CROWDED;
        assertThat(offer(informational)).isTrue();
        spis.remove(8);
        assertThat(offer(informational)).isFalse();
        assertThat(offer(new byte[27])).isFalse();
        assertThat(intake.firstTries()).isEqualTo(1);
    }

    @Test
    void whereStepsAreSlowAFewMakeACrowd() {
        backlog.waiting = 10;
        backlog.delayNanos = IkeIntake.SLOW_NANOS - 1;
        assertThat(offer(resume(7))).isTrue();
        assertThat(offer(resume(1))).isTrue();
        backlog.delayNanos = IkeIntake.SLOW_NANOS;
        assertThat(offer(resume(7))).isFalse();
        assertThat(offer(resume(1))).isFalse();
        assertThat(offer(resume(1, cookie()))).isTrue();
        assertThat(offer(ofAnIkeSa())).isTrue();
    }

    @Test
    void lastOnlyWhatBelongsToAnIkeSaIsLetIn() {
        backlog.waiting = IkeIntake.NEARLY_FULL;
        assertThat(offer(resume(1, cookie()))).isFalse();
        assertThat(offer(ofAnIkeSa())).isTrue();
        backlog.waiting = FULL;
        assertThat(offer(ofAnIkeSa())).isFalse();
    }

    /// A gateway that works at requests whose clients have gone to the next one in the meantime
    /// serves nobody, as long as the crowd lasts.
    @Test
    void whoWouldHaveGoneAwayByItsTurnIsNotLetIn() {
        backlog.waiting = IkeIntake.BUSY;
        backlog.delayNanos = IkeIntake.HOPELESS_NANOS - 1;
        assertThat(offer(resume(1, cookie()))).isTrue();
        backlog.delayNanos = IkeIntake.HOPELESS_NANOS;
        assertThat(offer(resume(1, cookie()))).isFalse();
        assertThat(offer(ofAnIkeSa())).isTrue();
        // Not even who comes again, which counts from the tenth of a second after the first time.
        long end = System.nanoTime() + 3 * SecondTries.SOONEST_MILLIS * 1_000_000;
        while (System.nanoTime() < end) {
            assertThat(offer(resume(1))).isFalse();
        }
    }

    /// Somebody has seen a message, or has got one cookie, and sends it as fast as he can. It may
    /// take more than a second here, so what is let in is bounded, not told.
    @Test
    void theSameSpiAndTheSameCookieAreLetInSoOftenASecond() {
        byte[] ofAnIkeSa = ofAnIkeSa();
        byte[] withCookie = resume(1, cookie());
        backlog.waiting = IkeIntake.CROWDED;
        int ofIkeSa = 0;
        int ofCookie = 0;
        long before = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            ofIkeSa += offer(ofAnIkeSa) ? 1 : 0;
            ofCookie += offer(withCookie) ? 1 : 0;
        }
        int seconds = (int) ((System.nanoTime() - before) / 1_000_000_000L) + 2;
        int secondTries = 10 * seconds;
        assertThat(ofIkeSa)
                .isBetween(IkeIntake.OF_AN_IKE_SA, IkeIntake.OF_AN_IKE_SA * seconds + secondTries);
        assertThat(ofCookie)
                .isBetween(IkeIntake.OF_A_COOKIE, IkeIntake.OF_A_COOKIE * seconds + secondTries);
        assertThat(intake.firstTries()).isPositive();
        backlog.waiting = IkeIntake.BUSY;
        assertThat(offer(ofAnIkeSa)).as("nobody is counted where there is time").isTrue();
    }

    @Test
    void whatIsLetInComesWithItsPath() {
        offer(ofAnIkeSa());
        assertThat(backlog.taken)
                .singleElement()
                .satisfies(taken -> {
                    assertThat(taken.path().remote()).isEqualTo(THERE);
                    assertThat(taken.path().local()).isEqualTo(HERE);
                    assertThat(taken.path().nonEspMarker()).isTrue();
                });
    }
}
