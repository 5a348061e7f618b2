package dev.postern.ike.exchange;

import dev.postern.crypto.Hash;
import dev.postern.ike.ConnectionProfile;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.voucher.VoucherAnchor;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// By what a client knows the vouchers of its gateway: the certificate that the session was
/// authenticated by, or the key in N(VOUCHER_KEY), under SK, from a gateway that has shown no
/// certificate: one with a pre-shared key, and every one that a session was resumed at.
final class Vouching {
    /// No key is longer; RSA with 4096 bits takes 720 octets.
    private static final int LONGEST_KEY = 1_024;

    private Octets key = Octets.EMPTY;
    private @Nullable SwitchQuestion question;

    Vouching ofSuccessor() {
        Vouching successor = new Vouching();
        successor.key = key;
        return successor;
    }

    VoucherAnchor anchor(EstablishedSession session) {
        return new VoucherAnchor(
                session.responder(), session.domain(), key, session.peerCertificate());
    }

    /// The vouchers that are being looked at; null for none.
    @Nullable SwitchQuestion question() {
        return question;
    }

    void ask(@Nullable SwitchQuestion open) {
        question = open;
    }

    /// What a gateway adds to its answer to IKE_AUTH.
    static List<Payload> shown(Turn turn, ConnectionProfile profile, boolean vendor) {
        boolean certified =
                profile instanceof ResponderProfile responder
                        && responder.certificates() != null
                        && responder.certificates().own() != null;
        return vendor && !certified ? shown(turn) : List.of();
    }

    /// What a gateway adds to its answer to a resume.
    static List<Payload> shown(Turn turn) {
        Octets own = turn.vouchers().key();
        return own.isEmpty() ? List.of() : List.of(Payload.Notify.of(NotifyType.VOUCHER_KEY, own));
    }

    /// Notes the key of a proven gateway, at the client. Its thumbprint is the digest of its
    /// octets, which are in the form that RFC 7638 digests.
    static void receive(IkeSa sa, List<Payload> payloads) {
        Payload.Notify shown = Message.findNotify(payloads, NotifyType.VOUCHER_KEY);
        if (shown != null
                && sa.isClient()
                && !shown.data().isEmpty()
                && shown.data().length() <= LONGEST_KEY) {
            sa.relation().vouching().key = Octets.of(Hash.SHA_256.digest(shown.data().array()));
        }
    }
}
