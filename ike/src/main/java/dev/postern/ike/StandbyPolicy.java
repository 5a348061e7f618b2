package dev.postern.ike;

import java.net.InetAddress;
import java.util.Set;

/// How an endpoint takes part in hot standby (RFC 6311; failover profile, "Hot standby").
///
/// @param messageIdSync whether it speaks Message ID synchronization with peers that do
/// @param replayCounterSync the same for replay counters
/// @param protectedProfiles names of the profiles whose clients a standby carries on with
/// @param sharedAddresses of ours; IKE SAs at other addresses have no standby; empty for all
/// @param syncsPerSecond peers that are told of a takeover in a second, those first that had
///   something to say lately
/// @param rekeysPerSecond Child SAs that are rekeyed in a second after a takeover
public record StandbyPolicy(
        boolean messageIdSync,
        boolean replayCounterSync,
        Set<String> protectedProfiles,
        Set<InetAddress> sharedAddresses,
        int syncsPerSecond,
        int rekeysPerSecond) {
    /// Speaks with clusters, and is none.
    public static final StandbyPolicy DEFAULT =
            new StandbyPolicy(true, true, Set.of(), Set.of(), 5_000, 200);

    public StandbyPolicy {
        protectedProfiles = Set.copyOf(protectedProfiles);
        sharedAddresses = Set.copyOf(sharedAddresses);
        if (syncsPerSecond < 1 || rekeysPerSecond < 1) {
            throw new IllegalArgumentException("a takeover of no session in a second");
        }
    }

    /// The same for a member of a cluster.
    public StandbyPolicy protecting(Set<String> profiles) {
        return protecting(profiles, sharedAddresses);
    }

    /// The same for a member of a cluster that shares these addresses.
    public StandbyPolicy protecting(Set<String> profiles, Set<InetAddress> addresses) {
        return new StandbyPolicy(
                messageIdSync,
                replayCounterSync,
                profiles,
                addresses,
                syncsPerSecond,
                rekeysPerSecond);
    }

    /// Whether a standby carries on with what a client has with us at this address.
    public boolean protects(String profile, InetAddress local) {
        return protectedProfiles.contains(profile) && hands(local);
    }

    /// Whether this address of ours becomes another member's where that takes over.
    public boolean hands(InetAddress local) {
        return isCluster() && (sharedAddresses.isEmpty() || sharedAddresses.contains(local));
    }

    public StandbyPolicy speaking(boolean messageIds, boolean replayCounters) {
        return new StandbyPolicy(
                messageIds,
                replayCounters,
                protectedProfiles,
                sharedAddresses,
                syncsPerSecond,
                rekeysPerSecond);
    }

    /// Whether anything is protected at all.
    public boolean isCluster() {
        return !protectedProfiles.isEmpty();
    }
}
