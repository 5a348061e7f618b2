package dev.postern.ticket;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Revocations as text: what a gateway keeps over a restart, a line each.
///
///     session 8f0d3c5a77e1b2648f0d3c5a77e1b264 2026-01-31T12:00:00Z
///     grant 8f0d3c5a77e1b2648f0d3c5a77e1b264 2026-01-31T12:00:00Z
///     identity 2 616c6963652e6578616d706c65 2026-01-31T12:00:00Z
///     certificate <64 hexadecimal digits> 2026-01-31T12:00:00Z
///     everything 2026-01-31T12:00:00Z
///
/// An identity is its ID type (RFC 7296 section 3.5) and its octets, so that no identity can be
/// mistaken for syntax.
public final class RevocationText {
    private static final String PREAMBLE =
            "# What must not be resumed. Kept by the gateway; `postern revoke` adds to it.\n";

    /// What a text turned out to be.
    public sealed interface Parsed {
        record Valid(List<Revocation> revocations) implements Parsed {
            public Valid {
                revocations = List.copyOf(revocations);
            }
        }

        /// The first line that cannot be read, from 1, and why.
        record Invalid(int line, String message) implements Parsed {}
    }

    private RevocationText() {}

    public static String write(List<Revocation> revocations) {
        StringBuilder text = new StringBuilder(PREAMBLE);
        revocations.forEach(one -> text.append(line(one)).append('\n'));
        return text.toString();
    }

    private static String line(Revocation revocation) {
        String subject =
                switch (revocation) {
                    case Revocation.OfSession one -> "session " + one.sessionId().hex();
                    case Revocation.OfGrant one -> "grant " + one.sessionId().hex();
                    case Revocation.OfIdentity one ->
                            "identity " + one.identity().type() + " " + one.identity().data().hex();
                    case Revocation.OfCertificate one -> "certificate " + one.fingerprint().hex();
                    case Revocation.OfEverything _ -> "everything";
                };
        return subject + " " + Instant.ofEpochSecond(revocation.instant());
    }

    /// The revocations of a text. One bad line makes the whole text invalid: what it revoked is
    /// unknown, so nothing may be resumed by it.
    public static Parsed parse(String text) {
        List<Revocation> revocations = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = line.strip();
            if (content.isEmpty() || content.charAt(0) == '#') {
                continue;
            }
            Revocation revocation = parseLine(content.split("\\s+"));
            if (revocation == null) {
                return new Parsed.Invalid(
                        number,
                        "is no revocation; wanted are session, grant, identity, certificate or"
                            + " everything, what it names in hexadecimal digits, and a time like"
                            + " 2026-01-31T12:00:00Z");
            }
            revocations.add(revocation);
        }
        return new Parsed.Valid(revocations);
    }

    private static @Nullable Revocation parseLine(String[] words) {
        try {
            long instant = Instant.parse(words[words.length - 1]).getEpochSecond();
            return switch (words[0] + " " + words.length) {
                case "session 3" ->
                        words[1].length() == 32
                                ? new Revocation.OfSession(Octets.ofHex(words[1]), instant)
                                : null;
                case "grant 3" ->
                        words[1].length() == 32
                                ? new Revocation.OfGrant(Octets.ofHex(words[1]), instant)
                                : null;
                case "identity 4" ->
                        new Revocation.OfIdentity(
                                new Identity(Integer.parseInt(words[1]), Octets.ofHex(words[2])),
                                instant);
                case "certificate 3" ->
                        words[1].length() == 64
                                ? new Revocation.OfCertificate(Octets.ofHex(words[1]), instant)
                                : null;
                case "everything 2" -> new Revocation.OfEverything(instant);
                default -> null;
            };
        } catch (DateTimeException | IllegalArgumentException unreadable) {
            return null;
        }
    }
}
