package dev.postern.gateway.tickets;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Ask;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.ticket.TicketFormat;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/// A session of a client with one Child SA, as a gateway has it sealed.
final class ExampleSession {
    private ExampleSession() {}

    /// @param number tells it from others
    static Session of(String domain, Session.Kind kind, int number) {
        InetAddress inner = InetAddress.ofLiteral("10.9.0.7");
        long now = Instant.now().getEpochSecond();
        byte[] secret = new byte[48];
        secret[0] = (byte) number;
        return new Session(
                kind,
                Octets.ofHex("%032x".formatted(number)),
                0,
                0,
                Identity.fqdn("laptop.example"),
                Identity.fqdn("gw-a.example"),
                Identity.fqdn("laptop.example"),
                SuiteNames.ikeSuite("aes256gcm16-prfsha384-x25519").toProposal(1),
                SecretBytes.owning(secret),
                kind == Session.Kind.RFC_5723 ? Octets.EMPTY : Octets.of(new byte[48]),
                List.of(
                        new SessionChildSa(
                                SuiteNames.espSuite("aes256gcm16").toProposal(1, Octets.EMPTY),
                                List.of(TrafficSelector.host(inner)),
                                List.of(TrafficSelector.host(inner)),
                                false,
                                true)),
                List.of(
                        new ConfigurationAttribute(
                                ConfigurationAttribute.INTERNAL_IP4_ADDRESS,
                                Octets.of(inner.getAddress()))),
                Payload.Authentication.SHARED_KEY,
                now,
                now,
                now + 3_600,
                0,
                "staff",
                domain,
                Session.Extension.FAILOVER_VENDOR_ID,
                Octets.EMPTY,
                List.of(),
                List.of());
    }

    /// A session of the domain `example`.
    static Session of(int number) {
        return of("example", Session.Kind.ONE_ROUND_TRIP, number);
    }

    static Ask.SealTicket toSeal(Session session) {
        return new Ask.SealTicket(SecretBytes.owning(TicketFormat.encode(session)), session.kind());
    }

    static Ask.OpenTicket toOpen(Octets ticket) {
        return new Ask.OpenTicket(ticket, Session.Kind.ONE_ROUND_TRIP);
    }
}
