package dev.postern.ticket;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The lifetimes of the tickets that are still about: the one that tickets get now, and longer ones
/// that they got before, each until the last ticket of it has ended. A revocation has to be kept as
/// long as the longest of them, whatever the configuration says today. As text a line each:
///
///     604800 2026-02-07T12:00:00Z
///     3600
///
/// @param before seconds, longer than the present one, and when the last such ticket ends
public record TicketLifetimes(long present, List<Ending> before) {
    private static final String PREAMBLE =
            "# Lifetimes of tickets, and when the last of an earlier one ends. Kept by the"
                    + " gateway.\n";

    /// @param end seconds since 1970 UTC
    public record Ending(long seconds, long end) {}

    public TicketLifetimes {
        before = List.copyOf(before);
    }

    public static TicketLifetimes of(long seconds) {
        return new TicketLifetimes(seconds, List.of());
    }

    /// From now on tickets get this lifetime. Tickets of the one before may have been issued up to
    /// this instant.
    public TicketLifetimes then(long seconds, long now) {
        List<Ending> endings = new ArrayList<>();
        for (Ending each : before) {
            if (each.seconds() > seconds && each.end() > now) {
                endings.add(each);
            }
        }
        if (present > seconds) {
            endings.removeIf(each -> each.seconds() == present);
            endings.add(new Ending(present, now + present));
        }
        return new TicketLifetimes(seconds, endings);
    }

    /// The longest lifetime of a ticket that may be about.
    public long longest() {
        return before.stream().mapToLong(Ending::seconds).reduce(present, Math::max);
    }

    public String write() {
        StringBuilder text = new StringBuilder(PREAMBLE);
        for (Ending each : before) {
            text.append(each.seconds())
                    .append(' ')
                    .append(Instant.ofEpochSecond(each.end()))
                    .append('\n');
        }
        return text.append(present).append('\n').toString();
    }

    /// Null where the text is none that [#write] has written.
    public static @Nullable TicketLifetimes parse(String text) {
        List<Ending> endings = new ArrayList<>();
        long present = -1;
        try {
            for (String line : text.lines().map(String::strip).toList()) {
                if (line.isEmpty() || line.charAt(0) == '#') {
                    continue;
                }
                int space = line.indexOf(' ');
                long seconds = Long.parseLong(space < 0 ? line : line.substring(0, space));
                if (present != -1 || seconds < 0) {
                    return null;
                }
                if (space < 0) {
                    present = seconds;
                } else {
                    Instant end = Instant.parse(line.substring(space + 1));
                    endings.add(new Ending(seconds, end.getEpochSecond()));
                }
            }
        } catch (DateTimeException | NumberFormatException unreadable) {
            return null;
        }
        return present == -1 ? null : new TicketLifetimes(present, endings);
    }
}
