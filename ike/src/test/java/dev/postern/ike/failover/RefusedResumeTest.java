package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Suites;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// The next gateway opens the ticket, and refuses under SK to carry the session on as it was
/// (draft-dondeti-ipsec-failover-sol-00 section 4.2.1): the client runs a full exchange with it.
final class RefusedResumeTest {
    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');
    private final ClientSettings client = new ClientSettings();

    private Neighbourhood connected() {
        Neighbourhood net = new Neighbourhood(client, a, b);
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
        return net;
    }

    /// The client loses gw-a.
    private void assertInFullAtB(Neighbourhood net, CloseReason refusal) {
        int before = net.exchangesSent.size();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(10));
        assertThat(net.all(Event.IkeSaClosed.class))
                .filteredOn(closed -> closed.reason() == refusal)
                .isNotEmpty();
        assertThat(net.exchangesSent.subList(before, net.exchangesSent.size()))
                .containsSubsequence(
                        ExchangeType.IKE_SESSION_RESUME_1RTT,
                        ExchangeType.IKE_SA_INIT,
                        ExchangeType.IKE_AUTH);
        Event.SwitchCompleted last = net.all(Event.SwitchCompleted.class).getLast();
        assertThat(last.to()).isEqualTo(b.name());
        assertThat(last.origin()).isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.sessionsAt(b)).isEqualTo(1);
    }

    @Test
    void tsUnacceptableOfAGatewayThatProtectsSomethingElse() {
        b.localSelectors = List.of(Net.subnet(10, 200, 0, 0, 16));
        assertInFullAtB(connected(), CloseReason.TS_UNACCEPTABLE);
    }

    @Test
    void internalAddressFailureOfAPoolThatHasNoneForThisSession() {
        Neighbourhood net = connected();
        net.refusedLeases = 1;
        assertInFullAtB(net, CloseReason.ADDRESS_FAILURE);
    }

    @Test
    void noProposalChosenOfAGatewayThatDoesNotSpeakTheSessionsEsp() {
        client.espSuites = Suites.esp("aes256gcm16", "aes128gcm16");
        b.espSuites = Suites.esp("aes128gcm16");
        assertInFullAtB(connected(), CloseReason.NO_PROPOSAL_CHOSEN);
    }

    @Test
    void invalidKePayloadOfAGatewayThatRequiresAKeyExchange() {
        b.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        assertInFullAtB(connected(), CloseReason.INVALID_KE_PAYLOAD);
    }

    @Test
    void temporaryFailureUnderEveryCountThatTheClientTries() {
        b.limits =
                new Limits(
                        1_000,
                        20_000,
                        30 * Now.NANOS_PER_SECOND,
                        50_000,
                        0,
                        30 * Now.NANOS_PER_SECOND);
        assertInFullAtB(connected(), CloseReason.TEMPORARY_FAILURE);
    }
}
