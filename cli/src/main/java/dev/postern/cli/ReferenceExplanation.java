package dev.postern.cli;

import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.List;

/// What there is to say of a ticket by reference: it names a record that the gateways keep, and has
/// nothing of the session inside.
final class ReferenceExplanation {
    private static final int RFC_5723_LENGTH = 41;
    private static final int VERSION_OFFSET = 8;
    private static final int VERSION = 2;

    private ReferenceExplanation() {}

    /// Null where it is none.
    static @Nullable TicketExplanation of(Octets ticket, TgsKeyRing ring) {
        if (ticket.length() == SessionReference.LENGTH) {
            return new TicketExplanation(
                    List.of(
                            "A reference of the 1-RTT resume: the IKE SPI pair "
                                    + HexFormat.of().toHexDigits(ticket.toLong(0))
                                    + ", "
                                    + HexFormat.of().toHexDigits(ticket.toLong(8))
                                    + ". The session itself is in the gateways' store."),
                    List.of());
        }
        if (ticket.length() != RFC_5723_LENGTH || ticket.at(VERSION_OFFSET) != VERSION) {
            return null;
        }
        String spi = HexFormat.of().toHexDigits(ticket.toLong(0));
        SessionReference record = new SealedTickets(ring).openReference(ticket);
        if (record != null) {
            return new TicketExplanation(
                    List.of(
                            "A ticket by reference for RFC 5723 (exchange 38), made under TGS key "
                                    + spi
                                    + ". It names the record "
                                    + record
                                    + "; the session itself is in the gateways' store."),
                    List.of());
        }
        return new TicketExplanation(
                List.of(),
                List.of(
                        ring.find(ticket.toLong(0)) == null
                                ? "It looks like a ticket by reference, and the key file has no key"
                                        + " "
                                        + spi
                                        + ", under which it would have been made."
                                : "It looks like a ticket by reference, and its tag does not verify"
                                        + " under key "
                                        + spi
                                        + ": it was changed, or made under another key with the"
                                        + " same number."));
    }
}
