package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.discovery.GatewayNames;
import dev.postern.gateway.discovery.HostNames;
import dev.postern.gateway.discovery.Reach;
import dev.postern.gateway.discovery.WayOut;
import dev.postern.gateway.revocation.RevocationNews;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.voucher.VoucherReader;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.List;

/// Who answers the questions of a client's control plane. An answer that the queue has no room for
/// is lost, which the client survives.
record ClientAnswers(
        FailoverClient client,
        EndpointLoop loop,
        @Nullable LocalEapPeer eap,
        RevocationNews revocation,
        HostNames hosts,
        GatewayNames names) {
    /// @param network what carries a tunnel's packets, past which it asks; null for none
    static ClientAnswers of(
            ClientConfiguration configuration,
            FailoverClient client,
            EndpointLoop loop,
            ClientPorts ports,
            @Nullable ClientNetwork network) {
        WayOut wayOut = network == null ? WayOut.NONE_NEEDED : network.wayOut();
        HostNames hosts =
                new HostNames(
                        configuration.discovery().servers(),
                        configuration.discovery().patience(),
                        wayOut);
        RevocationNews revocation =
                RevocationNews.of(
                        configuration,
                        Clock.systemUTC(),
                        network == null
                                ? List.of(Reach.OF_THE_HOST)
                                : List.of(Reach.pastTheTunnel(hosts, wayOut), Reach.OF_THE_HOST));
        return new ClientAnswers(
                client,
                loop,
                configuration.eap() == null
                        ? null
                        : LocalEapPeer.of(configuration.eap(), new SystemEntropy(), revocation),
                revocation,
                hosts,
                new GatewayNames(hosts, GatewayPaths.ways(configuration, ports)));
    }

    void answer(Now now, Effect.Raise raise) {
        switch (raise.ask()) {
            case Ask.EapToPeer ask when eap != null ->
                    eap.next(ask, answer -> offer(raise.askId(), answer));
            case Ask.LookUpGateways ask ->
                    names.lookUp(ask.name(), answer -> offer(raise.askId(), answer));
            case Ask.LookUpRevocation ask ->
                    revocation.lookUp(ask, answer -> offer(raise.askId(), answer));
            case Ask.VerifyVouchers ask ->
                    offer(raise.askId(), VoucherReader.read(ask.tokens(), now.epochSeconds()));
            case Ask.EapToPeer _,
                    Ask.EapToServer _,
                    Ask.LeaseAddresses _,
                    Ask.OfStore _,
                    Ask.OfTicketService _ ->
                    throw new IllegalStateException("nobody at a client answers " + raise);
        }
    }

    private void offer(long askId, Answer answer) {
        Input input = new Input.Answered(askId, answer);
        if (!loop.offer(now -> client.handle(now, input))) {
            answer.discard();
        }
    }

    void close() {
        revocation.close();
        hosts.close();
        if (eap != null) {
            eap.close();
        }
    }
}
