package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.find;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.wire.Identity;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.List;

/// "It is not necessary for any two gateways to share the same IP address or have the same view of
/// the network" (draft section 6.1): other protected subnets, another pool, other servers.
class Section_4_2_1_GatewaysThatDiffer {
    private final Resumption r = new Resumption(37);

    @Test
    void selectorsAreNarrowedToWhatTheNewGatewayProtects() {
        r.bSettings.localSelectors = List.of(Net.subnet(10, 1, 2, 0, 24));
        ResumableSession ticket = r.connect();
        assertThat(
                        find(r.byHand(ticket, 1).answer(r.world, r.b()), Payload.TsResponder.class)
                                .selectors())
                .containsExactly(Net.subnet(10, 1, 2, 0, 24));

        r.resume(r.b(), ticket);
        assertThat(r.client().installed().getLast().remote())
                .isEqualTo(List.of(Net.subnet(10, 1, 2, 0, 24)));
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aSessionThatWasNarrowedGrowsAgainNeitherHereNorAnywhere() {
        r.bSettings.localSelectors = List.of(Net.subnet(10, 1, 2, 0, 24));
        r.resume(r.b(), r.connect());
        r.resume(r.a(), r.client().lastTicket());
        assertThat(r.client().installed().getLast().remote())
                .isEqualTo(List.of(Net.subnet(10, 1, 2, 0, 24)));
    }

    @Test
    void aGatewayThatProtectsSomethingElseSaysSo() {
        r.bSettings.localSelectors = List.of(Net.subnet(10, 200, 0, 0, 16));
        ResumableSession ticket = r.connect();
        assertThat(
                        dev.postern.ike.world.InitiatorByHand.onlyNotify(
                                r.byHand(ticket, 1).answer(r.world, r.b())))
                .isEqualTo(NotifyType.TS_UNACCEPTABLE.code());
    }

    @Test
    void anotherPoolGivesAnotherAddressAndTheSessionKnowsIt() {
        r.bSettings.poolNetwork = 88;
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        assertThat(r.client().lastEstablished().innerAddresses())
                .containsExactly(Net.ip(10, 88, 0, 2));
        assertThat(Sessions.opened(r.client().lastTicket()).configuration())
                .isNotEqualTo(Sessions.opened(ticket).configuration());
        assertTunnel(r.client(), r.b());
    }

    @Test
    void theNewGatewaysServersAreAskedForTheAddressUnderTheSessionsName() {
        ResumableSession ticket = r.connect();
        ResumeByHand request = r.byHand(ticket, 1);
        List<Effect> effects =
                r.b().give(
                                new Input.Datagram(
                                        new dev.postern.ike.Path(
                                                r.b().address(), request.address(), true),
                                        request.encode()));
        assertThat(effects)
                .filteredOn(Effect.Raise.class::isInstance)
                .singleElement()
                .satisfies(effect ->
                        assertThat(((Effect.Raise) effect).ask())
                                .isInstanceOfSatisfying(
                                        Ask.LeaseAddresses.class,
                                        lease -> {
                                            assertThat(lease.sessionId())
                                                    .isEqualTo(Sessions.opened(ticket).sessionId());
                                            assertThat(lease.identity())
                                                    .isEqualTo(Identity.fqdn("c07.example"));
                                        }));
    }

    /// Accounting begins with this; the old gateway's ends with the Delete, or with its IKE SA.
    @Test
    void theNewGatewayTellsUnderTheSessionsNameThatItCame() {
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        assertThat(r.b().events(Event.SessionConfirmed.class))
                .singleElement()
                .satisfies(told ->
                        assertThat(told.sessionId())
                                .isEqualTo(Sessions.opened(ticket).sessionId()));
    }
}
