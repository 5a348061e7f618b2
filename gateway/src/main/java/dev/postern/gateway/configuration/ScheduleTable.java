package dev.postern.gateway.configuration;

import dev.postern.ike.RetransmissionSchedule;

import java.time.Duration;
import java.util.List;

/// A table that says how a request is sent again (RFC 7296, section 2.4).
record ScheduleTable(
        Shape shape, Key<Duration> firstWait, Key<Double> factor, Key<Integer> transmissions) {

    /// @param firstWaitText default in TOML, as the two others
    static ScheduleTable of(
            String name,
            String meaning,
            String firstWaitText,
            String factorText,
            String transmissionsText) {
        Key<Duration> firstWait =
                Key.defaulted(
                        "first-wait",
                        Durations.between("10ms", "60s"),
                        firstWaitText,
                        "How long an answer may take before the request is sent again.");
        Key<Double> factor =
                Key.defaulted(
                        "factor",
                        BasicTypes.decimal(1, 4),
                        factorText,
                        "How much longer each further wait is.");
        Key<Integer> transmissions =
                Key.defaulted(
                        "transmissions",
                        BasicTypes.integer(1, 20),
                        transmissionsText,
                        "How often the request is sent in all.");
        Shape shape = Shape.single(name, meaning, List.of(firstWait, factor, transmissions));
        return new ScheduleTable(shape, firstWait, factor, transmissions);
    }

    RetransmissionSchedule read(Section parent) {
        Section section = parent.single(shape);
        return new RetransmissionSchedule(
                section.get(firstWait).toNanos(), section.get(factor), section.get(transmissions));
    }
}
