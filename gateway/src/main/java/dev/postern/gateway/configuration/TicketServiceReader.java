package dev.postern.gateway.configuration;

import dev.postern.gateway.eap.TlsIdentity;
import dev.postern.gateway.tickets.TicketServicePlaces;
import dev.postern.ike.ResumptionPolicy.TicketStorage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Reads what a gateway is told of its ticket service, and the service's own file. Null comes back
/// where there is none, or after its faults were told.
final class TicketServiceReader {
    private static final List<Key<?>> NEEDED =
            List.of(
                    TicketServiceKeys.NAMES,
                    TicketServiceKeys.CERTIFICATE,
                    TicketServiceKeys.PRIVATE_KEY,
                    TicketServiceKeys.TRUST);

    private TicketServiceReader() {}

    /// Whether a gateway's file speaks of a ticket service.
    static boolean isIn(Section top) {
        Section section = top.single(TicketServiceKeys.GATEWAY);
        return TicketServiceKeys.GATEWAY.keys().stream().anyMatch(section::has);
    }

    static @Nullable TicketServicePlaces ofGateway(
            Section top, List<Profile> profiles, Instant now) {
        if (!isIn(top)) {
            return null;
        }
        Section section = top.single(TicketServiceKeys.GATEWAY);
        if (!section.has(TicketServiceKeys.ADDRESSES)) {
            section.missing(TicketServiceKeys.ADDRESSES);
        }
        for (Key<?> needed : NEEDED) {
            if (!section.has(needed)) {
                section.missing(needed);
            }
        }
        if (top.has(GatewayKeys.TGS_KEYS)) {
            top.place(GatewayKeys.TGS_KEYS)
                    .contradicts(
                            "stands beside the table [ticket-service]; legal is one of the two:"
                                    + " keys, or a service that has them");
        }
        profiles.stream()
                .filter(profile -> profile.resumption().storage() != TicketStorage.BY_VALUE)
                .findFirst()
                .ifPresent(profile ->
                        section.place(TicketServiceKeys.ADDRESSES)
                                .contradicts(
                                        "profile "
                                                + profile.name()
                                                + " keeps sessions by reference, and their records"
                                                + " are sealed with tgs-keys; legal with a ticket"
                                                + " service is resumption.storage ="
                                                + " \"by-value\""));
        List<InetSocketAddress> addresses = section.optional(TicketServiceKeys.ADDRESSES);
        List<String> names = section.optional(TicketServiceKeys.NAMES);
        TlsIdentity identity =
                TlsIdentityReader.read(
                        section,
                        TicketServiceKeys.CERTIFICATE,
                        TicketServiceKeys.PRIVATE_KEY,
                        TicketServiceKeys.TRUST,
                        names == null ? List.of() : names,
                        now);
        return addresses == null || identity == null
                ? null
                : new TicketServicePlaces(
                        addresses, identity, section.get(TicketServiceKeys.DEADLINE));
    }

    static @Nullable TicketServiceConfiguration ofService(Section top, Instant now) {
        Path keyFile = top.get(TicketServiceFileKeys.TGS_KEYS);
        TgsKeys keys =
                top.has(TicketServiceFileKeys.TGS_KEYS)
                        ? TgsKeyReader.read(keyFile, top.place(TicketServiceFileKeys.TGS_KEYS), now)
                        : null;
        top.get(TicketServiceFileKeys.CERTIFICATE);
        top.get(TicketServiceFileKeys.PRIVATE_KEY);
        top.get(TicketServiceFileKeys.TRUST);
        TlsIdentity identity =
                TlsIdentityReader.read(
                        top,
                        TicketServiceFileKeys.CERTIFICATE,
                        TicketServiceFileKeys.PRIVATE_KEY,
                        TicketServiceFileKeys.TRUST,
                        List.of(),
                        now);
        String domain = top.get(SharedKeys.SECURE_DOMAIN);
        List<InetSocketAddress> listen = top.get(TicketServiceFileKeys.LISTEN);
        List<String> gateways = top.get(TicketServiceFileKeys.GATEWAYS);
        Section log = top.single(SharedKeys.LOG);
        Section admin = top.single(GatewayKeys.ADMIN);
        Log written = new Log(log.get(SharedKeys.LOG_LEVEL), log.get(SharedKeys.LOG_FORMAT), null);
        Admin operator =
                new Admin(
                        admin.optional(GatewayKeys.ADMIN_SOCKET),
                        admin.optional(GatewayKeys.ADMIN_REVOCATIONS));
        return keys == null || identity == null
                ? null
                : new TicketServiceConfiguration(
                        top.file(),
                        domain,
                        listen,
                        keys,
                        gateways,
                        identity,
                        top.get(TicketServiceFileKeys.TICKET_LIFETIME),
                        top.get(TicketServiceFileKeys.AUDIT_EVERY),
                        written,
                        operator);
    }
}
