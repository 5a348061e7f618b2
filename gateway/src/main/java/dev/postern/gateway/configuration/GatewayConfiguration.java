package dev.postern.gateway.configuration;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.tickets.TicketServicePlaces;
import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.PpkPolicy;
import dev.postern.ike.RedirectPolicy;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.ServedTickets;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All that a gateway is told. Immutable; there is none that has not been checked.
///
/// @param file where it was read from
/// @param identity IDr
/// @param member 0 to 255, unique in the secure domain: the first octet of every explicit IV
/// @param tgsKeys null only where no profile resumes, or a ticket service has the keys
/// @param ticketService where the keys are that this gateway does not hold; null for nowhere
/// @param radius null where no RADIUS server is asked
/// @param leaseFile where it keeps whose each inner address is; null for memory alone
/// @param crashSecrets from which it shows that it has lost an IKE SA, the newest first; empty for
///   never
/// @param status where /metrics, /livez and /readyz are served over HTTP; null for nowhere
/// @param admin how an operator talks to it while it runs
/// @param backups where its clients may go when it is gone
/// @param cluster the gateways that it shares its state with; null for a gateway of its own
/// @param redirects when new clients are sent to the backups
/// @param standby the addresses that it shares with the other members; null for none
/// @param warnings what is legal but deserves a loud word at the start
public record GatewayConfiguration(
        Path file,
        Identity identity,
        String secureDomain,
        int member,
        @Nullable TgsKeys tgsKeys,
        @Nullable TicketServicePlaces ticketService,
        Listen listen,
        Inside inside,
        ReturnPath returnPath,
        List<Pool> pools,
        List<Group> groups,
        List<Profile> profiles,
        @Nullable Radius radius,
        EndpointConfiguration.Limits limits,
        KeptSessions keptSessions,
        @Nullable Path leaseFile,
        List<SecretBytes> crashSecrets,
        NetworkPolicy network,
        Log log,
        @Nullable InetSocketAddress status,
        Admin admin,
        AlternativeGateways backups,
        @Nullable ClusterSettings cluster,
        RedirectPolicy redirects,
        @Nullable StandbySettings standby,
        List<Problem> warnings) {
    public GatewayConfiguration {
        pools = List.copyOf(pools);
        groups = List.copyOf(groups);
        profiles = List.copyOf(profiles);
        crashSecrets = List.copyOf(crashSecrets);
        warnings = List.copyOf(warnings);
    }

    /// Reads a file and the files it names.
    public static GatewayConfiguration read(Path file) throws ConfigurationException {
        return parse(file, TomlDocument.textOf(file), Instant.now());
    }

    /// Reads `text` as the contents of `file`, beside which the files that it names are looked for.
    ///
    /// @param now keys that have expired at this instant do not count
    public static GatewayConfiguration parse(Path file, String text, Instant now)
            throws ConfigurationException {
        Report report = new Report();
        Section top = TomlDocument.parse(report, file, text, GatewayKeys.TOP);
        GatewayConfiguration configuration = new GatewayReader(report, top, now).read();
        report.throwIfAny();
        return configuration;
    }

    /// Whether any profile keeps sessions for its clients.
    public boolean keepsSessions() {
        return profiles.stream().anyMatch(profile -> profile.resumption().storesAnything());
    }

    /// What its endpoint is told.
    ///
    /// @param epoch the takeover epoch of this member, 0 to 65535
    public EndpointConfiguration endpoint(int epoch) {
        TicketSealer none = ticketService == null ? null : new ServedTickets();
        return endpoint(epoch, tgsKeys == null ? none : new SealedTickets(tgsKeys.ring()));
    }

    /// The same with another sealer of tickets, such as one whose keys rotate.
    public EndpointConfiguration endpoint(int epoch, @Nullable TicketSealer tickets) {
        List<PeerGroup> peerGroups = groups.stream().map(Group::peerGroup).toList();
        return EndpointConfiguration.builder(identity, secureDomain, new IvPrefix(member, epoch))
                .profiles(
                        profiles.stream()
                                .map(profile -> profile.responderProfile(peerGroups))
                                .toList())
                .tickets(tickets)
                .limits(limits)
                .logsKeys(log.keyDirectory() != null)
                .network(network)
                .standby(
                        standby == null
                                ? StandbyPolicy.DEFAULT
                                : StandbyPolicy.DEFAULT.protecting(
                                        standby.profiles(), standby.shared()))
                .secrets(secrets())
                .build();
    }

    private EndpointSecrets secrets() {
        Map<String, PpkPolicy> ppks = new HashMap<>();
        for (Profile profile : profiles) {
            if (profile.ppk() != null) {
                ppks.put(profile.name(), profile.ppk());
            }
        }
        return new EndpointSecrets(crashSecrets, ppks);
    }

    /// How long a ticket of any profile is good at most.
    public long longestTicketLifetimeSeconds() {
        return profiles.stream()
                .mapToLong(profile -> profile.resumption().longestTicketLifetimeSeconds())
                .max()
                .orElse(0);
    }

    /// @throws IllegalArgumentException where there is no such pool; profiles name only pools that
    ///   there are
    public Pool pool(String name) {
        return pools.stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no pool " + name));
    }
}
