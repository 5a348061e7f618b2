package dev.postern.cli;

import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.Session;
import dev.postern.ticket.Session.Extension;
import dev.postern.ticket.SessionChildSa;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TicketRefusal;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Octets;
import dev.postern.wire.PrintableText;
import dev.postern.wire.Proposal;
import dev.postern.wire.Transform;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// What a ticket says, in words, and what is the matter with it. Never its secret.
///
/// @param lines what there is to know, one thing a line
/// @param faults why it would be refused; empty where it is good
record TicketExplanation(List<String> lines, List<String> faults) {
    private static final int HEADER_LENGTH = 25;

    static TicketExplanation of(Octets ticket, TgsKeyRing ring, Instant now) {
        List<String> lines = new ArrayList<>();
        TicketExplanation reference = ReferenceExplanation.of(ticket, ring);
        if (reference != null) {
            return reference;
        }
        if (ticket.length() <= HEADER_LENGTH + 16) {
            return new TicketExplanation(
                    lines,
                    List.of(
                            "The ticket is cut off: it has "
                                    + ticket.length()
                                    + " octets, and its fixed parts alone are 41 (TGS-SPI 8,"
                                    + " version 1, salt 16, tag 16)."));
        }
        String spi = HexFormat.of().toHexDigits(ticket.toLong(0));
        lines.add("A ticket of " + ticket.length() + " octets, sealed under TGS key " + spi + ".");
        SealedTickets sealer = new SealedTickets(ring);
        OpenResult first = sealer.open(ticket, Session.Kind.ONE_ROUND_TRIP);
        OpenResult either =
                first instanceof OpenedTicket ? first : sealer.open(ticket, Session.Kind.RFC_5723);
        return switch (either) {
            case OpenedTicket opened -> explained(lines, opened.session(), ring, ticket, now);
            case OpenResult.Refused(TicketRefusal reason) ->
                    new TicketExplanation(lines, List.of(fault(reason, ticket, ring, spi)));
            case OpenResult.Elsewhere _ ->
                    throw new IllegalStateException("a ring opens its tickets itself");
        };
    }

    private static String fault(TicketRefusal reason, Octets ticket, TgsKeyRing ring, String spi) {
        return switch (reason) {
            case MALFORMED ->
                    "It is longer than any ticket: at most "
                            + SealedTickets.MAXIMUM_LENGTH
                            + " octets are accepted.";
            case UNKNOWN_VERSION ->
                    "It is of version "
                            + ticket.at(8)
                            + " of the format; this program reads version 1. Or its first 4 octets"
                            + " are the lifetime that stands before it in the notification: leave"
                            + " them out.";
            case UNKNOWN_KEY ->
                    "The key file has no key "
                            + spi
                            + "; it has "
                            + ring.keys().stream()
                                    .map(key -> HexFormat.of().toHexDigits(key.spi()))
                                    .collect(Collectors.joining(", "))
                            + ". The ticket is another domain's, or older than the oldest key.";
            case NOT_AUTHENTIC ->
                    "The seal does not verify under key "
                            + spi
                            + ": the ticket is cut off or was changed, or it was sealed under"
                            + " another key with the same number.";
            case UNREADABLE ->
                    "The seal verifies, but what is inside is not understood: a member of the"
                            + " domain writes another version of the format.";
        };
    }

    private static TicketExplanation explained(
            List<String> lines, Session session, TgsKeyRing ring, Octets ticket, Instant now) {
        try (var _ = session.secret()) {
            describe(lines, session);
        }
        List<String> faults = new ArrayList<>();
        TgsKey key = ring.find(ticket.toLong(0));
        if (key != null && key.acceptUntil() <= now.getEpochSecond()) {
            faults.add("Its key is no longer accepted since " + time(key.acceptUntil()) + ".");
        }
        if (now.getEpochSecond() >= session.expiresAt()) {
            faults.add(
                    "The ticket has expired: it was good until "
                            + time(session.expiresAt())
                            + ", "
                            + ago(session.expiresAt(), now)
                            + " ago.");
        }
        if (session.hardDeadline() != 0 && now.getEpochSecond() >= session.hardDeadline()) {
            faults.add(
                    "The session's hard deadline has passed: "
                            + time(session.hardDeadline())
                            + ".");
        }
        return new TicketExplanation(lines, faults);
    }

    private static void describe(List<String> lines, Session session) {
        boolean rfc = session.kind() == Session.Kind.RFC_5723;
        lines.add(
                rfc
                        ? "It is for RFC 5723 (exchange 38) and holds SK_d, which is not shown."
                        : "It is for the 1-RTT resume (exchange 240) and holds RS, which is not"
                                + " shown.");
        lines.add(
                "Session "
                        + session.sessionId().hex()
                        + ", generation "
                        + Integer.toUnsignedString(session.generation())
                        + (rfc
                                ? "."
                                : ", gateway switch count "
                                        + session.gatewaySwitchCount()
                                        + " of 15."));
        lines.add("The client is " + session.initiator() + " (IDi).");
        if (!session.authenticatedIdentity().equals(session.initiator())) {
            lines.add("It authenticated as " + session.authenticatedIdentity() + ".");
        }
        lines.add(
                "It proved so on "
                        + time(session.authenticatedAt())
                        + " by "
                        + method(session.authenticationMethod())
                        + ".");
        if (!session.peerCertificate().isEmpty()) {
            lines.add("Its certificate has the SHA-256 " + session.peerCertificate().hex() + ".");
        }
        lines.add(
                "Issued by "
                        + session.responder()
                        + " of the domain "
                        + PrintableText.of(session.domain())
                        + " under the profile "
                        + PrintableText.of(session.profile())
                        + " on "
                        + time(session.issuedAt())
                        + ".");
        lines.add(
                "Good until "
                        + time(session.expiresAt())
                        + (session.hardDeadline() == 0
                                ? ", without a hard deadline."
                                : "; no resume extends the session beyond "
                                        + time(session.hardDeadline())
                                        + "."));
        IkeSuite suite = IkeSuite.ofChosen(session.ikeProposal());
        lines.add("IKE SA: " + (suite == null ? transforms(session.ikeProposal()) : suite) + ".");
        session.childSas().forEach(child -> lines.add(childSa(child, rfc)));
        for (ConfigurationAttribute attribute : session.configuration()) {
            lines.add(TicketAttributes.of(attribute));
        }
        lines.add("Extensions: " + extensions(session) + ".");
        for (Octets attribute : session.aaaAttributes()) {
            lines.add(TicketAttributes.ofRadius(attribute));
        }
        if (!session.unknownPayloads().isEmpty()) {
            lines.add(
                    session.unknownPayloads().size()
                            + " payloads of a newer version, which are copied on.");
        }
    }

    /// A resume by RFC 5723 negotiates its Child SA anew (section 5).
    private static String childSa(SessionChildSa child, boolean rfc) {
        EspSuite suite = EspSuite.ofChosen(child.proposal());
        return "Child SA in "
                + (child.transportMode() ? "transport" : "tunnel")
                + " mode, "
                + (suite == null ? transforms(child.proposal()) : suite)
                + ", "
                + list(child.initiatorSelectors())
                + " to "
                + list(child.responderSelectors())
                + (rfc
                        ? "; a resume negotiates its own."
                        : child.isDefault()
                                ? "; the resume itself restores it."
                                : "; the client sets it up again after the resume.");
    }

    private static String transforms(Proposal proposal) {
        return proposal.transforms().stream()
                .map(TicketExplanation::transform)
                .collect(Collectors.joining(" + "));
    }

    private static String transform(Transform transform) {
        return "transform " + transform.type() + "/" + transform.id() + keyLength(transform);
    }

    private static String keyLength(Transform transform) {
        return transform.keyLength() == 0 ? "" : " (" + transform.keyLength() + " bits)";
    }

    private static String list(List<?> selectors) {
        return selectors.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String extensions(Session session) {
        List<String> names = new ArrayList<>();
        addIf(names, session, Extension.FAILOVER_VENDOR_ID, "postern-failover-1");
        addIf(names, session, Extension.MOBIKE, "MOBIKE");
        addIf(names, session, Extension.FRAGMENTATION, "fragmentation");
        addIf(names, session, Extension.REDIRECT, "redirect");
        addIf(names, session, Extension.MESSAGE_ID_SYNC, "message ID sync");
        addIf(names, session, Extension.REPLAY_COUNTER_SYNC, "replay counter sync");
        addIf(names, session, Extension.PPK, "a post-quantum pre-shared key");
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private static void addIf(List<String> names, Session session, int extension, String name) {
        if (session.has(extension)) {
            names.add(name);
        }
    }

    private static String method(int method) {
        return switch (method) {
            case 0 -> "EAP without a key";
            case 1 -> "an RSA signature";
            case 2 -> "a shared key";
            case 9, 10, 11 -> "an ECDSA signature";
            case 14 -> "a digital signature";
            case 201 -> "EAP";
            default -> "AUTH method " + method;
        };
    }

    private static String time(long seconds) {
        return Instant.ofEpochSecond(seconds).toString();
    }

    private static String ago(long seconds, Instant now) {
        Duration passed = Duration.ofSeconds(now.getEpochSecond() - seconds);
        if (passed.toDays() > 1) {
            return passed.toDays() + " days";
        }
        return passed.toMinutes() > 1 ? passed.toMinutes() + " minutes" : passed.toSeconds() + " s";
    }
}
