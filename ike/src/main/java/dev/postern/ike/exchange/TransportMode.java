package dev.postern.ike.exchange;

import dev.postern.ike.ChildMode;
import dev.postern.ike.ConnectionProfile;
import dev.postern.ike.Path;
import dev.postern.ike.sa.PeersAddresses;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// Transport mode in both roles, RFC 7296 sections 1.3.1 and 2.23.1:
///
///     HDR, SK{ ..., SA, TSi(own address), TSr(peer's address), N(USE_TRANSPORT_MODE) }   -->
///                          <--   HDR, SK{ ..., SA, TSi, TSr, N(USE_TRANSPORT_MODE) }
///
/// Selectors name the two peers and nobody else. Each side puts the addresses that it sees on the
/// packets in the place of those in the message, whether a NAT has changed them or not, so a peer
/// that names somebody else's address gains nothing.
final class TransportMode {
    private TransportMode() {}

    static Payload notification() {
        return Payload.Notify.of(NotifyType.USE_TRANSPORT_MODE);
    }

    static boolean isIn(List<Payload> payloads) {
        return Message.findNotify(payloads, NotifyType.USE_TRANSPORT_MODE) != null;
    }

    static boolean isWanted(ConnectionProfile profile) {
        return profile.mode() == ChildMode.TRANSPORT;
    }

    /// What an initiator adds to its offer.
    static List<Payload> asked(boolean transport) {
        return transport ? List.of(notification()) : List.of();
    }

    /// Selectors as this side sees them.
    ///
    /// @param own of our side, `peer` of the peer's
    /// @param addresses what stood in the message
    record Seen(List<TrafficSelector> own, List<TrafficSelector> peer, PeersAddresses addresses) {}

    /// The peer's selectors with the addresses of the path in the place of theirs; null where they
    /// do not name one address each, or one of another family.
    static @Nullable Seen seen(List<TrafficSelector> own, List<TrafficSelector> peer, Path path) {
        InetAddress here = path.local().getAddress();
        InetAddress there = path.remote().getAddress();
        InetAddress ours = onlyAddress(own, here);
        InetAddress theirs = onlyAddress(peer, there);
        return ours == null || theirs == null
                ? null
                : new Seen(at(here, own), at(there, peer), new PeersAddresses(theirs, ours));
    }

    /// The same protocols and ports at another address.
    static List<TrafficSelector> at(InetAddress address, List<TrafficSelector> selectors) {
        TrafficSelector host = TrafficSelector.host(address);
        return selectors.stream()
                .map(selector ->
                        new TrafficSelector(
                                host.type(),
                                selector.protocol(),
                                selector.startPort(),
                                selector.endPort(),
                                host.start(),
                                host.end()))
                .distinct()
                .toList();
    }

    /// A wish for everything between the two ends of the path.
    static SelectorPolicy between(Path path) {
        return new SelectorPolicy(
                List.of(TrafficSelector.host(path.local().getAddress())),
                List.of(TrafficSelector.host(path.remote().getAddress())));
    }

    /// "It MUST use exactly one IP address in the TSi and TSr payloads."
    private static @Nullable InetAddress onlyAddress(
            List<TrafficSelector> selectors, InetAddress family) {
        if (selectors.isEmpty()) {
            return null;
        }
        Octets first = selectors.getFirst().start();
        for (TrafficSelector selector : selectors) {
            if (!selector.isSingleHost() || !selector.start().equals(first)) {
                return null;
            }
        }
        return first.length() == family.getAddress().length
                ? selectors.getFirst().startAddress()
                : null;
    }
}
