package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.guard.ReassemblyBudget;
import dev.postern.ike.sa.Reassembly;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.ticket.Session;
import dev.postern.wire.Message;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

/// What comes in under SK, whole or in fragments (RFC 7383). Per IKE SA one message in each
/// direction is put together at a time; all of them share a budget, those of strangers a smaller
/// one.
final class Fragments {
    private Fragments() {}

    /// The messages of one IKE SA that are not complete yet.
    static final class Partial {
        private @Nullable Reassembly request;
        private @Nullable Reassembly response;

        private @Nullable Reassembly of(boolean isResponse) {
            return isResponse ? response : request;
        }

        private void set(boolean isResponse, @Nullable Reassembly reassembly) {
            if (isResponse) {
                response = reassembly;
            } else {
                request = reassembly;
            }
        }
    }

    /// Opens a message that is due; null where it is a fragment and others are missing, or is not
    /// wanted.
    static @Nullable Opened open(Turn turn, IkeSa sa, Message message) {
        Payload.Encrypted sk = message.encrypted();
        if (sk != null) {
            return SkProtection.open(message, sk, sa.keys().inbound());
        }
        Payload.EncryptedFragment skf = message.fragment();
        if (skf == null) {
            turn.count(Counter.DROPPED_NOT_PROTECTED);
            return null;
        }
        if (!sa.has(Session.Extension.FRAGMENTATION)) {
            turn.count(Counter.DROPPED_FRAGMENT);
            return null;
        }
        return collect(turn, sa, message, skf);
    }

    private static @Nullable Opened collect(
            Turn turn, IkeSa sa, Message message, Payload.EncryptedFragment skf) {
        boolean isResponse = message.header().response();
        Reassembly known = sa.transport().partial().of(isResponse);
        boolean fresh = known == null || !known.isOf(message.header());
        if (fresh && skf.total() > Reassembly.MAXIMUM_FRAGMENTS) {
            turn.count(Counter.DROPPED_FRAGMENT);
            return null;
        }
        Reassembly reassembly =
                known == null || fresh
                        ? new Reassembly(message.header(), skf.total(), turn.now().nanos())
                        : known;
        switch (reassembly.add(message, skf, sa.keys().inbound())) {
            case UNWANTED -> turn.count(Counter.DROPPED_FRAGMENT);
            case NOT_AUTHENTIC -> turn.count(Counter.DROPPED_NOT_AUTHENTIC);
            case KEPT -> {
                if (fresh) {
                    drop(turn, sa, isResponse);
                    sa.transport().partial().set(isResponse, reassembly);
                }
                budget(turn, sa).charge(reassembly, turn.now().nanos());
            }
            case COMPLETE -> {
                drop(turn, sa, isResponse);
                if (!isResponse && message.header().messageId() == sa.responses().expectedId()) {
                    sa.responses().isNamedBy(reassembly.first().octets().array());
                }
                return reassembly.join();
            }
        }
        return null;
    }

    /// Octets of the largest message that goes to the peer in one piece.
    static int limit(Turn turn, IkeSa sa) {
        return sa.has(Session.Extension.FRAGMENTATION) && turn.configuration().network().fragments()
                ? turn.configuration().network().messageLimit(sa.path())
                : Integer.MAX_VALUE;
    }

    /// Forgets what an IKE SA has of incomplete messages.
    static void forget(Turn turn, IkeSa sa) {
        drop(turn, sa, false);
        drop(turn, sa, true);
    }

    private static void drop(Turn turn, IkeSa sa, boolean isResponse) {
        Reassembly known = sa.transport().partial().of(isResponse);
        if (known != null) {
            turn.strangersFragments().release(known);
            turn.peersFragments().release(known);
            sa.transport().partial().set(isResponse, null);
        }
    }

    private static ReassemblyBudget budget(Turn turn, IkeSa sa) {
        return sa.session() == null && !sa.isInitiator()
                ? turn.strangersFragments()
                : turn.peersFragments();
    }
}
