package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;

class EndpointTest {
    private static final Endpoint FOUR = Endpoint.of(InetAddress.ofLiteral("192.0.2.129"), 4_500);
    private static final Endpoint SIX = Endpoint.of(InetAddress.ofLiteral("2001:db8::8001"), 500);

    @Test
    void anIpv4AddressIsHeldInItsMappedForm() {
        assertThat(FOUR).isEqualTo(new Endpoint(0, 0x0000_ffff_c000_0281L, 4_500, 0));
        assertThat(FOUR.isIpv4()).isTrue();
        assertThat(FOUR).isEqualTo(Endpoint.ipv4(0xc000_0281, 4_500));
    }

    @Test
    void anIpv6AddressIsItsTwoHalves() {
        assertThat(SIX).isEqualTo(new Endpoint(0x2001_0db8_0000_0000L, 0x8001L, 500, 0));
        assertThat(SIX.isIpv4()).isFalse();
    }

    @Test
    void socketAddressesOfTheJdkComeBack() throws UnknownHostException {
        Inet6Address linkLocal =
                Inet6Address.getByAddress(null, InetAddress.ofLiteral("fe80::1").getAddress(), 7);
        for (InetAddress address :
                List.of(
                        InetAddress.ofLiteral("0.0.0.0"),
                        InetAddress.ofLiteral("255.255.255.255"),
                        InetAddress.ofLiteral("::"),
                        InetAddress.ofLiteral("::1"),
                        linkLocal)) {
            InetSocketAddress socketAddress = new InetSocketAddress(address, 65_535);
            assertThat(Endpoint.of(socketAddress).toSocketAddress()).isEqualTo(socketAddress);
        }
        assertThat(Endpoint.of(linkLocal, 0).scope()).isEqualTo(7);
    }

    @Test
    void aSockaddrComesBack() {
        MemorySegment memory = Arena.ofAuto().allocate(64);
        for (Endpoint endpoint : List.of(FOUR, SIX, new Endpoint(0xfe80L << 48, 1, 9, 3))) {
            endpoint.writeSockaddr(memory, 32);
            assertThat(Endpoint.readSockaddr(memory, 32)).isEqualTo(endpoint);
        }
    }

    @Test
    void aSockaddrHasTheLayoutOfTheKernel() {
        assertThat(sockaddr(FOUR)).isEqualTo("0200" + "1194" + "c0000281" + "0000000000000000");
        assertThat(sockaddr(new Endpoint(SIX.high(), SIX.low(), 500, 0x01020304)))
                .isEqualTo(
                        "0a00"
                                + "01f4"
                                + "00000000"
                                + "20010db8000000000000000000008001"
                                + "04030201");
    }

    private static String sockaddr(Endpoint endpoint) {
        MemorySegment memory = Arena.ofAuto().allocate(Endpoint.SOCKADDR_BYTES);
        memory.fill((byte) 0xee);
        int length = endpoint.writeSockaddr(memory, 0);
        return HexFormat.of().formatHex(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void anAddressComparesWithoutThePort() {
        assertThat(FOUR.hasAddressOf(FOUR.withPort(0))).isTrue();
        assertThat(FOUR.hasAddressOf(SIX)).isFalse();
        assertThat(FOUR).isNotEqualTo(FOUR.withPort(0));
    }

    @Test
    void itPrintsAsPeopleWriteIt() {
        assertThat(FOUR).hasToString("192.0.2.129:4500");
        assertThat(SIX).hasToString("[2001:db8:0:0:0:0:0:8001]:500");
    }

    @Test
    void aPortBeyond65535AndAnUnresolvedNameAreRefused() {
        assertThatThrownBy(() -> FOUR.withPort(65_536)).hasMessageContaining("65536");
        assertThatThrownBy(() -> Endpoint.of(InetSocketAddress.createUnresolved("gw.example", 500)))
                .hasMessageContaining("gw.example");
    }
}
