package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.Event.RedirectStage;
import dev.postern.ike.RedirectPolicy;
import dev.postern.ike.failover.RedirectAllowance;
import dev.postern.ike.failover.RedirectAllowance.Targets;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/// Redirection (RFC 5685): what a gateway's file and what a client's file say of it.
final class RedirectKeys {
    /// Words of a gateway's `redirect.stage`.
    enum Stage {
        IKE_SA_INIT,
        IKE_AUTH
    }

    static final Key<Integer> FULL_AT =
            optional(
                    "full-at",
                    BasicTypes.integer(1, 10_000_000),
                    "50000",
                    "Sessions from which on new clients are sent to the backups, by their weights"
                        + " and by how full those of our cluster are; one that is lost, full or"
                        + " being emptied gets nobody, and where all are this gateway serves them."
                        + " Missing: never; `postern ctl drain` redirects anyhow.");
    static final Key<Stage> STAGE =
            defaulted(
                    "stage",
                    BasicTypes.choice(Stage.values()),
                    "\"ike-sa-init\"",
                    "Where a full gateway says so: before anything is computed, or in IKE_AUTH"
                            + " when both peers are proven.");
    static final Shape GATEWAY =
            Shape.single(
                    "redirect",
                    "When new clients are sent to other gateways (RFC 5685).",
                    List.of(FULL_AT, STAGE));

    static final Key<Targets> TARGETS =
            defaulted(
                    "targets",
                    BasicTypes.choice(Targets.values()),
                    "\"proven\"",
                    "Where a gateway may send us: nowhere, to gateways of this file and of our"
                            + " gateway's list, to names in `domain` also, or anywhere. Whoever"
                            + " answers there has to prove one of the identities of this file.");
    static final Key<String> DOMAIN =
            optional(
                    "domain",
                    NetworkTypes.host(),
                    "\"vpn.example\"",
                    "With targets = \"domain\", the domain that a gateway's name must be in;"
                            + " required then.");
    static final Key<Integer> MAXIMUM =
            defaulted(
                    "maximum",
                    BasicTypes.integer(1, 100),
                    "5",
                    "Redirections that are followed within `period`; more are a loop.");
    static final Key<Duration> PERIOD =
            defaulted("period", Durations.between("1s", "1h"), "\"5m\"", "See `maximum`.");
    static final Shape CLIENT =
            Shape.single(
                    "redirect",
                    "Where gateways may send us (RFC 5685).",
                    List.of(TARGETS, DOMAIN, MAXIMUM, PERIOD));

    private RedirectKeys() {}

    static RedirectPolicy ofGateway(Section top, AlternativeGateways backups) {
        Section section = top.single(GATEWAY);
        @Nullable Integer fullAt = section.optional(FULL_AT);
        if (fullAt != null && backups.backups().isEmpty() && section.sound(FULL_AT)) {
            section.place(FULL_AT)
                    .contradicts("has nobody to send clients to; legal with tables [[backup]]");
        }
        return new RedirectPolicy(
                false,
                fullAt == null ? RedirectPolicy.NEVER_FULL : fullAt,
                switch (section.get(STAGE)) {
                    case IKE_SA_INIT -> RedirectStage.IKE_SA_INIT;
                    case IKE_AUTH -> RedirectStage.IKE_AUTH;
                },
                backups);
    }

    static RedirectAllowance ofClient(Section top) {
        Section section = top.single(CLIENT);
        Targets targets = section.get(TARGETS);
        @Nullable String domain = section.optional(DOMAIN);
        Modes modes = new Modes(section, TARGETS, targets);
        modes.reserve(Targets.DOMAIN, DOMAIN);
        modes.demand(Targets.DOMAIN, DOMAIN);
        return new RedirectAllowance(
                targets,
                domain == null ? "" : domain,
                section.get(MAXIMUM),
                section.get(PERIOD).toNanos());
    }
}
