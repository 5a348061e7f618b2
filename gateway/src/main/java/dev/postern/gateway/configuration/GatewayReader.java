package dev.postern.gateway.configuration;

import dev.postern.gateway.configuration.InsideKeys.InsideMode;
import dev.postern.gateway.configuration.InsideKeys.ReturnPathMode;
import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.ChildMode;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// From the tables of a gateway's file to its record, with what holds between keys.
final class GatewayReader {
    private final Report report;
    private final Section top;
    private final Instant now;

    GatewayReader(Report report, Section top, Instant now) {
        this.report = report;
        this.top = top;
        this.now = now;
    }

    GatewayConfiguration read() {
        List<Pool> pools = PoolReader.readAll(top);
        Identity identity = top.get(SharedKeys.IDENTITY);
        List<Profile> profiles =
                new ProfileReader(
                                report,
                                pools,
                                top.sound(SharedKeys.IDENTITY) ? identity : null,
                                now)
                        .readAll(top);
        List<Group> groups = GroupReader.readAll(top, pools);
        Inside inside = inside(top.single(InsideKeys.INSIDE));
        AlternativeGateways backups = BackupReader.readAll(top);
        checkTransport(profiles, groups, inside);
        Listen listen = listen(top.single(GatewayKeys.LISTEN));
        ClusterSettings cluster =
                ClusterReader.read(
                        top,
                        pools,
                        WrittenFile.read(top.single(ClusterKeys.CLUSTER), ClusterKeys.STATE),
                        now);
        return new GatewayConfiguration(
                top.file(),
                identity,
                top.get(SharedKeys.SECURE_DOMAIN),
                top.get(GatewayKeys.MEMBER),
                tgsKeys(profiles),
                TicketServiceReader.ofGateway(top, profiles, now),
                listen,
                inside,
                returnPath(top.single(InsideKeys.RETURN_PATH), inside),
                pools,
                groups,
                profiles,
                radius(profiles),
                limits(top.single(GatewayKeys.LIMITS)),
                keptSessions(top.single(GatewayKeys.SESSION_STORE)),
                WrittenFile.read(top.single(GatewayKeys.LEASES), GatewayKeys.LEASE_FILE),
                CrashDetectionTable.read(top),
                NetworkTable.read(top),
                LogReader.read(top),
                top.single(GatewayKeys.STATUS).optional(GatewayKeys.STATUS_ADDRESS),
                admin(top.single(GatewayKeys.ADMIN)),
                backups,
                cluster,
                RedirectKeys.ofGateway(top, backups),
                StandbyReader.read(top, cluster, listen, profiles),
                report.warnings());
    }

    /// The kernel's own packets are what transport mode carries.
    private void checkTransport(List<Profile> profiles, List<Group> groups, Inside inside) {
        for (Profile profile : profiles) {
            if (profile.mode() == ChildMode.TRANSPORT && !(inside instanceof Inside.Tun)) {
                top.missing(
                        "inside.mode: profile "
                                + profile.name()
                                + " has mode = \"transport\", which needs a TUN device; legal is"
                                + " \"tun\"");
            }
        }
        for (Group group : groups) {
            if (group.terms().mode() == ChildMode.TRANSPORT && !(inside instanceof Inside.Tun)) {
                top.missing(
                        "inside.mode: group "
                                + group.name()
                                + " has mode = \"transport\", which needs a TUN device; legal is"
                                + " \"tun\"");
            }
        }
    }

    private @Nullable Radius radius(List<Profile> profiles) {
        Radius radius = RadiusReader.read(top, top.get(SharedKeys.IDENTITY).toString());
        if (radius == null) {
            profiles.stream()
                    .filter(Profile::asksRadius)
                    .findFirst()
                    .ifPresent(profile ->
                            top.missing(
                                    "radius: missing, profile "
                                            + profile.name()
                                            + " asks its servers; legal is a table [radius] with"
                                            + " a table [[radius.server]] for each"));
        }
        return radius;
    }

    private static Admin admin(Section section) {
        return new Admin(
                section.optional(GatewayKeys.ADMIN_SOCKET),
                section.optional(GatewayKeys.ADMIN_REVOCATIONS));
    }

    private @Nullable TgsKeys tgsKeys(List<Profile> profiles) {
        Path file = top.optional(GatewayKeys.TGS_KEYS);
        if (file != null) {
            return TgsKeyReader.read(file, top.place(GatewayKeys.TGS_KEYS), now);
        }
        if (!top.has(GatewayKeys.TGS_KEYS) && !TicketServiceReader.isIn(top)) {
            profiles.stream()
                    .filter(Profile::resumes)
                    .findFirst()
                    .ifPresent(profile ->
                            top.missing(
                                    GatewayKeys.TGS_KEYS,
                                    "missing, profile "
                                            + profile.name()
                                            + " needs it for its tickets and there is no"
                                            + " default key; make one with postern"
                                            + " tgs-key --append tgs.keys"));
        }
        return null;
    }

    private static Listen listen(Section section) {
        List<InetAddress> addresses = section.get(GatewayKeys.LISTEN_ADDRESSES);
        int ikePort = section.get(GatewayKeys.IKE_PORT);
        int natPort = section.get(GatewayKeys.NAT_PORT);
        if (section.sound(GatewayKeys.IKE_PORT, GatewayKeys.NAT_PORT) && ikePort == natPort) {
            section.place(GatewayKeys.NAT_PORT)
                    .contradicts(
                            "is also ike-port; legal are two different ports, or ike-port = 0");
        }
        for (InetAddress wildcard : addresses) {
            boolean covers =
                    addresses.stream()
                            .anyMatch(other ->
                                    !other.equals(wildcard)
                                            && other.getAddress().length
                                                    == wildcard.getAddress().length);
            if (wildcard.isAnyLocalAddress() && covers) {
                section.place(GatewayKeys.LISTEN_ADDRESSES)
                        .contradicts(
                                wildcard.getHostAddress()
                                        + " covers the other addresses of its family; legal is it"
                                        + " alone, or they alone");
            }
        }
        return new Listen(addresses, ikePort, natPort);
    }

    private static Inside inside(Section section) {
        InsideMode mode = section.get(InsideKeys.INSIDE_MODE);
        String device = section.get(InsideKeys.TUN);
        int mtu = section.get(InsideKeys.MTU);
        boolean clampsTcp = section.get(InsideKeys.CLAMP_MSS);
        boolean copiesDscp = section.get(SharedKeys.COPY_DSCP);
        var tunAddresses = section.get(InsideKeys.TUN_ADDRESSES);
        List<InetAddress> addresses = section.optional(InsideKeys.ENDPOINT_ADDRESSES);
        int udpPort = section.get(InsideKeys.ENDPOINT_UDP_PORT);
        Modes modes = new Modes(section, InsideKeys.INSIDE_MODE, mode);
        modes.reserve(
                InsideMode.TUN,
                InsideKeys.TUN,
                InsideKeys.MTU,
                InsideKeys.CLAMP_MSS,
                SharedKeys.COPY_DSCP,
                InsideKeys.TUN_ADDRESSES);
        modes.reserve(
                InsideMode.ENDPOINT, InsideKeys.ENDPOINT_ADDRESSES, InsideKeys.ENDPOINT_UDP_PORT);
        modes.demand(InsideMode.ENDPOINT, InsideKeys.ENDPOINT_ADDRESSES);
        return switch (mode) {
            case TUN -> new Inside.Tun(device, mtu, clampsTcp, copiesDscp, tunAddresses);
            case ENDPOINT ->
                    new Inside.Endpoint(addresses == null ? List.of() : addresses, udpPort);
        };
    }

    private static ReturnPath returnPath(Section section, Inside inside) {
        ReturnPathMode written = section.optional(InsideKeys.RETURN_PATH_MODE);
        boolean tun = inside instanceof Inside.Tun;
        ReturnPathMode mode =
                written != null ? written : tun ? ReturnPathMode.ROUTE : ReturnPathMode.NONE;
        String device = section.optional(InsideKeys.RETURN_PATH_DEVICE);
        boolean announce = section.get(InsideKeys.RETURN_PATH_ANNOUNCE);
        Path hook = section.optional(InsideKeys.RETURN_PATH_HOOK);
        Modes modes = new Modes(section, InsideKeys.RETURN_PATH_MODE, mode);
        modes.reserve(
                ReturnPathMode.PROXY_NEIGHBOUR,
                InsideKeys.RETURN_PATH_DEVICE,
                InsideKeys.RETURN_PATH_ANNOUNCE);
        modes.reserve(ReturnPathMode.HOOK, InsideKeys.RETURN_PATH_HOOK);
        modes.demand(ReturnPathMode.PROXY_NEIGHBOUR, InsideKeys.RETURN_PATH_DEVICE);
        modes.demand(ReturnPathMode.HOOK, InsideKeys.RETURN_PATH_HOOK);
        if (!tun && mode != ReturnPathMode.NONE) {
            section.place(InsideKeys.RETURN_PATH_MODE)
                    .contradicts(
                            "needs a TUN device; with inside.mode = \"endpoint\" legal is"
                                    + " \"none\"");
        }
        return switch (mode) {
            case PROXY_NEIGHBOUR ->
                    new ReturnPath.ProxyNeighbour(device == null ? "" : device, announce);
            case ROUTE -> new ReturnPath.Route();
            case HOOK -> new ReturnPath.Hook(program(section, hook));
            case NONE -> new ReturnPath.None();
        };
    }

    private static Path program(Section section, @Nullable Path hook) {
        if (hook == null) {
            return InsideKeys.RETURN_PATH_HOOK.standIn();
        }
        if (!Files.isRegularFile(hook) || !Files.isExecutable(hook)) {
            section.place(InsideKeys.RETURN_PATH_HOOK)
                    .contradicts("is no program; legal is the path of an executable file");
        }
        return hook.toAbsolutePath();
    }

    private static KeptSessions keptSessions(Section section) {
        Path file = WrittenFile.read(section, GatewayKeys.SESSION_FILE);
        if (section.get(GatewayKeys.SESSION_SYNC) && !section.has(GatewayKeys.SESSION_FILE)) {
            section.place(GatewayKeys.SESSION_SYNC)
                    .contradicts("needs file; sessions in memory are never on the disk");
        }
        return new KeptSessions(
                file,
                section.get(GatewayKeys.SESSION_RECORDS),
                section.get(GatewayKeys.SESSION_SYNC));
    }

    private static EndpointConfiguration.Limits limits(Section section) {
        return new EndpointConfiguration.Limits(
                section.get(GatewayKeys.COOKIE_THRESHOLD),
                section.get(GatewayKeys.HALF_OPEN_LIMIT),
                section.get(GatewayKeys.HALF_OPEN_LIFETIME).toNanos(),
                section.get(GatewayKeys.PROVISIONAL_LIMIT),
                section.get(GatewayKeys.PROVISIONAL_PER_SESSION),
                section.get(GatewayKeys.PROVISIONAL_LIFETIME).toNanos());
    }
}
