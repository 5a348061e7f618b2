package dev.postern.ike.exchange;

import dev.postern.ike.PpkPolicy;
import dev.postern.ike.PpkPolicy.Ppk;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.sa.PpkKeys;
import dev.postern.ticket.Session;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Post-quantum pre-shared keys at the responder (RFC 8784 section 3). The key goes into SK_d,
/// SK_pi and SK_pr before AUTH is judged; where the peer names a key that is not known here, its
/// NO_PPK_AUTH stands in for AUTH, if it sent one and policy allows it.
final class PpkResponder {
    private PpkResponder() {}

    /// N(USE_PPK) for an initiator that has sent it, where any profile has a key.
    static List<Payload> answered(Turn turn, List<Payload> request) {
        return Message.findNotify(request, NotifyType.USE_PPK) == null
                        || turn.configuration().secrets().ppks().isEmpty()
                ? List.of()
                : List.of(Payload.Notify.of(NotifyType.USE_PPK));
    }

    /// The payloads as they are to be judged; null where the peer has to be refused.
    static @Nullable List<Payload> settle(
            Turn turn, IkeSa sa, HalfOpen half, Identity initiator, List<Payload> payloads) {
        if (half.resumed() != null || !sa.relation().usesPpk()) {
            return payloads;
        }
        Payload.Notify named = Message.findNotify(payloads, NotifyType.PPK_IDENTITY);
        if (named == null) {
            return null;
        }
        Ppk ppk = find(turn, named.data(), initiator);
        if (ppk == null) {
            return withoutPpk(payloads);
        }
        sa.keys().exchange(PpkKeys.mix(half.suite().prf(), ppk.key(), sa.keys())).close();
        sa.relation().usePpk(ppk);
        return payloads;
    }

    /// The same for the peer that IDi names.
    static @Nullable List<Payload> settle(
            Turn turn, IkeSa sa, HalfOpen half, List<Payload> payloads) {
        Payload.IdInitiator id = Message.find(payloads, Payload.IdInitiator.class);
        return id == null ? null : settle(turn, sa, half, id.identity(), payloads);
    }

    private static @Nullable Ppk find(Turn turn, Octets id, Identity initiator) {
        for (ResponderProfile profile : turn.configuration().profiles()) {
            PpkPolicy policy = turn.configuration().secrets().ppk(profile.name());
            Ppk found = policy == null ? null : policy.find(id, initiator);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /// NO_PPK_AUTH is made by the method of AUTH and takes its place.
    private static @Nullable List<Payload> withoutPpk(List<Payload> payloads) {
        Payload.Notify without = Message.findNotify(payloads, NotifyType.NO_PPK_AUTH);
        if (without == null) {
            return null;
        }
        List<Payload> replaced = new ArrayList<>(payloads);
        replaced.replaceAll(payload ->
                payload instanceof Payload.Authentication auth
                        ? new Payload.Authentication(auth.method(), without.data())
                        : payload);
        return replaced;
    }

    /// Whether the key that was used, or that none was, is what the peer's profile wants.
    static boolean satisfies(Turn turn, IkeSa sa, HalfOpen half, PeerProof proof) {
        PpkPolicy policy = turn.configuration().secrets().ppk(proof.profile().name());
        Ppk used = sa.relation().ppk();
        if (half.resumed() != null) {
            return true;
        }
        return used == null
                ? policy == null || !policy.required()
                : policy != null && policy.keys().contains(used);
    }

    /// A resume repeats no use of the key; it lives on in the session's keys, where it went in.
    static boolean mayResume(Turn turn, Session session) {
        PpkPolicy policy = turn.configuration().secrets().ppk(session.profile());
        return policy == null || !policy.required() || session.has(Session.Extension.PPK);
    }

    /// The bit that the session keeps. A resumed one has its own: its keys come from those that the
    /// key went into, and a chain of resumes stays one of a session with the key.
    static int extensionOf(IkeSa sa, @Nullable Session resumed) {
        if (resumed != null) {
            return resumed.extensions() & Session.Extension.PPK;
        }
        return sa.relation().ppk() == null ? 0 : Session.Extension.PPK;
    }

    /// N(PPK_IDENTITY), empty: the key is in use.
    static List<Payload> told(IkeSa sa, HalfOpen half) {
        return sa.relation().ppk() == null || half.resumed() != null
                ? List.of()
                : List.of(Payload.Notify.of(NotifyType.PPK_IDENTITY));
    }
}
