package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.gateway.configuration.StandbySettings;
import dev.postern.ike.Input;
import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `ctl advertise`: of which further addresses clients are told (RFC 4555 section 3.6), and that
/// those of a cluster with shared addresses are told of no address that is one member's own.
final class AddressOrderTest {
    private static final List<String> SHARED = List.of("192.0.2.10", "2001:db8::10");

    private final List<Input.AdvertiseAddresses> told = new ArrayList<>();

    private AddressOrder order(boolean mobike, @Nullable StandbySettings standby) {
        return new AddressOrder(told::add, mobike, standby);
    }

    private static StandbySettings standby(StandbySettings.Mode mode) {
        return new StandbySettings(
                mode,
                SHARED.stream().map(each -> new Prefix(InetAddress.ofLiteral(each), 24)).toList(),
                "eth0",
                null,
                "",
                Duration.ZERO,
                List.of(),
                Duration.ofHours(1),
                Set.of());
    }

    /// 192.0.2.1 is this member's own, in the network of the shared one.
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "198.51.100.7", "2001:db8::1", "192.0.2.0"})
    void behindSharedAddressesNoOtherIsAdvertised(String own) {
        AddressOrder order = order(true, standby(StandbySettings.Mode.TIGHT));
        for (List<String> words : List.of(List.of(own), List.of("192.0.2.10", own))) {
            assertThatThrownBy(() -> order.carryOut(words))
                    .isInstanceOf(AdminException.class)
                    .hasMessage(
                            own
                                    + " is not shared by the members of this tight cluster; legal"
                                    + " are those of standby.addresses");
        }
        assertThat(told).isEmpty();
    }

    @Test
    void sharedAddressesAreAdvertised() throws Exception {
        AddressOrder order = order(true, standby(StandbySettings.Mode.TIGHT));
        assertThat(order.carryOut(SHARED))
                .containsExactly("clients are told of 192.0.2.10, 2001:db8::10");
        assertThat(order.carryOut(List.of("none")))
                .containsExactly("clients are told of no further address");
        assertThat(told)
                .containsExactly(
                        new Input.AdvertiseAddresses(
                                SHARED.stream().map(InetAddress::ofLiteral).toList()),
                        new Input.AdvertiseAddresses(List.of()));
    }

    @Test
    void whoSharesNoneAdvertisesItsOwn() throws Exception {
        order(true, null).carryOut(List.of("192.0.2.1"));
        order(true, standby(StandbySettings.Mode.LOOSE)).carryOut(List.of("192.0.2.1"));
        assertThat(told)
                .hasSize(2)
                .containsOnly(
                        new Input.AdvertiseAddresses(List.of(InetAddress.ofLiteral("192.0.2.1"))));
    }

    @Test
    void withoutMobikeThereIsNobodyToTell() {
        assertThatThrownBy(() -> order(false, null).carryOut(List.of("192.0.2.1")))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("network.mobike is false");
        assertThat(told).isEmpty();
    }

    @Test
    void eightAreTheMost() throws Exception {
        List<String> nine = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            nine.add("198.51.100." + i);
        }
        assertThatThrownBy(() -> order(true, null).carryOut(nine))
                .isInstanceOf(AdminException.class)
                .hasMessage("wanted are 1 to 8 addresses, or none");
        order(true, null).carryOut(nine.subList(0, 8));
        assertThat(told.getFirst().addresses()).hasSize(8);
    }
}
