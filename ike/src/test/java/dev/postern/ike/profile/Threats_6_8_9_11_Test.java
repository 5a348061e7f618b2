package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.PpkPolicy;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Suites;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.Session;
import dev.postern.wire.Identity;
import dev.postern.wire.Payload;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A ticket that opens, whose session this gateway must not carry on all the same: by the numbers
/// of docs/vulnerabilities.md, over both protocols. Issued by gw-a, presented to gw-b.
class Threats_6_8_9_11_Test {
    private static final Identity CLIENT = Identity.fqdn("c07.example");
    private final Resumption r = new Resumption(57);

    private void revoke(Revocation revocation) {
        r.b().give(new Input.Revoke(revocation));
    }

    private long instant() {
        return r.world.now().epochSeconds();
    }

    private void assertRefused(ResumableSession ticket, Counter counter) {
        r.resume(r.b(), ticket);
        assertThat(r.b().count(counter)).isEqualTo(1);
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().installed()).isEmpty();
        // In clear text a refusal is a hint, and the client waits for a better answer.
        r.world.advance(Duration.ofMillis(181));
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
    }

    @ParameterizedTest
    @EnumSource
    void whereNothingHasChangedTheTicketIsGood(Session.Kind kind) {
        ResumableSession ticket = r.connect(kind);
        r.resume(r.b(), Sessions.sealed(ticket, Sessions.opened(ticket)));
        assertThat(r.b().installed()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void threat06ATicketIsNotGoodBeyondItsHardDeadlineByEitherProtocol(Session.Kind kind) {
        ResumableSession ticket = r.connect(kind);
        Session over = Sessions.withDeadline(Sessions.opened(ticket), instant());
        assertRefused(Sessions.sealed(ticket, over), Counter.REFUSED_TICKET_EXPIRED);
    }

    @ParameterizedTest
    @EnumSource
    void threat08ARevokedSessionIsNotResumedByEitherProtocol(Session.Kind kind) {
        ResumableSession ticket = r.connect(kind);
        revoke(new Revocation.OfSession(Sessions.opened(ticket).sessionId(), instant()));
        assertRefused(ticket, Counter.REFUSED_TICKET_REVOKED);
    }

    @ParameterizedTest
    @EnumSource
    void threat08AUserWhoWasDisabledIsNotResumedByEitherProtocol(Session.Kind kind) {
        ResumableSession ticket = r.connect(kind);
        revoke(new Revocation.OfIdentity(CLIENT, instant()));
        assertRefused(ticket, Counter.REFUSED_TICKET_REVOKED);
    }

    @ParameterizedTest
    @EnumSource
    void threat09ATicketOfOneProfileDoesNotOpenAnother(Session.Kind kind) {
        r.bSettings.profileName = "administrators";
        assertRefused(r.connect(kind), Counter.REFUSED_TICKET_POLICY);
    }

    @ParameterizedTest
    @EnumSource
    void threat09ATicketOfOneDomainDoesNotOpenAnotherUnderTheSameKey(Session.Kind kind) {
        r.bSettings.domain = "tenant-b.example";
        ResumableSession ticket = r.connect(kind);
        r.settings.namedGateway = Resumption.B;
        assertRefused(ticket, Counter.REFUSED_TICKET_POLICY);
    }

    @ParameterizedTest
    @EnumSource
    void threat09AnAuthenticationMethodThatTheProfileDoesNotDemandIsNotEnough(Session.Kind kind) {
        ResumableSession ticket = r.connect(kind);
        Session other =
                Sessions.withMethod(Sessions.opened(ticket), Payload.Authentication.ECDSA_256);
        assertRefused(Sessions.sealed(ticket, other), Counter.REFUSED_TICKET_POLICY);
    }

    @ParameterizedTest
    @EnumSource
    void threat09APeerWhoseKeyTheProfileHasNoMoreIsNotResumed(Session.Kind kind) {
        r.bSettings.keys.remove(CLIENT);
        assertRefused(r.connect(kind), Counter.REFUSED_TICKET_POLICY);
    }

    @ParameterizedTest
    @EnumSource
    void threat09AProtocolThatTheProfileDoesNotSpeakIsRefused(Session.Kind kind) {
        r.bSettings.resumption =
                kind == Session.Kind.RFC_5723 ? Suites.ONE_ROUND_TRIP : Suites.RFC_5723;
        assertRefused(r.connect(kind), Counter.REFUSED_TICKET_POLICY);
    }

    @ParameterizedTest
    @EnumSource
    void threat09ASessionWithoutAPpkIsNotResumedWhereOneIsRequired(Session.Kind kind) {
        PpkPolicy.Ppk key =
                PpkPolicy.Ppk.named(
                        "office", GatewaySettings.key("of thirty-two octets"), List.of());
        r.bSettings.secrets =
                new EndpointSecrets(
                        List.of(),
                        Map.of(r.bSettings.profileName, new PpkPolicy(List.of(key), true)));
        assertRefused(r.connect(kind), Counter.REFUSED_TICKET_POLICY);
    }

    @ParameterizedTest
    @EnumSource
    void threat11AnAlgorithmThatIsNoLongerAllowedIsNotResumed(Session.Kind kind) {
        r.bSettings.ikeSuites = Suites.ike("aes256gcm16-prfsha256-x25519");
        assertRefused(r.connect(kind), Counter.REFUSED_TICKET_POLICY);
    }
}
