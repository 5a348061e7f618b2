package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Path;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;

/// What comes in clear text for an IKE SA that stands (RFC 7296 sections 2.21.4 and 2.4): nobody
/// has proven it. N(INVALID_IKE_SPI) from where our gateway is makes a client check for itself
/// whether that lives, "as a hint"; everything else is dropped.
final class ClearNews {
    private ClearNews() {}

    static void hear(Turn turn, IkeSa sa, Path from, Message message) {
        boolean doubts =
                sa.isClient()
                        && sa.isEstablished()
                        && from.remote().equals(sa.path().remote())
                        && Message.findNotify(message.payloads(), NotifyType.INVALID_IKE_SPI)
                                != null;
        if (doubts && sa.life().mayDoubt(turn.now())) {
            turn.count(Counter.DOUBTED_BY_CLEAR_NOTIFY);
            Informational.probe(turn, sa, sa.life().liveness().schedule());
        } else {
            turn.count(Counter.DROPPED_NOT_PROTECTED);
        }
    }
}
