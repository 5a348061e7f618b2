package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.configuration.AddressRange;
import dev.postern.gateway.configuration.Pool;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.net.Prefix;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Never one address twice, and the same one for a session that comes back.
final class AddressLeasesTest {
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("10.9.0.200");

    private final Pool pool =
            new Pool(
                    "clients",
                    Prefix.parse("10.9.0.0/24"),
                    new AddressRange(
                            InetAddress.ofLiteral("10.9.0.1"), InetAddress.ofLiteral("10.9.0.3")),
                    List.of());
    private final Pool pool6 =
            new Pool(
                    "clients6",
                    Prefix.parse("2001:db8:9::/64"),
                    new AddressRange(
                            InetAddress.ofLiteral("2001:db8:9::1"),
                            InetAddress.ofLiteral("2001:db8:9::ffff")),
                    List.of());
    private final AddressLeases leases =
            new AddressLeases(Map.of("clients", List.of(pool, pool6), "others", List.of(pool)));

    /// A client cannot be given another address while its session stands.
    @Test
    void anAddressSuitsAnotherGroupOnlyWhereItIsOfItsPools() {
        Octets guests = Octets.ofHex("0b03" + "67");
        Octets visitors = Octets.ofHex("0b03" + "76");
        leases.withGroup(group(guests), List.of(pool6), List.of())
                .withGroup(group(visitors), List.of(pool, pool6), List.of());
        EstablishedSession four = session("10.9.0.1");
        assertThat(leases.suit(four, List.of())).isTrue();
        assertThat(leases.suit(four, List.of(visitors))).isTrue();
        assertThat(leases.suit(four, List.of(guests))).as("no such address there").isFalse();
        assertThat(leases.suit(session("10.9.0.1", "2001:db8:9::1"), List.of(guests))).isFalse();
        assertThat(leases.suit(session("2001:db8:9::1"), List.of(guests))).isTrue();
        assertThat(leases.suit(session(), List.of(guests))).isTrue();
        Octets framed = Octets.ofHex("08060a090001");
        assertThat(leases.suit(four, List.of(guests, framed))).as("named by AAA").isTrue();
        assertThat(leases.suit(session("192.0.2.7"), List.of(guests))).as("not ours").isTrue();
    }

    @Test
    void onlyWhatIsOfAPoolIsOfAGatewaysShare() {
        InetAddress named = InetAddress.ofLiteral("192.0.2.7");
        InetAddress six = InetAddress.ofLiteral("2001:db8:9::7");
        assertThat(leases.ofShares(List.of(named, ELSEWHERE, six))).containsExactly(ELSEWHERE, six);
    }

    private static PeerGroup group(Octets mark) {
        return new PeerGroup(mark.hex(), List.of(), List.of(mark), List.of());
    }

    private static EstablishedSession session(String... addresses) {
        Identity client = Identity.fqdn("client");
        return new EstablishedSession(
                id(1),
                0,
                0,
                client,
                Identity.fqdn("gw-a"),
                client,
                SuiteNames.ikeSuite("aes256gcm16-prfsha384-x25519"),
                Octets.EMPTY,
                Stream.of(addresses).map(AddressLeasesTest::attribute).toList(),
                2,
                0,
                0,
                "clients",
                "lab",
                0,
                Octets.EMPTY,
                List.of(),
                List.of());
    }

    private static ConfigurationAttribute attribute(String address) {
        byte[] octets = InetAddress.ofLiteral(address).getAddress();
        return octets.length == 4
                ? new ConfigurationAttribute(
                        ConfigurationAttribute.INTERNAL_IP4_ADDRESS, Octets.of(octets))
                : new ConfigurationAttribute(
                        ConfigurationAttribute.INTERNAL_IP6_ADDRESS,
                        Octets.ofHex(Octets.of(octets).hex() + "80"));
    }

    @Test
    void newClientsGetDifferentAddressesOfTheShare() {
        Set<InetAddress> given = new HashSet<>();
        for (int session = 1; session <= 3; session++) {
            InetAddress address = lease(session);
            leases.hold(session, id(session), name(session), List.of(address), 0);
            assertThat(given.add(address)).isTrue();
            assertThat(pool.assign().contains(address)).isTrue();
        }
        assertThat(ask(4)).isInstanceOf(Answer.AddressesRefused.class);
    }

    @Test
    void aClientFromAnotherGatewayKeepsItsAddressInTheWholePool() {
        assertThat(ask(1, ELSEWHERE))
                .isEqualTo(new Answer.AddressesLeased(List.of(ELSEWHERE), List.of()));
    }

    @Test
    void anAddressThatAnotherSessionHoldsIsNotGivenAgain() {
        ask(1, ELSEWHERE);
        leases.hold(1, id(1), name(1), List.of(ELSEWHERE), 0);
        assertThat(addressOf(ask(2, ELSEWHERE))).isNotEqualTo(ELSEWHERE);
    }

    @Test
    void anAddressOutsideThePoolIsNotGiven() {
        assertThat(addressOf(ask(1, InetAddress.ofLiteral("192.0.2.1"))))
                .isNotEqualTo(InetAddress.ofLiteral("192.0.2.1"));
    }

    @Test
    void theLeaseEndsWithTheLastIkeSaOfTheSession() {
        InetAddress address = lease(1);
        leases.hold(10, id(1), name(1), List.of(address), 0);
        leases.hold(11, id(1), name(1), List.of(address), 0);
        leases.release(10);
        assertThat(leases.size()).isEqualTo(1);
        leases.release(11);
        assertThat(leases.size()).isZero();
    }

    @Test
    void aLeaseThatNobodyTookUpIsFreeAfterAMinute() {
        ask(1, ELSEWHERE);
        long later = 61_000_000_000L;
        Ask.LeaseAddresses wish =
                new Ask.LeaseAddresses(
                        "clients", id(2), Identity.fqdn("c"), List.of(ELSEWHERE), true, false);
        assertThat(addressOf(leases.lease(wish, later))).isEqualTo(ELSEWHERE);
    }

    @Test
    void aClientThatAsksForBothFamiliesGetsOneAddressOfEach() {
        Answer answer = askForBoth("clients", 1);

        assertThat(((Answer.AddressesLeased) answer).addresses())
                .hasSize(2)
                .anyMatch(pool.assign()::contains)
                .anyMatch(pool6.assign()::contains);
    }

    /// RFC 7296 section 3.15.4: the responder may answer with less than was asked for.
    @Test
    void aProfileWithoutAPoolOfAFamilyGivesTheOther() {
        Answer answer = askForBoth("others", 1);

        assertThat(((Answer.AddressesLeased) answer).addresses())
                .singleElement()
                .matches(pool.assign()::contains);
    }

    @Test
    void bothAddressesAreFreeAgainWithTheLastIkeSa() {
        Answer.AddressesLeased both = (Answer.AddressesLeased) askForBoth("clients", 1);
        leases.hold(1, id(1), name(1), both.addresses(), 0);
        assertThat(leases.size()).isEqualTo(2);

        leases.release(1);

        assertThat(leases.size()).isZero();
    }

    /// Interop: an identity that comes back has its address of the pool again | Postern | neither
    @Test
    void anIdentityThatComesBackGetsItsAddressAgain() {
        InetAddress address = lease(1);
        leases.hold(10, id(1), name(1), List.of(address), 0);
        leases.release(10);
        lease(2);

        assertThat(addressOf(leases.lease(wish(3, name(1)), 0))).isEqualTo(address);
    }

    @Test
    void anAddressThatRestsIsGivenToAnotherOnlyWhenThePoolHasNoneElse() {
        InetAddress rested = lease(1);
        leases.hold(10, id(1), name(1), List.of(rested), 0);
        leases.release(10);
        for (int session = 2; session <= 3; session++) {
            InetAddress address = lease(session);
            assertThat(address).isNotEqualTo(rested);
            leases.hold(session, id(session), name(session), List.of(address), 0);
        }

        assertThat(lease(4)).isEqualTo(rested);
    }

    @Test
    void whatWasReservedBeforeARestartIsReservedAfterIt() {
        InetAddress address = lease(1);
        leases.hold(10, id(1), name(1), List.of(address), 0);
        AddressLeases restarted = new AddressLeases(Map.of("clients", List.of(pool)));

        restarted.restore(leases.reservations());

        assertThat(addressOf(restarted.lease(wish(2, name(2)), 0))).isNotEqualTo(address);
        assertThat(addressOf(restarted.lease(wish(3, name(1)), 0))).isEqualTo(address);
    }

    @Test
    void aClientThatAuthenticatesAnewKeepsItsAddress() {
        InetAddress address = lease(1);
        leases.hold(10, id(1), name(1), List.of(address), 0);

        assertThat(addressOf(leases.lease(anew(2, 1, address), 0))).isEqualTo(address);
        leases.hold(20, id(2), name(1), List.of(address), 0);
        leases.release(10);

        assertThat(leases.size()).isEqualTo(1);
        leases.release(20);
        assertThat(leases.size()).isZero();
    }

    @Test
    void whatTheOldIkeSaUsesIsNobodyElsesThoughTheNewOneCameToNothing() {
        InetAddress address = lease(1);
        leases.hold(10, id(1), name(1), List.of(address), 0);
        leases.lease(anew(2, 1, address), 0);
        long later = 3_600_000_000_000L;

        assertThat(addressOf(leases.lease(wish(3, name(3), address), later))).isNotEqualTo(address);
        leases.release(10);
        assertThat(leases.size()).isEqualTo(1);
    }

    @Test
    void anAddressOfNoPoolGoesOverAsWell() {
        ForeignAddresses foreign = new ForeignAddresses();
        InetAddress address = InetAddress.ofLiteral("192.0.2.77");
        assertThat(foreign.lease(address, id(1), Octets.EMPTY)).isTrue();
        foreign.hold(10, id(1));
        assertThat(foreign.lease(address, id(2), Octets.EMPTY)).isFalse();

        assertThat(foreign.lease(address, id(2), id(1))).isTrue();
        foreign.hold(20, id(2));
        foreign.release(10);
        assertThat(foreign.lease(address, id(3), Octets.EMPTY)).isFalse();
        foreign.release(20);

        assertThat(foreign.lease(address, id(3), Octets.EMPTY)).isTrue();
    }

    private static Ask.LeaseAddresses anew(int session, int predecessor, InetAddress address) {
        return new Ask.LeaseAddresses(
                "clients",
                id(session),
                name(predecessor),
                List.of(address),
                true,
                false,
                List.of(),
                id(predecessor));
    }

    private static Ask.LeaseAddresses wish(int session, Identity identity, InetAddress wanted) {
        return new Ask.LeaseAddresses(
                "clients", id(session), identity, List.of(wanted), true, false, List.of());
    }

    private Answer askForBoth(String profile, int session) {
        return leases.lease(
                new Ask.LeaseAddresses(
                        profile, id(session), name(session), List.of(), true, true, List.of()),
                0);
    }

    private static Ask.LeaseAddresses wish(int session, Identity identity) {
        return new Ask.LeaseAddresses(
                "clients", id(session), identity, List.of(), true, false, List.of());
    }

    private static Identity name(int session) {
        return Identity.fqdn("c" + session);
    }

    private InetAddress lease(int session) {
        return addressOf(ask(session));
    }

    private static InetAddress addressOf(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.AddressesLeased.class);
        return ((Answer.AddressesLeased) answer).addresses().getFirst();
    }

    private Answer ask(int session, InetAddress... wanted) {
        return leases.lease(
                new Ask.LeaseAddresses(
                        "clients", id(session), name(session), List.of(wanted), true, false),
                0);
    }

    private static Octets id(int session) {
        byte[] octets = new byte[16];
        octets[15] = (byte) session;
        return Octets.of(octets);
    }
}
