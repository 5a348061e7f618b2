package dev.postern.ike.exchange;

import dev.postern.ike.Path;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// Where a peer says that it can be reached beside the address in use (RFC 4555 section 3.6), in
/// the order in which its client tries them when that one fails.
final class AdditionalAddresses {
    /// More than this are not worth a try.
    private static final int MOST = 8;

    private List<InetAddress> known = List.of();
    private int tried;

    /// The notifications that tell a peer of these and no others.
    static List<Payload> payloads(List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            return List.of(Payload.Notify.of(NotifyType.NO_ADDITIONAL_ADDRESSES));
        }
        List<Payload> payloads = new ArrayList<>();
        for (InetAddress address : addresses) {
            NotifyType type =
                    address instanceof Inet4Address
                            ? NotifyType.ADDITIONAL_IP4_ADDRESS
                            : NotifyType.ADDITIONAL_IP6_ADDRESS;
            payloads.add(Payload.Notify.of(type, Octets.of(address.getAddress())));
        }
        return payloads;
    }

    /// The list in a message, or null where it says nothing of one. What cannot be anybody's
    /// address is passed over.
    static @Nullable List<InetAddress> told(List<Payload> payloads) {
        boolean told = false;
        List<InetAddress> addresses = new ArrayList<>();
        for (Payload payload : payloads) {
            if (!(payload instanceof Payload.Notify notify)) {
                continue;
            }
            boolean ipv4 = notify.is(NotifyType.ADDITIONAL_IP4_ADDRESS);
            boolean ipv6 = notify.is(NotifyType.ADDITIONAL_IP6_ADDRESS);
            told |= ipv4 || ipv6 || notify.is(NotifyType.NO_ADDITIONAL_ADDRESSES);
            if ((ipv4 && notify.data().length() == 4) || (ipv6 && notify.data().length() == 16)) {
                InetAddress address = address(notify.data());
                if (isSomebodys(address) && !addresses.contains(address)) {
                    addresses.add(address);
                }
            }
        }
        return told ? List.copyOf(addresses.subList(0, Math.min(MOST, addresses.size()))) : null;
    }

    private static InetAddress address(Octets octets) {
        try {
            return InetAddress.getByAddress(octets.array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }

    private static boolean isSomebodys(InetAddress address) {
        return !address.isAnyLocalAddress() && !address.isMulticastAddress();
    }

    /// "The new list replaces the old one."
    void replace(List<InetAddress> told) {
        known = told;
        tried = 0;
    }

    /// The next way to the peer, of the family that our own address has; the present one where
    /// there is no other.
    Path next(Path present) {
        for (int i = 0; i < known.size(); i++) {
            InetAddress candidate = known.get(tried % known.size());
            tried++;
            if (isOtherOf(present, candidate)) {
                InetSocketAddress remote =
                        new InetSocketAddress(candidate, present.remote().getPort());
                return new Path(present.local(), remote, present.nonEspMarker());
            }
        }
        return present;
    }

    private static boolean isOtherOf(Path present, InetAddress candidate) {
        InetAddress used = present.remote().getAddress();
        return candidate.getClass() == used.getClass() && !candidate.equals(used);
    }

    /// Whether the peer has named this address, and a message of ours went there.
    boolean isTried(InetAddress address) {
        return tried > 0 && known.contains(address);
    }

    /// The peer answers elsewhere; the address before may work again one day.
    void gaveWay(InetAddress before) {
        if (!known.contains(before)) {
            List<InetAddress> more = new ArrayList<>(known);
            more.add(before);
            known = List.copyOf(more);
        }
        tried = 0;
    }
}
