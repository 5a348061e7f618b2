package dev.postern.gateway.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.gateway.configuration.AddressRange;
import dev.postern.gateway.configuration.Pool;
import dev.postern.ike.Ask;
import dev.postern.net.Prefix;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// RFC 2131 section 4.4 at a gateway, against a server by hand.
class DhcpLeasesTest implements DhcpLeases.Outcomes {
    private static final long SECOND = 1_000_000_000L;
    private static final InetAddress RELAY = InetAddress.ofLiteral("10.1.0.1");
    private static final byte[] SERVER = {10, 1, 0, 5};
    private static final InetAddress FIRST = InetAddress.ofLiteral("10.1.0.200");
    private static final InetAddress OTHER = InetAddress.ofLiteral("10.1.0.201");
    private static final Identity ALICE = Identity.email("alice@example");

    private final Random random = new Random(2131);
    private final Entropy entropy = random::nextBytes;
    private final DhcpLeases leases =
            new DhcpLeases(
                    new Pool(
                            "lan",
                            Prefix.parse("10.1.0.192/26"),
                            AddressRange.of(Prefix.parse("10.1.0.192/26")),
                            List.of()),
                    RELAY,
                    entropy,
                    this);
    private final List<DhcpMessage> sent = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @Override
    public void send(byte[] message) {
        DhcpMessage decoded = DhcpMessage.decode(message);
        assertThat(decoded).isNotNull();
        if (decoded != null) {
            sent.add(decoded);
        }
    }

    @Override
    public void leased(
            long askId, Ask.LeaseAddresses ask, InetAddress address, List<InetAddress> servers) {
        told.add(askId + " leased " + address.getHostAddress() + " " + servers.size());
    }

    @Override
    public void refused(long askId, Ask.LeaseAddresses ask, String reason) {
        told.add(askId + " refused");
    }

    @Override
    public void lost(long handle, InetAddress address) {
        told.add("lost by " + handle);
    }

    private static Ask.LeaseAddresses ask(int session, InetAddress... wanted) {
        return new Ask.LeaseAddresses(
                "staff",
                Octets.of(new byte[] {(byte) session}),
                ALICE,
                List.of(wanted),
                true,
                false);
    }

    private void reply(int type, InetAddress address, long leaseSeconds, long now) {
        reply(sent.getLast().hardware(), type, address, leaseSeconds, Map.of(), now);
    }

    private void reply(
            byte[] hardware,
            int type,
            InetAddress address,
            long leaseSeconds,
            Map<Integer, byte[]> more,
            long now) {
        DhcpMessage request = sent.getLast();
        Map<Integer, byte[]> options = new HashMap<>(more);
        options.put(DhcpMessage.MESSAGE_TYPE, new byte[] {(byte) type});
        options.put(DhcpMessage.SERVER_IDENTIFIER, SERVER);
        options.put(
                DhcpMessage.LEASE_TIME, ByteBuffer.allocate(4).putInt((int) leaseSeconds).array());
        options.put(DhcpMessage.NAME_SERVERS, new byte[] {10, 1, 0, 53});
        leases.onMessage(
                new DhcpMessage(
                                true,
                                request.transaction(),
                                DhcpMessage.NONE,
                                address,
                                RELAY,
                                hardware,
                                options)
                        .encode(),
                now);
    }

    private void bind(int session, InetAddress address, long now) {
        leases.want(session, ask(session), now);
        reply(DhcpMessage.OFFER, address, 3_600, now);
        reply(DhcpMessage.ACK, address, 3_600, now);
        leases.hold(session, Octets.of(new byte[] {(byte) session}));
    }

    private static byte[] identifier(DhcpMessage message) {
        return Objects.requireNonNull(message.options().get(DhcpMessage.CLIENT_IDENTIFIER));
    }

    @Test
    void aSessionGetsWhatTheServerGives() {
        bind(1, FIRST, 0);
        assertThat(sent).extracting(DhcpMessage::type).containsExactly(1, 3);
        assertThat(sent).allMatch(message -> message.relay().equals(RELAY));
        assertThat(sent.getLast().options().get(DhcpMessage.REQUESTED_ADDRESS))
                .isEqualTo(FIRST.getAddress());
        assertThat(sent.getLast().options().get(DhcpMessage.SERVER_IDENTIFIER)).isEqualTo(SERVER);
        assertThat(told).containsExactly("1 leased 10.1.0.200 1");
    }

    @Test
    void theClientIdentifierIsTheIdentityAndTheSameAfterAResume() {
        bind(1, FIRST, 0);
        byte[] before = identifier(sent.getLast());
        assertThat(Arrays.copyOfRange(before, 2, before.length))
                .isEqualTo("alice@example".getBytes(StandardCharsets.US_ASCII));
        leases.release(1, false);
        leases.want(2, ask(2, FIRST), SECOND);
        assertThat(identifier(sent.getLast())).isEqualTo(before);
        assertThat(sent.getLast().options().get(DhcpMessage.REQUESTED_ADDRESS))
                .isEqualTo(FIRST.getAddress());
    }

    @Test
    void aSecondSessionOfOneIdentityIsAnotherClient() {
        bind(1, FIRST, 0);
        byte[] before = identifier(sent.getLast());
        bind(2, OTHER, 0);
        assertThat(identifier(sent.getLast())).isNotEqualTo(before);
        assertThat(told).containsExactly("1 leased 10.1.0.200 1", "2 leased 10.1.0.201 1");
    }

    @Test
    void aServerThatIsDownIsAskedAgainAndGivenUp() {
        leases.want(1, ask(1), 0);
        for (long tenths = 1; tenths <= 46; tenths++) {
            leases.onTime(tenths * SECOND / 10);
        }
        assertThat(sent.size()).isBetween(4, 6);
        assertThat(told).containsExactly("1 refused");
        assertThat(leases.size()).isZero();
    }

    @Test
    void questionsAreBounded() {
        for (int i = 0; i < 2_000; i++) {
            Octets session = Octets.ofInt(i);
            leases.want(i, new Ask.LeaseAddresses("p", session, ALICE, List.of(), true, false), 0);
        }
        assertThat(leases.size()).isEqualTo(1_024);
        assertThat(told).hasSize(976).allMatch(each -> each.endsWith("refused"));
    }

    @Test
    void aLeaseIsRenewedHalfWayAndLostWhenItsTimeIsOver() {
        bind(1, FIRST, 0);
        leases.onTime(1_799 * SECOND);
        assertThat(sent).hasSize(2);
        leases.onTime(1_801 * SECOND);
        assertThat(sent.getLast().clientAddress()).isEqualTo(FIRST);
        assertThat(sent.getLast().options()).doesNotContainKey(DhcpMessage.REQUESTED_ADDRESS);
        reply(DhcpMessage.ACK, FIRST, 3_600, 1_801 * SECOND);
        leases.onTime(3_601 * SECOND);
        leases.onTime(3_640 * SECOND);
        leases.onTime(5_402 * SECOND);
        assertThat(told).containsExactly("1 leased 10.1.0.200 1", "lost by 1");
    }

    /// RFC 2131 section 4.4.5: T1 is the server's to say.
    @Test
    void aLeaseIsRenewedWhenTheServerSays() {
        leases.want(1, ask(1), 0);
        reply(DhcpMessage.OFFER, FIRST, 3_600, 0);
        Map<Integer, byte[]> renewal =
                Map.of(DhcpMessage.RENEWAL_TIME, ByteBuffer.allocate(4).putInt(600).array());
        reply(sent.getLast().hardware(), DhcpMessage.ACK, FIRST, 3_600, renewal, 0);
        leases.onTime(599 * SECOND);
        assertThat(sent).hasSize(2);
        leases.onTime(601 * SECOND);
        assertThat(sent).hasSize(3);
        assertThat(sent.getLast().clientAddress()).isEqualTo(FIRST);
    }

    /// RFC 2131 section 4.4.1: `chaddr` has to be ours; the transaction alone may be a guess.
    @Test
    void anAnswerToAnotherClientIsPassedOver() {
        leases.want(1, ask(1), 0);
        byte[] other = sent.getLast().hardware().clone();
        other[5] ^= 1;
        reply(other, DhcpMessage.OFFER, FIRST, 3_600, Map.of(), 0);
        assertThat(sent).hasSize(1);
        reply(DhcpMessage.OFFER, FIRST, 3_600, 0);
        assertThat(sent).hasSize(2);
    }

    @Test
    void anAddressThatTheServerTakesBackIsLost() {
        bind(1, FIRST, 0);
        leases.onTime(1_801 * SECOND);
        reply(DhcpMessage.NAK, DhcpMessage.NONE, 0, 1_801 * SECOND);
        assertThat(told).endsWith("lost by 1");
    }

    @Test
    void anEndedSessionGivesItsAddressBack() {
        bind(1, FIRST, 0);
        leases.release(1, true);
        assertThat(sent.getLast().type()).isEqualTo(DhcpMessage.RELEASE);
        assertThat(sent.getLast().clientAddress()).isEqualTo(FIRST);
        assertThat(leases.size()).isZero();
    }

    @Test
    void anAddressOutsideThePoolIsNotTaken() {
        leases.want(1, ask(1), 0);
        reply(DhcpMessage.OFFER, InetAddress.ofLiteral("10.2.0.1"), 3_600, 0);
        assertThat(sent).hasSize(1);
    }

    @Test
    void garbageIsPassedOver() {
        leases.want(1, ask(1), 0);
        byte[] whole = sent.getLast().encode();
        for (int length = 0; length < whole.length; length++) {
            leases.onMessage(Arrays.copyOf(whole, length), 0);
        }
        for (int i = 0; i < 2_000; i++) {
            byte[] mutated = whole.clone();
            mutated[0] = 2;
            for (int flips = 0; flips < 4; flips++) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            leases.onMessage(mutated, 0);
        }
        assertThat(told).isEmpty();
    }
}
