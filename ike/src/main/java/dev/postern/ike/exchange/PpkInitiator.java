package dev.postern.ike.exchange;

import dev.postern.crypto.Prf;
import dev.postern.ike.PpkPolicy;
import dev.postern.ike.PpkPolicy.Ppk;
import dev.postern.ike.sa.PpkKeys;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A post-quantum pre-shared key at the initiator (RFC 8784 section 3): the key goes into SK_d,
/// SK_pi and SK_pr before AUTH is made, and out again where the responder does not have it and
/// policy lets us go on without.
final class PpkInitiator {
    static final String UNUSED = "the gateway does not use our post-quantum pre-shared key";

    private final Ppk ppk;
    private final boolean required;
    private @Nullable PpkKeys without;

    private PpkInitiator(PpkPolicy policy) {
        this.ppk = policy.keys().getFirst();
        this.required = policy.required();
    }

    /// N(USE_PPK) in IKE_SA_INIT.
    static List<Payload> announced(Turn turn, String profile) {
        return turn.configuration().secrets().ppk(profile) == null
                ? List.of()
                : List.of(Payload.Notify.of(NotifyType.USE_PPK));
    }

    /// Null where the profile has no key, or the responder has none and need not.
    static @Nullable PpkInitiator of(Turn turn, IkeSa sa, AuthInitiator.Context context) {
        PpkPolicy policy = turn.configuration().secrets().ppk(context.profile().name());
        return policy == null || context.resumed() != null || !sa.relation().usesPpk()
                ? null
                : new PpkInitiator(policy);
    }

    /// Why a responder that has not said USE_PPK is to be left; null where it is not.
    static @Nullable String missed(Turn turn, IkeSa sa, AuthInitiator.Context context) {
        PpkPolicy policy = turn.configuration().secrets().ppk(context.profile().name());
        boolean missed =
                policy != null
                        && policy.required()
                        && context.resumed() == null
                        && !sa.relation().usesPpk();
        return missed
                ? "the gateway knows no post-quantum pre-shared keys, and ours is required"
                : null;
    }

    boolean isRequired() {
        return required;
    }

    /// Puts the key in.
    void apply(IkeSa sa, Prf prf) {
        without = sa.keys().exchange(PpkKeys.mix(prf, ppk.key(), sa.keys()));
        sa.relation().usePpk(ppk);
    }

    /// What stands beside AUTH: the key's name, and AUTH as it would be without the key.
    ///
    /// @param plain AUTH under the keys before [#apply]; null where there is none
    List<Payload> beside(Payload.@Nullable Authentication plain) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Payload.Notify.of(NotifyType.PPK_IDENTITY, ppk.id()));
        if (!required && plain != null) {
            payloads.add(Payload.Notify.of(NotifyType.NO_PPK_AUTH, plain.data()));
        }
        return payloads;
    }

    /// Judges the answer: where it does not name the key, it comes out again. False where there is
    /// to be no IKE SA without it.
    boolean settle(IkeSa sa, List<Payload> payloads) {
        PpkKeys before = without;
        if (before == null) {
            throw new IllegalStateException("the key was not put in");
        }
        boolean used = Message.findNotify(payloads, NotifyType.PPK_IDENTITY) != null;
        without = null;
        if (used) {
            before.close();
            return true;
        }
        sa.keys().exchange(before).close();
        sa.relation().usePpk(null);
        return !required;
    }

    void wipe() {
        if (without != null) {
            without.close();
            without = null;
        }
    }
}
