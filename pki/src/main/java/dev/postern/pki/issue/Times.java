package dev.postern.pki.issue;

import dev.postern.crypto.Der;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Time of RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime from then on.
final class Times {
    private static final int UTC_TIME = 0x17;
    private static final int LAST_YEAR_OF_UTC_TIME = 2049;
    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'");
    private static final DateTimeFormatter LONG = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'");

    private Times() {}

    static byte[] encoded(Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        boolean isShort = time.getYear() <= LAST_YEAR_OF_UTC_TIME;
        String text = time.format(isShort ? SHORT : LONG);
        return Der.write(
                isShort ? UTC_TIME : Der.GENERALIZED_TIME,
                text.getBytes(StandardCharsets.US_ASCII));
    }
}
