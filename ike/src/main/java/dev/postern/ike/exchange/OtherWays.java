package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Path;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// The ways by which a first message goes at the same time, to addresses of one gateway: the same
/// octets, so that the gateway takes the later ones for retransmissions (RFC 7296 section 2.1) and
/// there is one IKE SA, whichever way its answer takes.
public final class OtherWays {
    private final List<Path> ways = new ArrayList<>();
    private @Nullable Path answering;

    /// Sends the outstanding first message by this way too, now and whenever it is sent again.
    public static void add(Turn turn, long handle, Path path) {
        IkeSa sa = turn.table().byHandle(handle);
        if (sa != null && sa.state() instanceof FirstMessage && sa.requests().isBusy()) {
            turn.concern(sa);
            sa.transport().ways().ways.add(path);
            turn.count(Counter.RETRANSMITTED_REQUEST);
            turn.send(path, sa.requests().outstanding());
        }
    }

    /// Sends the first message again by each of them.
    static void sendAgain(Turn turn, IkeSa sa, List<byte[]> datagrams) {
        sa.transport().ways().ways.forEach(way -> turn.send(way, datagrams));
    }

    /// Whether an answer from there is waited for, and notes that it is being judged.
    static boolean takes(IkeSa sa, Path from) {
        OtherWays others = sa.transport().ways();
        InetAddress source = from.remote().getAddress();
        others.answering = null;
        if (source.equals(sa.path().remote().getAddress())) {
            return true;
        }
        for (Path way : others.ways) {
            if (source.equals(way.remote().getAddress())) {
                others.answering = way;
                return true;
            }
        }
        return false;
    }

    /// The answer that is being judged is one that the exchange goes on from: its way is the one
    /// from now on. A late answer by another way comes from an address that nobody listens to.
    static void settle(Turn turn, IkeSa sa) {
        OtherWays others = sa.transport().ways();
        if (others.answering != null) {
            sa.movePath(turn, others.answering);
        }
        others.answering = null;
        others.ways.clear();
    }
}
