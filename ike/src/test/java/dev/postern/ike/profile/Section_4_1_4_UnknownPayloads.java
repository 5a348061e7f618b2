package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a gateway of a later version has added to a session is in every ticket after it, though the
/// gateways that issue them do not know what it is (failover profile, "The ticket").
class Section_4_1_4_UnknownPayloads {
    private static final Payload.Unknown LATER =
            new Payload.Unknown(222, false, Octets.ofAscii("of a later version"));
    private final Resumption r = new Resumption(73);

    private ResumableSession last = new Resumption(74).connect();

    /// Another ticket has come, and they are in it.
    private void assertKept() {
        ResumableSession ticket = r.client().lastTicket();
        assertThat(ticket.ticket()).isNotEqualTo(last.ticket());
        assertThat(Sessions.opened(ticket).unknownPayloads()).containsExactly(LATER);
        last = ticket;
    }

    @ParameterizedTest
    @EnumSource
    void resumesAndRekeyingsCopyThemOn(Session.Kind kind) {
        ResumableSession first = r.connect(kind);
        Session extended = Sessions.withUnknown(Sessions.opened(first), LATER);
        r.resume(r.b(), Sessions.sealed(first, extended));
        assertKept();

        long handle = r.resume(r.a(), last);
        assertKept();

        r.client().give(new Input.RekeyIkeSa(handle));
        r.world.settle();
        assertThat(r.client().events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertKept();
    }
}
