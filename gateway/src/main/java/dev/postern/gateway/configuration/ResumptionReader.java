package dev.postern.gateway.configuration;

import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.ForPeers;
import dev.postern.pki.IdentityPattern;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Reads how sessions survive, of both roles.
final class ResumptionReader {
    private ResumptionReader() {}

    /// Of a profile, with the peers for whom something else holds.
    static ResumptionPolicy ofProfile(Section profile) {
        Section section = profile.single(GatewayKeys.RESUMPTION);
        ResumptionPolicy general =
                new ResumptionPolicy(
                        section.get(SharedKeys.ONE_ROUND_TRIP),
                        section.get(SharedKeys.RFC5723),
                        section.get(ResumptionKeys.LIFETIME_OF_PROFILE).toSeconds(),
                        section.get(SharedKeys.KEY_EXCHANGE),
                        section.get(ResumptionKeys.RFC5723_AUTH_OF_PROFILE),
                        section.get(SharedKeys.STORAGE),
                        section.get(SharedKeys.PARK_AFTER).toNanos());
        List<ForPeers> exceptions = new ArrayList<>();
        for (Section table : profile.repeated(ResumptionKeys.RESUMPTION_FOR)) {
            ResumptionPolicy policy = exception(table, general);
            for (IdentityPattern peers : table.get(ResumptionKeys.PEERS)) {
                exceptions.add(new ForPeers(peers, policy));
            }
        }
        return general.except(exceptions);
    }

    private static ResumptionPolicy exception(Section table, ResumptionPolicy general) {
        @Nullable Duration lifetime = table.optional(ResumptionKeys.TICKET_LIFETIME);
        @Nullable Duration parkAfter = table.optional(ResumptionKeys.PARK_AFTER);
        return new ResumptionPolicy(
                or(table.optional(ResumptionKeys.ONE_ROUND_TRIP), general.oneRoundTrip()),
                or(table.optional(ResumptionKeys.RFC5723), general.rfc5723()),
                lifetime == null ? general.ticketLifetimeSeconds() : lifetime.toSeconds(),
                or(table.optional(ResumptionKeys.KEY_EXCHANGE), general.keyExchange()),
                or(table.optional(ResumptionKeys.RFC5723_AUTH), general.rfc5723Auth()),
                or(table.optional(ResumptionKeys.STORAGE), general.storage()),
                parkAfter == null ? general.parkAfterNanos() : parkAfter.toNanos());
    }

    private static <T> T or(@Nullable T value, T inherited) {
        return value == null ? inherited : value;
    }

    /// Of a client.
    static ResumptionPolicy ofClient(Section top) {
        Section section = top.single(ClientKeys.RESUMPTION);
        return new ResumptionPolicy(
                        section.get(SharedKeys.ONE_ROUND_TRIP),
                        section.get(SharedKeys.RFC5723),
                        0,
                        section.get(SharedKeys.KEY_EXCHANGE),
                        section.get(ClientKeys.RFC5723_AUTH),
                        section.get(SharedKeys.STORAGE),
                        section.get(SharedKeys.PARK_AFTER).toNanos())
                .announcing(section.get(ResumptionKeys.ANNOUNCE));
    }
}
