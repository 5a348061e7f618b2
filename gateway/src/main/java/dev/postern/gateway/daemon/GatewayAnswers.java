package dev.postern.gateway.daemon;

import dev.postern.cluster.LeasePermits;
import dev.postern.gateway.revocation.RevocationNews;
import dev.postern.gateway.store.SessionKeeper;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What a gateway's endpoint asks the world outside of it. On the endpoint's thread.
///
/// @param sessions null where none are kept
record GatewayAnswers(
        IkeEndpoint endpoint,
        EndpointLoop loop,
        DhcpDesk dhcp,
        AddressLeases leases,
        LeasePermits permits,
        @Nullable SessionKeeper sessions,
        EapServers eap,
        TicketCustody custody,
        RevocationNews revocation) {
    /// Answers at once or later.
    ///
    /// @return what follows from an answer at once
    List<Effect> answer(Now now, Effect.Raise raise) {
        long askId = raise.askId();
        switch (raise.ask()) {
            case Ask.LeaseAddresses ask -> {
                return dhcp.takes(askId, ask, now) ? List.of() : lease(now, askId, ask);
            }
            case Ask.OfStore ask -> {
                if (sessions == null) {
                    return endpoint.handle(
                            now, new Input.Answered(askId, new Answer.StoreUnavailable()));
                }
                sessions.ask(ask, answer -> offer(askId, answer));
            }
            case Ask.EapToServer ask -> eap.next(ask, answer -> offer(askId, answer));
            case Ask.OfTicketService ask -> custody.ask(ask, answer -> offer(askId, answer));
            case Ask.LookUpRevocation ask -> revocation.lookUp(ask, answer -> offer(askId, answer));
            case Ask.EapToPeer _, Ask.LookUpGateways _, Ask.VerifyVouchers _ ->
                    throw new IllegalStateException("a gateway begins no IKE SA");
        }
        return List.of();
    }

    private List<Effect> lease(Now now, long askId, Ask.LeaseAddresses ask) {
        boolean atOnce =
                permits.prepare(
                        ask.wanted(),
                        leases.rested(ask, now.nanos(), permits),
                        () -> loop.offer(at -> endpoint.handle(at, leased(at, askId, ask))));
        return atOnce ? endpoint.handle(now, leased(now, askId, ask)) : List.of();
    }

    private Input leased(Now now, long askId, Ask.LeaseAddresses ask) {
        return new Input.Answered(askId, leases.lease(ask, now.nanos(), permits));
    }

    /// From any thread; an answer that the queue has no room for is lost, which the endpoint
    /// survives.
    private void offer(long askId, Answer answer) {
        if (!loop.offer(now -> endpoint.handle(now, new Input.Answered(askId, answer)))) {
            answer.discard();
        }
    }
}
