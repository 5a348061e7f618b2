package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.configuration.ClientConfiguration.Gateway;
import dev.postern.gateway.configuration.ClientConfiguration.Retry;
import dev.postern.gateway.configuration.ClientKeys.InsideMode;
import dev.postern.ike.ChildMode;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LivenessPolicy;
import dev.postern.net.Prefix;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// From the tables of a client's file to its record, with what holds between keys.
final class ClientReader {
    private final Report report;
    private final Section top;
    private final Instant now;

    ClientReader(Report report, Section top, Instant now) {
        this.report = report;
        this.top = top;
        this.now = now;
    }

    ClientConfiguration read() {
        ChildMode mode = top.get(SharedKeys.MODE);
        boolean tunnel = mode == ChildMode.TUNNEL;
        List<Prefix> remote = remoteSubnets(tunnel);
        boolean requestsAddress = top.get(ClientKeys.REQUEST_ADDRESS) && tunnel;
        Section liveness = top.single(ClientKeys.LIVENESS);
        Section retransmission = top.single(ClientKeys.RETRANSMISSION);
        List<Gateway> gateways = ListedGateways.read(top);
        Identity identity = top.get(SharedKeys.IDENTITY);
        @Nullable CertificateSettings certificates =
                CertificateReader.ofClient(
                        top, top.sound(SharedKeys.IDENTITY) ? identity : null, now);
        @Nullable SecretBytes key = key();
        List<String> names =
                gateways.stream().map(gateway -> gateway.identity().toString()).toList();
        LifePolicy life = LifeKeys.read(top.single(LifeKeys.LIFE));
        List<ChildSettings> further = ChildTable.read(top, mode, requestsAddress, life.childSa());
        List<Prefix> reached = ClientConfiguration.reached(remote, further);
        ClientInside inside = inside(top.single(ClientKeys.INSIDE), reached);
        return new ClientConfiguration(
                top.file(),
                identity,
                key,
                EapReader.ofClient(top, identity.toString(), names, key, now),
                certificates,
                PpkTable.ofClient(top),
                top.get(SharedKeys.SECURE_DOMAIN),
                gateways,
                DiscoveryKeys.read(top),
                top.get(SharedKeys.IKE_SUITES),
                top.get(SharedKeys.ESP_SUITES),
                mode,
                requestsAddress,
                tunnel ? localSubnets(requestsAddress) : List.of(),
                remote,
                further,
                inside,
                ResumptionReader.ofClient(top),
                ticket(top.single(ClientKeys.TICKET)),
                top.single(ClientKeys.RESUMPTION).get(ResumptionKeys.AHEAD),
                new LivenessPolicy(
                        liveness.get(SharedKeys.IDLE).toNanos(),
                        ClientKeys.LIVENESS_SCHEDULE.read(retransmission),
                        true),
                life,
                liveness.get(ClientKeys.TRAFFIC_SILENCE),
                ClientKeys.EXCHANGE_SCHEDULE.read(retransmission),
                ClientKeys.RESUME_SCHEDULE.read(retransmission),
                retry(top.single(ClientKeys.RETRY)),
                RedirectKeys.ofClient(top),
                CalmKeys.read(top),
                top.single(SwitchKeys.CLIENT).get(SwitchKeys.ALLOW),
                AuxiliaryKeys.read(top),
                top.single(ClientKeys.ADMIN).optional(ClientKeys.ADMIN_SOCKET),
                HostKeys.read(top, inside, !reached.isEmpty()),
                NetworkTable.read(top),
                LogReader.read(top),
                report.warnings());
    }

    /// Needed where one of the two sides has nothing else to prove itself by; without EAP the key
    /// of a client with certificates on both sides would never be looked at.
    private @Nullable SecretBytes key() {
        Section certificates = top.single(CertificateKeys.CLIENT);
        boolean own = CertificateReader.hasOwn(certificates);
        boolean trusts = certificates.has(CertificateKeys.TRUST);
        boolean eap = EapReader.isIn(top);
        if (trusts && (own || eap)) {
            @Nullable SecretBytes key = PskReader.optional(top);
            if (key != null) {
                top.place(PskReader.present(top))
                        .contradicts(
                                "means nothing where "
                                        + (eap ? "EAP proves us" : "a certificate proves us")
                                        + " and certificates.trust the gateway; legal without");
            }
            return null;
        }
        return eap ? PskReader.optional(top) : PskReader.read(top);
    }

    private List<Prefix> remoteSubnets(boolean tunnel) {
        @Nullable List<Prefix> subnets = top.optional(ClientKeys.REMOTE_SUBNETS);
        if (tunnel && !top.has(ClientKeys.REMOTE_SUBNETS)) {
            top.missing(ClientKeys.REMOTE_SUBNETS);
        }
        for (Key<?> key :
                List.of(
                        ClientKeys.REQUEST_ADDRESS,
                        ClientKeys.LOCAL_SUBNETS,
                        ClientKeys.REMOTE_SUBNETS)) {
            if (!tunnel && top.has(key)) {
                top.place(key)
                        .contradicts(
                                "means nothing with mode = \"transport\", which is between this"
                                    + " host and its gateway; legal with mode = \"tunnel\" only");
            }
        }
        return subnets == null ? List.of() : subnets;
    }

    private List<Prefix> localSubnets(boolean requestsAddress) {
        @Nullable List<Prefix> subnets = top.optional(ClientKeys.LOCAL_SUBNETS);
        if (top.sound(ClientKeys.REQUEST_ADDRESS)) {
            if (requestsAddress && top.has(ClientKeys.LOCAL_SUBNETS)) {
                top.place(ClientKeys.LOCAL_SUBNETS)
                        .contradicts(
                                "means nothing with request-address = true; legal with"
                                        + " request-address = false only");
            } else if (!requestsAddress && !top.has(ClientKeys.LOCAL_SUBNETS)) {
                top.missing(ClientKeys.LOCAL_SUBNETS, "missing with request-address = false");
            }
        }
        return subnets == null ? List.of() : subnets;
    }

    private static @Nullable Path hook(Section section) {
        @Nullable Path hook = section.optional(ClientKeys.HOOK);
        if (hook == null) {
            return null;
        }
        if (!Files.isRegularFile(hook) || !Files.isExecutable(hook)) {
            section.place(ClientKeys.HOOK)
                    .contradicts("is no program; legal is the path of an executable file");
        }
        return hook.toAbsolutePath();
    }

    private ClientInside inside(Section section, List<Prefix> remote) {
        InsideMode mode = section.get(ClientKeys.INSIDE_MODE);
        String device = section.get(ClientKeys.TUN);
        int mtu = section.get(ClientKeys.MTU);
        boolean clampsTcp = section.get(ClientKeys.CLAMP_MSS);
        boolean copiesDscp = section.get(SharedKeys.COPY_DSCP);
        boolean routes = section.get(ClientKeys.ROUTES);
        @Nullable Path hook = hook(section);
        List<String> dnssecDomains = section.get(ClientKeys.DNSSEC_DOMAINS);
        ClientInside.Protocol protocol = section.get(ClientKeys.PROBE_PROTOCOL);
        @Nullable InetAddress target = section.optional(ClientKeys.PROBE_TARGET);
        int port = section.get(ClientKeys.PROBE_PORT);
        Duration interval = section.get(ClientKeys.PROBE_INTERVAL);
        int size = section.get(ClientKeys.PROBE_SIZE);
        Modes modes = new Modes(section, ClientKeys.INSIDE_MODE, mode);
        modes.reserve(
                InsideMode.TUN,
                ClientKeys.TUN,
                ClientKeys.MTU,
                ClientKeys.CLAMP_MSS,
                SharedKeys.COPY_DSCP,
                ClientKeys.ROUTES,
                ClientKeys.HOOK,
                ClientKeys.DNSSEC_DOMAINS);
        modes.reserve(
                InsideMode.PROBE,
                ClientKeys.PROBE_PROTOCOL,
                ClientKeys.PROBE_TARGET,
                ClientKeys.PROBE_PORT,
                ClientKeys.PROBE_INTERVAL,
                ClientKeys.PROBE_SIZE);
        modes.demand(InsideMode.PROBE, ClientKeys.PROBE_TARGET);
        if (mode == InsideMode.PROBE && top.get(SharedKeys.MODE) == ChildMode.TRANSPORT) {
            section.place(ClientKeys.INSIDE_MODE)
                    .contradicts("is not for mode = \"transport\"; legal is \"tun\"");
        }
        if (target != null
                && top.sound(ClientKeys.REMOTE_SUBNETS)
                && remote.stream().noneMatch(each -> AddressRange.of(each).contains(target))) {
            section.place(ClientKeys.PROBE_TARGET)
                    .contradicts(
                            "is not within remote-subnets; legal is an address that is reached"
                                    + " through the tunnel");
        }
        return switch (mode) {
            case TUN ->
                    new ClientInside.Tun(
                            device, mtu, clampsTcp, copiesDscp, routes, hook, dnssecDomains);
            case PROBE ->
                    new ClientInside.Probe(
                            protocol,
                            target == null ? ClientKeys.PROBE_TARGET.standIn() : target,
                            port,
                            interval,
                            size);
        };
    }

    private static @Nullable KeptTicket ticket(Section section) {
        @Nullable Path file = WrittenFile.read(section, ClientKeys.TICKET_FILE);
        @Nullable Path key = WrittenFile.read(section, ClientKeys.TICKET_KEY);
        if (file == null) {
            if (key != null) {
                section.place(ClientKeys.TICKET_KEY)
                        .contradicts("needs file; without it no ticket is kept");
            }
            return null;
        }
        Path beside = file.resolveSibling(file.getFileName() + ".key");
        if (file.equals(key)) {
            section.place(ClientKeys.TICKET_KEY)
                    .contradicts("is the ticket's own file; legal is another one");
        }
        return new KeptTicket(file, key == null ? beside : key);
    }

    private static Retry retry(Section section) {
        Duration first = section.get(ClientKeys.RETRY_FIRST);
        Duration maximum = section.get(ClientKeys.RETRY_MAXIMUM);
        if (section.sound(ClientKeys.RETRY_FIRST, ClientKeys.RETRY_MAXIMUM)
                && maximum.compareTo(first) < 0) {
            section.place(ClientKeys.RETRY_MAXIMUM)
                    .contradicts(
                            "is shorter than first; legal is "
                                    + Durations.text(first)
                                    + " or longer");
        }
        return new Retry(first, maximum, section.get(ClientKeys.RACE_AFTER));
    }
}
