package dev.postern.ticket;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.Protocol;
import dev.postern.wire.TrafficSelector;
import dev.postern.wire.Transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// Sessions and keys for the tests: fixed ones with realistic names, and any number from a seed.
final class Sessions {
    static final Proposal IKE =
            new Proposal(
                    1,
                    Protocol.IKE,
                    Octets.EMPTY,
                    List.of(
                            new Transform(Transform.ENCR, 20, 256),
                            new Transform(Transform.PRF, 6),
                            new Transform(Transform.KE, 31)));
    static final Proposal ESP =
            new Proposal(
                    1,
                    Protocol.ESP,
                    Octets.EMPTY,
                    List.of(
                            new Transform(Transform.ENCR, 20, 256),
                            new Transform(Transform.ESN, 0)));
    static final Octets INNER = Octets.ofHex("0a4d0007");
    static final TrafficSelector INNER_HOST =
            new TrafficSelector(TrafficSelector.IPV4_RANGE, 0, 0, 65535, INNER, INNER);
    static final TrafficSelector EVERYTHING =
            new TrafficSelector(
                    TrafficSelector.IPV4_RANGE,
                    0,
                    0,
                    65535,
                    Octets.ofHex("00000000"),
                    Octets.ofHex("ffffffff"));
    static final String INNER_IPV6 = "20010db8004d00000000000000000007";
    static final TrafficSelector INNER_HOST_IPV6 =
            new TrafficSelector(
                    TrafficSelector.IPV6_RANGE,
                    0,
                    0,
                    65535,
                    Octets.ofHex(INNER_IPV6),
                    Octets.ofHex(INNER_IPV6));
    static final TrafficSelector EVERYTHING_IPV6 =
            new TrafficSelector(
                    TrafficSelector.IPV6_RANGE,
                    0,
                    0,
                    65535,
                    Octets.ofHex("00".repeat(16)),
                    Octets.ofHex("ff".repeat(16)));
    static final SessionChildSa TUNNEL =
            new SessionChildSa(ESP, List.of(INNER_HOST), List.of(EVERYTHING), false, true);

    private Sessions() {}

    /// A PSK session with one Child SA, AES-256-GCM and PRF-HMAC-SHA2-384.
    static Session psk() {
        Random random = new Random(2026);
        return new Session(
                Session.Kind.ONE_ROUND_TRIP,
                octets(random, 16),
                1,
                0,
                Identity.fqdn("c07.clients.example.com"),
                Identity.fqdn("gw-a.vpn.example.com"),
                Identity.fqdn("c07.clients.example.com"),
                IKE,
                SecretBytes.owning(octets(random, 48).array()),
                octets(random, 48),
                List.of(TUNNEL),
                List.of(
                        new ConfigurationAttribute(
                                ConfigurationAttribute.INTERNAL_IP4_ADDRESS, INNER),
                        new ConfigurationAttribute(
                                ConfigurationAttribute.INTERNAL_IP4_DNS, Octets.ofHex("0a4d0001"))),
                Payload.Authentication.SHARED_KEY,
                1_767_225_600L,
                1_767_229_200L,
                1_767_315_600L,
                0,
                "employees",
                "vpn.example.com",
                Session.Extension.FAILOVER_VENDOR_ID | Session.Extension.MOBIKE,
                Octets.EMPTY,
                List.of(),
                List.of());
    }

    /// The same with EAP, and what a RADIUS server sends along.
    static Session eap() {
        Session psk = psk();
        return new SessionBuilder(psk)
                .authenticatedIdentity(Identity.email("hildegard.von.bingen@staff.example.com"))
                .hardDeadline(psk.authenticatedAt() + 36_000)
                .aaaAttributes(
                        List.of(
                                aaa(
                                        25,
                                        Octets.ofAscii(
                                                "class-0d6f5a3e-8a40-4f2c-91b2-7b1f2c33e0aa")),
                                aaa(27, Octets.ofHex("00008ca0")),
                                aaa(11, Octets.ofAscii("employees-full")),
                                aaa(8, INNER)))
                .build();
    }

    /// A dual-stack session after EAP, with all that a RADIUS server usually sends along: names
    /// with realms, a Class as servers make them, both inner addresses, two name servers.
    static Session dualStack() {
        Session psk = psk();
        return new SessionBuilder(psk)
                .initiator(Identity.email("h.bingen@staff.example.com"))
                .authenticatedIdentity(Identity.email("hildegard.von.bingen@staff.example.com"))
                .childSas(
                        List.of(
                                new SessionChildSa(
                                        ESP,
                                        List.of(INNER_HOST, INNER_HOST_IPV6),
                                        List.of(EVERYTHING, EVERYTHING_IPV6),
                                        false,
                                        true)))
                .configuration(
                        List.of(
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_ADDRESS, INNER),
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP6_ADDRESS,
                                        Octets.ofHex(INNER_IPV6 + "80")),
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_DNS,
                                        Octets.ofHex("0a4d0001")),
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_DNS,
                                        Octets.ofHex("0a4d0002"))))
                .hardDeadline(psk.authenticatedAt() + 36_000)
                .aaaAttributes(
                        List.of(
                                aaa(
                                        25,
                                        Octets.ofAscii(
                                                "class-0d6f5a3e-8a40-4f2c-91b2-7b1f2c33e0aa")),
                                aaa(27, Octets.ofHex("00008ca0")),
                                aaa(11, Octets.ofAscii("employees-full")),
                                aaa(8, INNER),
                                aaa(168, Octets.ofHex(INNER_IPV6))))
                .build();
    }

    /// The first one, of somebody else.
    static Session named(Identity initiator) {
        Session psk = psk();
        return new SessionBuilder(psk)
                .initiator(initiator)
                .authenticatedIdentity(initiator)
                .build();
    }

    static Octets aaa(int type, Octets value) {
        byte[] attribute = new byte[2 + value.length()];
        attribute[0] = (byte) type;
        attribute[1] = (byte) attribute.length;
        System.arraycopy(value.array(), 0, attribute, 2, value.length());
        return Octets.of(attribute);
    }

    static Session rfc5723() {
        return Sessions.withKind(psk(), Session.Kind.RFC_5723);
    }

    static Session withKind(Session s, Session.Kind kind) {
        return new SessionBuilder(s)
                .kind(kind)
                .sessionHash(kind == Session.Kind.RFC_5723 ? Octets.EMPTY : s.sessionHash())
                .build();
    }

    static Session withChildSas(
            Session s, List<SessionChildSa> childSas, List<ConfigurationAttribute> configuration) {
        return new SessionBuilder(s).childSas(childSas).configuration(configuration).build();
    }

    /// Any session that the format can hold, drawn from `random`.
    static Session any(Random random) {
        Identity initiator = identity(random);
        boolean first = random.nextBoolean();
        Session.Kind kind = first ? Session.Kind.ONE_ROUND_TRIP : Session.Kind.RFC_5723;
        List<ConfigurationAttribute> configuration = some(random, 5, () -> attribute(random));
        int childSas = random.nextInt(4);
        return new Session(
                kind,
                octets(random, 16),
                random.nextInt(),
                random.nextInt(16),
                initiator,
                identity(random),
                random.nextBoolean() ? initiator : identity(random),
                proposal(random, Protocol.IKE),
                SecretBytes.owning(octets(random, random.nextInt(256)).array()),
                octets(random, first ? 48 : 0),
                childSas(random, childSas, configuration),
                configuration,
                random.nextInt(256),
                time(random),
                time(random),
                time(random),
                random.nextBoolean() ? 0 : time(random),
                name(random),
                name(random),
                random.nextInt(1 << 16),
                random.nextBoolean() ? Octets.EMPTY : octets(random, 32),
                some(
                        random,
                        6,
                        () -> aaa(random.nextInt(256), octets(random, random.nextInt(254)))),
                some(random, 3, () -> unknown(random)));
    }

    private static List<SessionChildSa> childSas(
            Random random, int count, List<ConfigurationAttribute> configuration) {
        List<SessionChildSa> childSas = new ArrayList<>();
        int marked = random.nextInt(count + 1);
        List<TrafficSelector> inner = TicketFormat.innerAddresses(configuration);
        for (int i = 0; i < count; i++) {
            boolean likeCp = random.nextBoolean() && !inner.isEmpty();
            childSas.add(
                    new SessionChildSa(
                            proposal(random, Protocol.ESP),
                            likeCp ? inner : selectors(random),
                            selectors(random),
                            random.nextBoolean(),
                            i == marked));
        }
        return childSas;
    }

    private static Payload.Unknown unknown(Random random) {
        return random.nextBoolean()
                ? new Payload.Unknown(
                        200 + random.nextInt(50), false, octets(random, random.nextInt(40)))
                // A notification of a newer version.
                : new Payload.Unknown(
                        41, false, Octets.ofHex("0000f110" + octets(random, 5).hex()));
    }

    private static List<TrafficSelector> selectors(Random random) {
        List<TrafficSelector> selectors = some(random, 4, () -> selector(random));
        return selectors.isEmpty() ? List.of(EVERYTHING) : selectors;
    }

    private static TrafficSelector selector(Random random) {
        boolean ipv4 = random.nextBoolean();
        int length = ipv4 ? 4 : 16;
        return new TrafficSelector(
                ipv4 ? TrafficSelector.IPV4_RANGE : TrafficSelector.IPV6_RANGE,
                random.nextInt(256),
                random.nextInt(65536),
                random.nextInt(65536),
                octets(random, length),
                octets(random, length));
    }

    private static Proposal proposal(Random random, int protocol) {
        return new Proposal(
                random.nextInt(256),
                protocol,
                Octets.EMPTY,
                some(
                        random,
                        6,
                        () ->
                                new Transform(
                                        1 + random.nextInt(5),
                                        random.nextInt(65536),
                                        random.nextBoolean() ? 0 : 128 * (1 + random.nextInt(2)))));
    }

    private static ConfigurationAttribute attribute(Random random) {
        return switch (random.nextInt(3)) {
            case 0 ->
                    new ConfigurationAttribute(
                            ConfigurationAttribute.INTERNAL_IP4_ADDRESS, octets(random, 4));
            case 1 ->
                    new ConfigurationAttribute(
                            ConfigurationAttribute.INTERNAL_IP6_ADDRESS, octets(random, 17));
            default ->
                    new ConfigurationAttribute(
                            random.nextInt(32768), octets(random, random.nextInt(30)));
        };
    }

    private static Identity identity(Random random) {
        return new Identity(random.nextInt(256), octets(random, random.nextInt(60)));
    }

    private static long time(Random random) {
        return random.nextLong() >>> 24;
    }

    private static String name(Random random) {
        String[] names = {
            "", "employees", "Zürich – Außenstelle", "vpn.example.com", "x".repeat(255)
        };
        return names[random.nextInt(names.length)];
    }

    private static <T> List<T> some(Random random, int below, Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(below); i > 0; i--) {
            list.add(one.get());
        }
        return list;
    }

    static Octets octets(Random random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Octets.of(octets);
    }

    /// The ticket of a session that fits into one.
    static Octets ticket(SealResult result) {
        return switch (result) {
            case SealResult.Sealed(Octets ticket) -> ticket;
            case SealResult.Unfit _, SealResult.NoKey _, SealResult.Elsewhere _ ->
                    throw new AssertionError("no ticket but " + result);
        };
    }

    static Entropy entropy(long seed) {
        return new Random(seed)::nextBytes;
    }

    static TgsKey key(long seed) {
        return TgsKey.generate(entropy(seed), 0);
    }

    static SealedTickets sealer(TgsKey... keys) {
        return new SealedTickets(TgsKeyRing.of(List.of(keys)));
    }
}
