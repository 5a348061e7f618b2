package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// Parking on the wire, and what a gateway holds of parked sessions: nothing.
class ParkedSessionsTest {
    private static final int SESSIONS = 1_000;

    private final Resumption r = new Resumption(71);

    @Test
    void bothForgetTheIkeSaInOneExchangeAndTheTicketIsGood() {
        ResumableSession ticket = r.connect();
        int before = r.world.carried().size();

        r.client().give(new Input.Park(1));
        r.world.settle();

        assertThat(r.world.carried()).hasSize(before + 2);
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.PARKED);
        assertThat(r.a().lastClosed().reason()).isEqualTo(CloseReason.PARKED);
        assertThat(r.client().installed()).isEmpty();
        assertThat(r.a().installed()).isEmpty();
        r.resume(r.b(), ticket);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aClientWhoseWordIsLostParksAllTheSame() {
        r.connect();
        r.world.setFate(_ -> Fate.lost());
        r.client().give(new Input.Park(1));
        r.world.advance(Duration.ofSeconds(30));
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.PARKED);
        assertThat(r.client().endpoint().size()).isZero();
    }

    @Test
    void parkingKeepsTheRecordOfASessionByReference() {
        Stateful s = new Stateful(72);
        ResumableSession session = s.connect();
        s.r.client().give(new Input.Park(1));
        s.r.world.settle();
        assertThat(s.store.records().fetch(new SessionReference(session.ticket()), 0)).isNotNull();
        assertThat(s.r.a().endpoint().size()).isZero();
        s.r.resume(s.r.b(), session);
        assertTunnel(s.r.client(), s.r.b());
    }

    @Test
    void anOperatorParksThePeerThatHeNames() {
        r.connect();
        Input.ParkPeer order = new Input.ParkPeer(Identity.fqdn("c07.example"));
        Input.ParkPeer other = new Input.ParkPeer(Identity.fqdn("c08.example"));
        assertThat(r.a().endpoint().meant(other)).isZero();
        assertThat(r.a().endpoint().meant(order)).isEqualTo(1);
        r.a().give(other);
        r.world.settle();
        assertThat(r.a().endpoint().size()).as("somebody else").isEqualTo(1);

        r.a().give(order);
        assertThat(r.a().endpoint().meant(order)).as("what has been told to rest").isZero();
        r.world.settle();

        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.PARKED);
        assertThat(r.a().endpoint().size()).isZero();
        r.resume(r.b(), r.client().lastTicket());
        assertTunnel(r.client(), r.b());
    }

    @Test
    void orTheIkeSaWhoseSpiHeReadsInTheLogEitherSides() {
        for (boolean initiators : new boolean[] {true, false}) {
            r.connect();
            Header header = r.world.carried().getLast().header();
            Input.ParkSpi order = new Input.ParkSpi(initiators ? header.spiI() : header.spiR());
            assertThat(r.a().endpoint().meant(order)).isEqualTo(1);
            r.a().give(order);
            r.world.settle();
            assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.PARKED);
            assertThat(r.a().endpoint().size()).isZero();
        }
    }

    @Test
    void aPeerThatDoesNotSpeakTheProfileIsNotParked() {
        new InitiatorByHand(r.world, r.a(), 1).establish();
        Input.ParkPeer order = new Input.ParkPeer(Identity.fqdn("c07.example"));
        r.a().give(order);
        r.world.settle();
        assertThat(r.a().endpoint().size()).isEqualTo(1);
        assertThat(r.a().endpoint().meant(order)).as("meant, and not parked").isEqualTo(1);
        assertThat(r.a().count(Counter.SESSIONS_PARKED)).isZero();
    }

    /// The endpoint holds no IKE SA, no timer and no half-open state of any of them.
    @Test
    void parkedSessionsCostNoSaMemory() {
        for (int i = 0; i < SESSIONS; i++) {
            r.connect();
            r.client().give(new Input.Park(i + 1L));
            r.world.settle();
            assertThat(r.a().endpoint().size()).isZero();
        }
        assertThat(r.a().endpoint().halfOpen() + r.a().endpoint().provisional()).isZero();
        assertThat(r.a().endpoint().nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(r.a().count(Counter.SESSIONS_PARKED)).isEqualTo(SESSIONS);
    }
}
