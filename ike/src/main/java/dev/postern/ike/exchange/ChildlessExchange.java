package dev.postern.ike.exchange;

import dev.postern.ike.Childless;
import dev.postern.ike.ResponderProfile;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import java.util.List;

/// IKE_AUTH without SA, TSi and TSr, in both roles (RFC 6023). The client asks for its Child SA by
/// CREATE_CHILD_SA right afterwards, with a key exchange of its own if policy wants one.
final class ChildlessExchange {
    static final String MISSED =
            "the gateway begins no IKE SA without a Child SA, as life.childless asks for";

    private ChildlessExchange() {}

    /// What a gateway says in IKE_SA_INIT, before it knows which profile is meant.
    static List<Payload> announced(Turn turn) {
        return turn.configuration().profiles().stream().anyMatch(ChildlessExchange::allows)
                ? List.of(
                        new Payload.Notify(
                                Protocol.IKE,
                                Octets.EMPTY,
                                NotifyType.CHILDLESS_IKEV2_SUPPORTED.code(),
                                Octets.EMPTY))
                : List.of();
    }

    private static boolean allows(ResponderProfile profile) {
        return profile.life().childless() != Childless.NEVER;
    }

    /// Whether a request is without a Child SA on purpose; one that lacks a part only is not.
    static boolean isMeant(List<Payload> payloads) {
        return Message.find(payloads, Payload.SecurityAssociation.class) == null
                && Message.find(payloads, Payload.TsInitiator.class) == null
                && Message.find(payloads, Payload.TsResponder.class) == null;
    }

    /// Whether a gateway that has proven its peer lets it be so (section 3: INVALID_SYNTAX).
    static boolean isForbidden(HalfOpen half, PeerProof proof, List<Payload> payloads) {
        return half.resumed() == null && isMeant(payloads) && !allows(proof.profile());
    }

    /// Whether the client goes without a Child SA in IKE_AUTH.
    static boolean isWanted(AuthInitiator.Context context) {
        return switch (context.profile().life().childless()) {
            case NEVER, ALLOW -> false;
            case PREFER, REQUIRE ->
                    context.resumed() == null
                            && !TransportMode.isWanted(context.profile())
                            && isAnnouncedIn(context);
        };
    }

    /// Whether the client leaves this gateway.
    static boolean isMissed(AuthInitiator.Context context) {
        return context.profile().life().childless() == Childless.REQUIRE
                && context.resumed() == null
                && !isAnnouncedIn(context);
    }

    private static boolean isAnnouncedIn(AuthInitiator.Context context) {
        try {
            Message response = MessageCodec.decode(context.firstResponse());
            return Message.findNotify(response.payloads(), NotifyType.CHILDLESS_IKEV2_SUPPORTED)
                    != null;
        } catch (MalformedException e) {
            throw new IllegalStateException("a first message that was decoded before", e);
        }
    }

    /// The client's IKE SA stands; its Child SA comes next.
    static void follow(Turn turn, IkeSa sa) {
        SelectorPolicy wish = SelectorPolicy.of(sa);
        sa.duties().addNow(turn, new Duty.RestoreChildSa(wish.own(), wish.peer()));
    }
}
