package dev.postern.ike;

import dev.postern.crypto.IvPrefix;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What an endpoint is told at its start.
///
/// @param localIdentity IDr of a gateway; a client names itself per profile
/// @param secureDomain name of the domain whose tickets are accepted
/// @param tickets null where nothing is resumed here
/// @param logsKeys whether [Effect.LogKeys] are produced
/// @param network how the endpoint deals with the network under it
/// @param standby how it takes part in hot standby
/// @param secrets what it keeps secret beside its peers' keys
public record EndpointConfiguration(
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

    /// Begins a configuration.
    public static Builder builder(Identity localIdentity, String secureDomain, IvPrefix ivPrefix) {
        return new Builder(localIdentity, secureDomain, ivPrefix);
    }

    /// Begins one that differs from this one.
    public Builder toBuilder() {
        return new Builder(this);
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

    /// What is not set: an endpoint that answers nobody, with the defaults of all policies.
    public static final class Builder {
        private Identity localIdentity;
        private String secureDomain;
        private IvPrefix ivPrefix;
        private List<ResponderProfile> profiles = List.of();
        private @Nullable TicketSealer tickets;
        private Limits limits = Limits.DEFAULT;
        private boolean logsKeys;
        private NetworkPolicy network = NetworkPolicy.DEFAULT;
        private StandbyPolicy standby = StandbyPolicy.DEFAULT;
        private EndpointSecrets secrets = EndpointSecrets.NONE;

        private Builder(Identity localIdentity, String secureDomain, IvPrefix ivPrefix) {
            this.localIdentity = localIdentity;
            this.secureDomain = secureDomain;
            this.ivPrefix = ivPrefix;
        }

        private Builder(EndpointConfiguration from) {
            localIdentity = from.localIdentity;
            secureDomain = from.secureDomain;
            ivPrefix = from.ivPrefix;
            profiles = from.profiles;
            tickets = from.tickets;
            limits = from.limits;
            logsKeys = from.logsKeys;
            network = from.network;
            standby = from.standby;
            secrets = from.secrets;
        }

        public Builder localIdentity(Identity value) {
            localIdentity = value;
            return this;
        }

        public Builder secureDomain(String value) {
            secureDomain = value;
            return this;
        }

        public Builder ivPrefix(IvPrefix value) {
            ivPrefix = value;
            return this;
        }

        public Builder profiles(List<ResponderProfile> value) {
            profiles = value;
            return this;
        }

        public Builder tickets(@Nullable TicketSealer value) {
            tickets = value;
            return this;
        }

        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        public Builder logsKeys(boolean value) {
            logsKeys = value;
            return this;
        }

        public Builder network(NetworkPolicy value) {
            network = value;
            return this;
        }

        public Builder standby(StandbyPolicy value) {
            standby = value;
            return this;
        }

        public Builder secrets(EndpointSecrets value) {
            secrets = value;
            return this;
        }

        public EndpointConfiguration build() {
            return new EndpointConfiguration(
                    localIdentity,
                    secureDomain,
                    ivPrefix,
                    profiles,
                    tickets,
                    limits,
                    logsKeys,
                    network,
                    standby,
                    secrets);
        }
    }
}
