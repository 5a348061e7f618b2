package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.StandbySettings;
import dev.postern.ike.Input;
import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// An operator's word on the further addresses of this gateway, in place of what its file says:
/// clients with MOBIKE are told within a minute (RFC 4555 section 3.6).
final class AddressOrder {
    private static final int MOST = 8;

    private final Consumer<Input.AdvertiseAddresses> advertising;
    private final boolean mobike;
    private final @Nullable StandbySettings standby;

    /// @param advertising tells clients of them
    /// @param mobike whether this gateway speaks it at all
    /// @param standby how it stands by for others; null for nobody
    AddressOrder(
            Consumer<Input.AdvertiseAddresses> advertising,
            boolean mobike,
            @Nullable StandbySettings standby) {
        this.advertising = advertising;
        this.mobike = mobike;
        this.standby = standby;
    }

    /// @param words addresses, or `none`
    List<String> carryOut(List<String> words) throws AdminException {
        if (!mobike) {
            throw new AdminException("this gateway does not speak MOBIKE; network.mobike is false");
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String word : words.equals(List.of("none")) ? List.<String>of() : words) {
            addresses.add(address(word));
        }
        if (words.isEmpty() || addresses.size() > MOST) {
            throw new AdminException("wanted are 1 to " + MOST + " addresses, or none");
        }
        advertising.accept(new Input.AdvertiseAddresses(addresses));
        return List.of(
                addresses.isEmpty()
                        ? "clients are told of no further address"
                        : "clients are told of " + String.join(", ", words));
    }

    private InetAddress address(String word) throws AdminException {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(word);
        } catch (IllegalArgumentException notAnAddress) {
            throw new AdminException(
                    "\"" + word + "\" is no address; legal is one of IPv4 or IPv6, or none");
        }
        if (standby != null
                && standby.mode() == StandbySettings.Mode.TIGHT
                && standby.addresses().stream().map(Prefix::address).noneMatch(address::equals)) {
            throw new AdminException(
                    word
                            + " is not shared by the members of this tight cluster; legal are those"
                            + " of standby.addresses");
        }
        return address;
    }
}
