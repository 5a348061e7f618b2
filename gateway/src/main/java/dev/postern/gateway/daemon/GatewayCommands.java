package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.IdentityText;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.RevocationText;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/// What an operator can tell a running gateway.
final class GatewayCommands implements AdminServer.Commands {
    static final String REVOKE_USAGE =
            "wanted is: revoke session HEX | revoke identity NAME | revoke certificate SHA256 |"
                    + " revoke before TIME | revoke list";

    private final RevocationList revocations;
    private final @Nullable TgsKeyWatch keys;
    private final @Nullable ClusterSeat cluster;
    private final @Nullable Drainage drainage;
    private final Clock clock;
    private final @Nullable ParkingOrder parking;
    private final @Nullable AddressOrder addresses;

    GatewayCommands(
            RevocationList revocations,
            @Nullable TgsKeyWatch keys,
            @Nullable ClusterSeat cluster,
            @Nullable Drainage drainage,
            @Nullable ParkingOrder parking,
            @Nullable AddressOrder addresses,
            Clock clock) {
        this.addresses = addresses;
        this.parking = parking;
        this.cluster = cluster;
        this.drainage = drainage;
        this.revocations = revocations;
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public List<String> run(List<String> words) throws AdminException {
        return switch (words.getFirst()) {
            case "revoke" -> revoke(words);
            case "revocations" ->
                    RevocationText.write(revocations.entries())
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .toList();
            case "reload" -> reload();
            case "park" -> park(words);
            case "advertise" -> {
                if (addresses == null) {
                    throw new AdminException("there are no clients here that could be told");
                }
                yield addresses.carryOut(words.subList(1, words.size()));
            }
            case "members" -> cluster().members(words.contains("json"));
            case "standby" -> cluster().standby(words.contains("json"));
            case "fence" -> {
                if (words.size() != 2) {
                    throw new AdminException("wanted is: fence NODE, or fence SITE");
                }
                yield cluster().fence(words.get(1));
            }
            case String word when drainage != null && Drainage.knows(word) -> drainage.run(words);
            default ->
                    throw new AdminException(
                            "there is no command \""
                                    + words.getFirst()
                                    + "\"; legal are revoke, revocations, reload, park, advertise,"
                                    + " members, standby, fence, drain, drain-status, undrain");
        };
    }

    private List<String> park(List<String> words) throws AdminException {
        if (words.size() != 2) {
            throw new AdminException("wanted is: park IDENTITY | park SPI");
        }
        if (parking == null) {
            throw new AdminException("there are no sessions here that could rest");
        }
        return parking.carryOut(words.get(1));
    }

    private ClusterSeat cluster() throws AdminException {
        if (cluster == null) {
            throw new AdminException(
                    "this gateway is in no cluster; a table [cluster] in its file puts it in one");
        }
        return cluster;
    }

    private List<String> revoke(List<String> words) throws AdminException {
        if (words.size() != 3) {
            throw new AdminException(REVOKE_USAGE);
        }
        Revocation revocation = revocation(words.get(1), words.get(2));
        try {
            revocations.revoke(revocation);
        } catch (IOException e) {
            throw new AdminException(
                    "it is revoked until the gateway restarts, but could not be written down: "
                            + e.getMessage());
        }
        return List.of("revoked " + words.get(1) + " " + words.get(2));
    }

    private Revocation revocation(String subject, String value) throws AdminException {
        Instant now = clock.instant();
        try {
            return switch (subject) {
                case "session" -> new Revocation.OfSession(hex(value, 16), now.getEpochSecond());
                case "identity" ->
                        new Revocation.OfIdentity(IdentityText.parse(value), now.getEpochSecond());
                case "certificate" ->
                        new Revocation.OfCertificate(hex(value, 32), now.getEpochSecond());
                case "before" -> {
                    Instant instant = value.equals("now") ? now : Instant.parse(value);
                    if (instant.isAfter(now)) {
                        throw new AdminException(
                                value
                                        + " is still to come; legal is now or a time that has"
                                        + " passed");
                    }
                    yield new Revocation.OfEverything(instant.getEpochSecond());
                }
                default -> throw new AdminException(REVOKE_USAGE);
            };
        } catch (DateTimeException notATime) {
            throw new AdminException(
                    "\"" + value + "\" is no time; legal is now, or one like 2026-01-31T12:00:00Z");
        } catch (IllegalArgumentException notAnIdentity) {
            throw new AdminException(
                    "\"" + value + "\" is no identity; legal is " + IdentityText.LEGAL);
        }
    }

    private static Octets hex(String value, int length) throws AdminException {
        String digits = value.replace(":", "");
        try {
            if (digits.length() == 2 * length) {
                return Octets.ofHex(digits);
            }
        } catch (IllegalArgumentException notHexadecimal) {
            // told below, with what is legal
        }
        throw new AdminException("\"" + value + "\" is not " + 2 * length + " hexadecimal digits");
    }

    private List<String> reload() throws AdminException {
        if (keys == null) {
            return List.of("there is no key file to read");
        }
        return switch (keys.look(clock.instant(), true)) {
            case TgsKeyWatch.Look.Loaded(int count) -> List.of("TGS keys in the ring: " + count);
            case TgsKeyWatch.Look.Unchanged _ -> List.of("nothing has changed");
            case TgsKeyWatch.Look.Refused(String reason) ->
                    throw new AdminException("the TGS keys before are kept: " + reason);
        };
    }
}
