package dev.postern.ike;

import dev.postern.crypto.IvPrefix;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What an endpoint is told at its start.
///
/// @param shard 0 to 255, the most significant octet of every SPI that this endpoint chooses
/// @param localIdentity IDr of a gateway; a client names itself per profile
/// @param secureDomain name of the domain whose tickets are accepted
/// @param tickets null where nothing is resumed here
/// @param logsKeys whether [Effect.LogKeys] are produced
/// @param network how the endpoint deals with the network under it
/// @param standby how it takes part in hot standby
/// @param secrets what it keeps secret beside its peers' keys
public record EndpointConfiguration(
        int shard,
        Identity localIdentity,
        String secureDomain,
        IvPrefix ivPrefix,
        List<ResponderProfile> profiles,
        @Nullable TicketSealer tickets,
        Limits limits,
        boolean logsKeys,
        NetworkPolicy network,
        StandbyPolicy standby,
        EndpointSecrets secrets) {

    /// With the defaults of the policies and [EndpointSecrets#NONE].
    public EndpointConfiguration(
            int shard,
            Identity localIdentity,
            String secureDomain,
            IvPrefix ivPrefix,
            List<ResponderProfile> profiles,
            @Nullable TicketSealer tickets,
            Limits limits,
            boolean logsKeys) {
        this(
                shard,
                localIdentity,
                secureDomain,
                ivPrefix,
                profiles,
                tickets,
                limits,
                logsKeys,
                NetworkPolicy.DEFAULT,
                StandbyPolicy.DEFAULT,
                EndpointSecrets.NONE);
    }

    /// With [StandbyPolicy#DEFAULT] and [EndpointSecrets#NONE].
    public EndpointConfiguration(
            int shard,
            Identity localIdentity,
            String secureDomain,
            IvPrefix ivPrefix,
            List<ResponderProfile> profiles,
            @Nullable TicketSealer tickets,
            Limits limits,
            boolean logsKeys,
            NetworkPolicy network) {
        this(
                shard,
                localIdentity,
                secureDomain,
                ivPrefix,
                profiles,
                tickets,
                limits,
                logsKeys,
                network,
                StandbyPolicy.DEFAULT,
                EndpointSecrets.NONE);
    }

    public EndpointConfiguration withNetwork(NetworkPolicy other) {
        return new EndpointConfiguration(
                shard,
                localIdentity,
                secureDomain,
                ivPrefix,
                profiles,
                tickets,
                limits,
                logsKeys,
                other,
                standby,
                secrets);
    }

    public EndpointConfiguration withStandby(StandbyPolicy other) {
        return new EndpointConfiguration(
                shard,
                localIdentity,
                secureDomain,
                ivPrefix,
                profiles,
                tickets,
                limits,
                logsKeys,
                network,
                other,
                secrets);
    }

    public EndpointConfiguration withSecrets(EndpointSecrets others) {
        return new EndpointConfiguration(
                shard,
                localIdentity,
                secureDomain,
                ivPrefix,
                profiles,
                tickets,
                limits,
                logsKeys,
                network,
                standby,
                others);
    }

    /// Bounds on what strangers can make us keep.
    ///
    /// @param cookieThreshold half-open IKE SAs from which on a COOKIE must come back first (RFC
    ///   7296 section 2.6)
    /// @param halfOpenLimit half-open IKE SAs that are kept at most
    /// @param halfOpenLifetimeNanos how long an unauthenticated IKE SA waits for IKE_AUTH
    /// @param provisionalLimit provisional IKE SAs that are kept at most
    /// @param provisionalPerSession copies of one session that may be provisional at a time
    /// @param provisionalLifetimeNanos how long a resumed IKE SA waits for its peer's confirmation
    public record Limits(
            int cookieThreshold,
            int halfOpenLimit,
            long halfOpenLifetimeNanos,
            int provisionalLimit,
            int provisionalPerSession,
            long provisionalLifetimeNanos) {
        public static final Limits DEFAULT =
                new Limits(
                        1_000,
                        20_000,
                        30 * Now.NANOS_PER_SECOND,
                        50_000,
                        4,
                        30 * Now.NANOS_PER_SECOND);
    }

    public EndpointConfiguration {
        profiles = List.copyOf(profiles);
    }

    /// How long a ticket of any profile is good at most.
    public long longestTicketLifetimeSeconds() {
        return profiles.stream()
                .mapToLong(profile -> profile.resumption().longestTicketLifetimeSeconds())
                .max()
                .orElse(0);
    }

    public @Nullable ResponderProfile profile(String name) {
        for (ResponderProfile profile : profiles) {
            if (profile.name().equals(name)) {
                return profile;
            }
        }
        return null;
    }
}
