package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;

import dev.postern.ike.failover.CalmPolicy;

import java.time.Duration;
import java.util.List;

/// What a client's file says of how often it moves.
final class CalmKeys {
    static final Key<Duration> DWELL =
            defaulted(
                    "dwell",
                    Durations.between("0s", "10m"),
                    "\"1s\"",
                    "How long we stay at a gateway before we leave it for another one; twice as"
                            + " long after each move that comes before four times that have"
                            + " passed.");
    static final Key<Duration> LONGEST_DWELL =
            defaulted(
                    "longest-dwell",
                    Durations.between("0s", "1h"),
                    "\"5m\"",
                    "The longest that it becomes.");
    static final Key<Integer> MOVES_PER_HOUR =
            defaulted(
                    "moves-per-hour",
                    BasicTypes.integer(1, 3_600),
                    "20",
                    "How often we move within an hour, whoever or whatever drives us. A command is"
                            + " carried out nevertheless, and does not count.");
    static final Key<Integer> RESUMES_PER_GATEWAY =
            defaulted(
                    "resumes-per-gateway",
                    BasicTypes.integer(1, 3_600),
                    "10",
                    "How often we resume at one gateway within an hour before it is asked for a"
                            + " full exchange.");
    static final Key<Duration> RETURN_AFTER =
            defaulted(
                    "return-after",
                    Durations.betweenOrNever("1s", "24h"),
                    "\"never\"",
                    "How long after we had to leave the first gateway it is tried again, by a"
                        + " resume, while the other one serves us; each vain try doubles it, up to"
                        + " sixteen times.");
    static final Shape CLIENT =
            Shape.single(
                    "calm",
                    "How often we move from gateway to gateway at most.",
                    List.of(
                            DWELL,
                            LONGEST_DWELL,
                            MOVES_PER_HOUR,
                            RESUMES_PER_GATEWAY,
                            RETURN_AFTER));

    private CalmKeys() {}

    static CalmPolicy read(Section top) {
        Section section = top.single(CLIENT);
        Duration dwell = section.get(DWELL);
        Duration longest = section.get(LONGEST_DWELL);
        if (section.sound(DWELL, LONGEST_DWELL) && longest.compareTo(dwell) < 0) {
            section.place(LONGEST_DWELL)
                    .contradicts(
                            "is shorter than dwell; legal is "
                                    + Durations.text(dwell)
                                    + " or longer");
            longest = dwell;
        }
        return new CalmPolicy(
                dwell.toNanos(),
                longest.toNanos(),
                section.get(MOVES_PER_HOUR),
                section.get(RESUMES_PER_GATEWAY),
                section.get(RETURN_AFTER).toNanos());
    }
}
