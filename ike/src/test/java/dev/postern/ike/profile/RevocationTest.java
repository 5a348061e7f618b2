package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Identity;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// Failover profile, "Revocation": checked before a resume is answered, and what lives is deleted.
class RevocationTest {
    private static final Identity CLIENT = Identity.fqdn("c07.example");
    private final Resumption r = new Resumption(31);

    private long instant() {
        return r.world.now().epochSeconds();
    }

    private void assertNackUnderSk(ResumableSession ticket, int number) {
        assertThat(r.byHand(ticket, number).answer(r.world, r.b()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Payload.Notify.class,
                        notify -> assertThat(notify.is(NotifyType.TICKET_NACK)).isTrue());
        assertThat(r.b().count(Counter.REFUSED_TICKET_REVOKED)).isEqualTo(number);
    }

    @Test
    void aRevokedSessionGetsTicketNackUnderSk() {
        ResumableSession ticket = r.connect();
        r.b().give(
                        new Input.Revoke(
                                new Revocation.OfSession(
                                        Sessions.opened(ticket).sessionId(), instant())));
        assertNackUnderSk(ticket, 1);
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void aRevokedIdentityGetsTicketNackUnderSk() {
        ResumableSession ticket = r.connect();
        r.b().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));
        assertNackUnderSk(ticket, 1);
    }

    @Test
    void everythingIssuedBeforeAnInstantGetsTicketNackUnderSk() {
        ResumableSession ticket = r.connect();
        r.b().give(new Input.Revoke(new Revocation.OfEverything(instant())));
        assertNackUnderSk(ticket, 1);
    }

    @Test
    void anotherIdentityIsNotConcerned() {
        ResumableSession ticket = r.connect();
        r.b().give(
                        new Input.Revoke(
                                new Revocation.OfIdentity(
                                        Identity.fqdn("c08.example"), instant())));
        r.resume(r.b(), ticket);
        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void aTicketThatDoesNotProveItsHolderIsNotToldOfTheRevocation() {
        ResumableSession ticket = r.connect();
        r.b().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));
        byte[] request = r.byHand(ticket, 1).encode();
        request[request.length - 1] ^= 1;
        assertThat(r.byHand(ticket, 1).send(r.world, r.b(), request)).isEmpty();
        assertThat(r.b().count(Counter.REFUSED_TICKET_REVOKED)).isZero();
    }

    @Test
    void aLiveIkeSaOfARevokedSessionIsDeletedAndTheClientLearnsIt() {
        r.connect();
        r.a().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));
        r.world.settle();
        assertThat(r.a().endpoint().size()).isZero();
        assertThat(r.a().installed()).isEmpty();
        assertThat(r.client().lastClosed().reason()).isEqualTo(Event.CloseReason.DELETED_BY_PEER);
        assertThat(r.a().count(Counter.REVOKED_SESSIONS)).isEqualTo(1);
    }

    @Test
    void aProvisionalIkeSaOfARevokedSessionEndsInSilence() {
        ResumableSession ticket = r.connect();
        assertThat(r.byHand(ticket, 1).answer(r.world, r.b())).isNotEmpty();
        assertThat(r.b().endpoint().provisional()).isEqualTo(1);
        int before = r.world.carried().size();
        r.b().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));
        r.world.settle();
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().endpoint().provisional()).isZero();
        assertThat(r.world.carried()).hasSize(before);
    }

    @Test
    void aResumeThatRestsWhileItsSessionIsRevokedIsJudgedAnew() {
        ResumableSession ticket = r.connect();
        r.b().pool().fallSilent();
        r.begin(r.b(), ticket);
        r.world.settle();
        assertThat(r.b().endpoint().provisional()).isEqualTo(1);
        r.b().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));
        assertThat(r.b().endpoint().size()).isZero();
        r.world.advance(Duration.ofSeconds(5));
        assertThat(r.b().count(Counter.REFUSED_TICKET_REVOKED)).isEqualTo(1);
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void whoAuthenticatesInFullAfterwardsMayResumeAgain() {
        r.connect();
        r.a().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));
        r.b().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));
        r.world.advance(Duration.ofSeconds(61));
        ResumableSession later = r.connect();
        r.resume(r.b(), later);
        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void anRfc5723TicketOfARevokedSessionGetsTicketNack() {
        r.settings.resumption = Suites.RFC_5723;
        ResumableSession ticket = r.connect();
        r.b().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));
        r.resume(r.b(), ticket);
        assertThat(r.b().count(Counter.REFUSED_TICKET_REVOKED)).isEqualTo(1);
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void aRevocationBetweenTheTwoExchangesOfRfc5723EndsTheHalfOpenIkeSa() {
        r.settings.resumption = Suites.RFC_5723;
        ResumableSession ticket = r.connect();
        r.world.setFate(datagram ->
                datagram.message().header().exchange().code() == 35
                        ? Fate.lost()
                        : Fate.delivered());
        r.resume(r.b(), ticket);
        assertThat(r.b().endpoint().halfOpen()).isEqualTo(1);
        r.b().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));
        assertThat(r.b().endpoint().size()).isZero();
    }

    /// The request has proven its sender already; its answer waits for an address.
    @Test
    void aRevocationWhileAnIkeAuthOfRfc5723RestsIsHeeded() {
        r.settings.resumption = Suites.RFC_5723;
        ResumableSession ticket = r.connect();
        r.b().pool().fallSilent();
        r.begin(r.b(), ticket);
        r.world.settle();
        Effect.Raise lease = lastQuestionOf(r.b());
        r.b().give(new Input.Revoke(new Revocation.OfIdentity(CLIENT, instant())));

        r.b().give(new Input.Answered(lease.askId(), requireNonNull(r.b().answerTo(lease.ask()))));
        r.world.settle();

        assertThat(r.b().count(Counter.REFUSED_TICKET_REVOKED)).isEqualTo(1);
        assertThat(r.b().count(Counter.ESTABLISHED_RESUMED_RFC_5723)).isZero();
        assertThat(r.b().installed()).isEmpty();
        assertThat(r.client().lastClosed().reason())
                .isEqualTo(Event.CloseReason.AUTHENTICATION_FAILED);
    }

    private static Effect.Raise lastQuestionOf(Node gateway) {
        return gateway.effects().stream()
                .filter(Effect.Raise.class::isInstance)
                .map(Effect.Raise.class::cast)
                .reduce((_, later) -> later)
                .orElseThrow();
    }
}
