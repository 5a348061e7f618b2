package dev.postern.gateway.daemon;

import dev.postern.gateway.dataplane.IkeSink;
import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.guard.FirstLook;
import dev.postern.ike.guard.Mixing;
import dev.postern.wire.Octets;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;

/// What network threads do with IKE messages before they queue them for the endpoint's thread. As
/// long as that keeps up everything is queued. When it falls behind, what can be told from a client's
/// message at a glance is left out, before it takes the place of one:
///
///     steps that wait   0 ...... 128 ............ 512 ............................ 12,288 ..... 16,384
///     let in            everything | no tickets of | of strangers only second      | no strangers
///                                  | foreign keys  | tries and those with a good   |
///                                  |               | cookie                        |
///
/// What names an IKE SA that stands is let in; what names one that is not known here comes from a
/// stranger. A cookie is good where it is ours, made for this address, SPI and ticket: one of the
/// sender's own making is as good as none. Either may have been seen, or got for nothing, by somebody
/// who sends it again as fast as he can. So from 512 on an IKE SA has 64 messages let in each second
/// and whoever shows a cookie 8; more of them count as first tries. The first bounds are low because a
/// client that waits behind a thousand strangers has given up when its turn comes; a storm of clients
/// that passes them loses one retransmission, not its place. Where steps are slow, because the JVM's
/// compiler has not seen them yet or the machine does something else, fewer of them make that wait:
/// the first two bounds are reached as well when a step would wait for 30 ms, and the third when it
/// would wait for a second. A client asks the next gateway after 1.46 s, and one that worked at what
/// has been given up would never catch up with a crowd.
final class IkeIntake implements IkeSink {
    static final int BUSY = 128;
    static final int CROWDED = 512;
    static final int NEARLY_FULL = EndpointLoop.QUEUE_CAPACITY / 4 * 3;
    static final long SLOW_NANOS = 30_000_000;
    static final long HOPELESS_NANOS = 1_000_000_000;

    /// Let in each second when crowded.
    static final int OF_AN_IKE_SA = 64;

    static final int OF_A_COOKIE = 8;

    /// The control plane's side.
    interface Queue {
        /// How many messages wait.
        int waiting();

        /// How long one more would wait.
        long delayNanos();

        /// How long all that was let in will keep the endpoint busy.
        long busyNanos();

        /// False where there is no room.
        boolean offer(Input.Datagram datagram);
    }

    private final Queue queue;
    private final FirstLook look;
    private final SecondTries tries;
    private final Rations ofIkeSas;
    private final Rations ofCookies;
    private final LongAdder foreignTickets = new LongAdder();
    private final LongAdder firstTries = new LongAdder();

    IkeIntake(Queue queue, FirstLook look, long secret) {
        this.queue = queue;
        this.look = look;
        this.tries = new SecondTries(secret);
        this.ofIkeSas = new Rations(secret, OF_AN_IKE_SA);
        this.ofCookies = new Rations(secret, OF_A_COOKIE);
    }

    /// Between the sockets and this endpoint.
    interface Handler {
        List<Effect> handle(Now now, Input input);
    }

    static IkeIntake of(
            EndpointLoop loop, Handler handler, IkeEndpoint endpoint, LongPredicate mightOpen) {
        SystemEntropy entropy = new SystemEntropy();
        long secret = Octets.of(entropy.octets(Long.BYTES)).toLong(0);
        SpiFilter spis = new SpiFilter(Octets.of(entropy.octets(Long.BYTES)).toLong(0));
        Queue queue =
                new Queue() {
                    @Override
                    public int waiting() {
                        return loop.waiting();
                    }

                    @Override
                    public long delayNanos() {
                        return loop.delayNanos();
                    }

                    @Override
                    public long busyNanos() {
                        return loop.busyNanos();
                    }

                    @Override
                    public boolean offer(Input.Datagram datagram) {
                        return loop.offer(now -> handler.handle(now, datagram));
                    }
                };
        return new IkeIntake(queue, endpoint.firstLook(mightOpen, spis), secret);
    }

    @Override
    public boolean offer(
            InetSocketAddress local,
            InetSocketAddress remote,
            byte[] octets,
            boolean nonEspMarker) {
        int waiting = queue.waiting();
        long delay = queue.delayNanos();
        boolean slow = delay >= SLOW_NANOS;
        boolean full = waiting >= NEARLY_FULL || delay >= HOPELESS_NANOS;
        return ((waiting < BUSY && !slow)
                        || isWorthIt(full, slow || waiting >= CROWDED, remote, octets))
                && queue.offer(new Input.Datagram(new Path(local, remote, nonEspMarker), octets));
    }

    @Override
    public long busyNanos() {
        return queue.busyNanos();
    }

    private boolean isWorthIt(
            boolean full, boolean crowded, InetSocketAddress remote, byte[] octets) {
        return switch (look.at(octets, remote.getAddress())) {
            case OF_AN_IKE_SA ->
                    !crowded
                            || ofIkeSas.take(FirstLook.ownSpi(octets), System.nanoTime())
                            || isSecondTry(full, remote, octets);
            case SCRAP -> !crowded;
            case FOREIGN_TICKET -> {
                foreignTickets.increment();
                yield false;
            }
            case FIRST, OF_NO_IKE_SA -> !crowded || isSecondTry(full, remote, octets);
            case FIRST_WITH_COOKIE ->
                    !full
                            && (!crowded
                                    || ofCookies.take(holder(remote, octets), System.nanoTime())
                                    || isSecondTry(full, remote, octets));
        };
    }

    /// A cookie is good for one address and SPI only. IPv6 addresses share hash codes: those who
    /// do, and have chosen the same SPI, share what one is let in.
    private static long holder(InetSocketAddress remote, byte[] octets) {
        return Mixing.mix(Octets.of(octets).toLong(0)) ^ remote.getAddress().hashCode();
    }

    private boolean isSecondTry(boolean full, InetSocketAddress remote, byte[] octets) {
        long spiI = Octets.of(octets).toLong(0);
        boolean known = tries.note(remote.getAddress(), remote.getPort(), spiI, System.nanoTime());
        if (known && !full) {
            return true;
        }
        firstTries.increment();
        return false;
    }

    /// Requests with tickets of keys that are not ours, left out because there was too much to do.
    long foreignTickets() {
        return foreignTickets.sum();
    }

    /// First messages that were left out until they come again.
    long firstTries() {
        return firstTries.sum();
    }
}
