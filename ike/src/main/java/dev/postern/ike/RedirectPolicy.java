package dev.postern.ike;

import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.Event.RedirectStage;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// When a gateway sends clients elsewhere, and where to (RFC 5685): all that come while it is being
/// emptied, and new ones while it has too many. A client that does not support redirection is
/// served as long as it can be.
///
/// @param draining whether nobody is to stay
/// @param fullAt sessions from which on new clients go elsewhere
/// @param stage in which exchange a full gateway says so: IKE_SA_INIT costs nothing, IKE_AUTH
///   proves both peers first
/// @param targets where to, by weight and load; one with load 1 gets nobody
public record RedirectPolicy(
        boolean draining, int fullAt, RedirectStage stage, AlternativeGateways targets) {
    public static final int NEVER_FULL = Integer.MAX_VALUE;

    public static final RedirectPolicy NONE =
            new RedirectPolicy(
                    false, NEVER_FULL, RedirectStage.IKE_SA_INIT, AlternativeGateways.NONE);

    /// The same, while the gateway is being emptied into these.
    public RedirectPolicy drainingTo(AlternativeGateways others) {
        return new RedirectPolicy(true, fullAt, stage, others);
    }

    /// Whether a client that comes in this exchange is not wanted.
    public boolean turnsAway(RedirectStage at, int sessions) {
        return draining || (at == stage && sessions >= fullAt);
    }

    /// The gateway that this client is sent to; null where there is none for it.
    ///
    /// @param key of the client or session: one key is sent to one gateway as long as nothing
    ///   changes
    /// @param from address that it was redirected from, where it is not sent back to; null for none
    /// @param ports whether the client understands an entry with a port of its own
    public GatewayList.@Nullable Entry target(Octets key, @Nullable Octets from, boolean ports) {
        List<Backup> open =
                targets.backups().stream()
                        .filter(backup -> backup.load() < 1 && fits(backup.gateway(), from, ports))
                        .toList();
        List<GatewayList.Entry> order = new AlternativeGateways(open).orderedFor(key);
        return order.isEmpty() ? null : order.getFirst();
    }

    private static boolean fits(GatewayList.Entry gateway, @Nullable Octets from, boolean ports) {
        return switch (gateway) {
            case GatewayList.Address(Octets address, int port) ->
                    (from == null || !address.equals(from)) && (ports || port == 0);
            case GatewayList.Name _ -> true;
        };
    }
}
