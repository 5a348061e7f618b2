package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.failover.KeptSession;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.Session;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TicketFormat;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What a client presents as its ticket, what a store hands out as a record, and what an operator
/// hands out as keys.
final class TicketFuzz {
    static final TgsKeyRing RING =
            TgsKeyRing.of(
                    List.of(
                            new TgsKey(
                                    0x0102_0304_0506_0708L,
                                    SecretBytes.owning(secret()),
                                    0,
                                    TgsKey.UNLIMITED)));

    /// Only who holds the key makes a ticket: of all octets that a fuzzer finds those open that
    /// were sealed, and no others.
    @FuzzTest
    void aTicket(byte[] octets) {
        SealedTickets tickets = new SealedTickets(RING);
        for (Session.Kind kind : Session.Kind.values()) {
            if (!(tickets.open(Octets.of(octets), kind) instanceof OpenResult.Refused)) {
                assertThat(octets).isEqualTo(asSealed("aTicket"));
            }
        }
    }

    /// The chain inside a ticket and in a store. The first octet names the kind.
    @FuzzTest
    void aSessionRecord(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Session.Kind kind = input[0] % 2 == 0 ? Session.Kind.ONE_ROUND_TRIP : Session.Kind.RFC_5723;
        byte[] chain = Arrays.copyOfRange(input, 1, input.length);
        Session session;
        try {
            session = TicketFormat.decode(Octets.of(chain), kind);
        } catch (MalformedException e) {
            return;
        }
        byte[] encoded = TicketFormat.encode(session);
        try {
            // Once through the codec the form is canonical.
            Session again = TicketFormat.decode(Octets.of(encoded.clone()), kind);
            assertThat(TicketFormat.encode(again)).isEqualTo(encoded);
        } catch (MalformedException e) {
            throw new AssertionError("a session that was decoded does not decode again", e);
        }
    }

    /// What a client finds in its file when it starts: only what it sealed itself opens.
    @FuzzTest
    void aKeptSession(byte[] octets) {
        if (KeptSession.open(octets, RING.issuingAt(0).secret())
                instanceof KeptSession.Opened.Valid) {
            assertThat(octets).isEqualTo(asSealed("aKeptSession"));
        }
    }

    @FuzzTest
    void aKeyFile(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        switch (TgsKeyFile.parse(text)) {
            case TgsKeyFile.Parsed.Valid valid ->
                    assertThat(TgsKeyFile.parse(TgsKeyFile.write(valid.ring())))
                            .isInstanceOf(TgsKeyFile.Parsed.Valid.class);
            case TgsKeyFile.Parsed.Invalid invalid -> assertThat(invalid.faults()).isNotEmpty();
        }
    }

    /// The one record that this ring's key ever sealed for a target.
    static byte[] asSealed(String target) {
        return LastBit.turnedBack(TicketFuzz.class, target, "changed");
    }

    private static byte[] secret() {
        byte[] secret = new byte[TgsKey.SECRET_LENGTH];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (7 * i + 1);
        }
        return secret;
    }
}
