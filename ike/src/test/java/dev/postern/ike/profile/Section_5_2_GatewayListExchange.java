package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Suites;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.ResumptionFlags;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// N(ALT_GW_LIST), asked for with L and answered under SK, draft-dondeti-ipsec-failover-sol-00
/// sections 4.1 and 5.2.
class Section_5_2_GatewayListExchange {
    private static final AlternativeGateways BACKUPS =
            new AlternativeGateways(
                    List.of(
                            backup(2, 1),
                            backup(3, 1),
                            new Backup(new GatewayList.Name("gw-d.example"), 1, 0)));

    private final Resumption r = new Resumption(41);

    private static Backup backup(int host, double weight) {
        return new Backup(
                new GatewayList.Address(Octets.of(Net.ip(192, 0, 2, host).getAddress()), 4500),
                weight,
                0);
    }

    @Test
    void aClientThatAsksGetsItsOwnOrder() {
        r.a().give(new Input.AnnounceGateways(BACKUPS));
        ResumableSession ticket = r.connect();
        assertThat(r.client().events(Event.GatewaysAnnounced.class))
                .singleElement()
                .satisfies(announced ->
                        assertThat(announced.gateways())
                                .isEqualTo(
                                        BACKUPS.orderedFor(Sessions.opened(ticket).sessionId())));
    }

    @Test
    void aGatewayThatKnowsNoOtherSendsNoList() {
        r.connect();
        assertThat(r.client().events(Event.GatewaysAnnounced.class)).isEmpty();
    }

    @Test
    void theAnswerToAResumeCarriesTheListOfTheGatewayThatAnswers() {
        ResumableSession ticket = r.connect();
        r.b().give(new Input.AnnounceGateways(BACKUPS));
        r.resume(r.b(), ticket);
        assertThat(r.client().events(Event.GatewaysAnnounced.class)).hasSize(1);
        assertThat(r.client().lastTicket()).isNotEqualTo(ticket);
    }

    @Test
    void aProfileThatDoesNotSpeakTheProtocolSendsNoList() {
        r.aSettings.resumption = Suites.RFC_5723;
        r.settings.resumption = Suites.BOTH_PROTOCOLS;
        r.a().give(new Input.AnnounceGateways(BACKUPS));
        r.connect();
        assertThat(r.client().events(Event.GatewaysAnnounced.class)).isEmpty();
    }

    @Test
    void theListTravelsOnlyUnderSk() {
        r.a().give(new Input.AnnounceGateways(BACKUPS));
        r.connect();
        String name = Octets.ofAscii("gw-d.example").hex();
        assertThat(r.world.carried())
                .noneMatch(datagram -> Octets.of(datagram.octets()).hex().contains(name));
    }

    /// In INFORMATIONAL as in IKE_AUTH: with L a list when asked.
    @Test
    void aClientThatAsksInAnExchangeOfItsOwnGetsTheListToo() {
        r.a().give(new Input.AnnounceGateways(BACKUPS));
        InitiatorByHand peer = new InitiatorByHand(r.world, r.a(), 9);
        List<Payload> init = new ArrayList<>(peer.initPayloads());
        init.add(new Payload.VendorId(Octets.ofAscii("postern-failover-1")));
        peer.begin(init);
        peer.request(ExchangeType.IKE_AUTH, 1, peer.authPayloads());

        assertThat(listIn(peer.request(ExchangeType.INFORMATIONAL, 2, List.of(asking(true)))))
                .isNotNull();
        assertThat(listIn(peer.request(ExchangeType.INFORMATIONAL, 3, List.of(asking(false)))))
                .isNull();
    }

    private static Payload asking(boolean forList) {
        return Payload.Notify.of(
                NotifyType.SESSION_RESUMPTION_SUPPORTED,
                new ResumptionFlags(true, forList).encode());
    }

    private static Payload.@Nullable Notify listIn(List<Payload> answer) {
        return Message.findNotify(answer, NotifyType.ALT_GW_LIST);
    }
}
