package dev.postern.wire;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/// Messages and payloads for the tests, drawn from a seed.
final class Messages {
    /// Payload types that a message holds in clear text or inside SK.
    static final Set<PayloadType> ENCODABLE =
            EnumSet.complementOf(EnumSet.of(PayloadType.SK, PayloadType.SKF));

    /// What may stand more than once in a message.
    static final Set<PayloadType> REPEATABLE =
            EnumSet.of(
                    PayloadType.CERT,
                    PayloadType.CERTREQ,
                    PayloadType.NOTIFY,
                    PayloadType.DELETE,
                    PayloadType.VENDOR_ID);

    private Messages() {}

    static Octets octets(Random random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Octets.of(octets);
    }

    static Octets upTo(Random random, int length) {
        return octets(random, random.nextInt(length + 1));
    }

    /// A header with any values that the format allows.
    static Header header(Random random) {
        ExchangeType[] types = ExchangeType.values();
        return new Header(
                random.nextLong() | 1,
                random.nextLong(),
                types[random.nextInt(types.length)],
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt());
    }

    /// A chain as a message may hold it.
    static List<Payload> payloads(Random random) {
        List<Payload> payloads = new ArrayList<>();
        Set<PayloadType> left = EnumSet.copyOf(ENCODABLE);
        for (int i = random.nextInt(8); i > 0; i--) {
            if (random.nextInt(8) == 0) {
                payloads.add(unknown(random));
                continue;
            }
            PayloadType type = List.copyOf(left).get(random.nextInt(left.size()));
            if (!REPEATABLE.contains(type)) {
                left.remove(type);
            }
            payloads.add(payload(random, type));
        }
        return payloads;
    }

    static Payload payload(Random random, PayloadType type) {
        return switch (type) {
            case SA ->
                    new Payload.SecurityAssociation(oneOrMore(random, 4, () -> proposal(random)));
            case KE -> new Payload.KeyExchange(random.nextInt(65536), upTo(random, 300));
            case IDI -> new Payload.IdInitiator(identity(random));
            case IDR -> new Payload.IdResponder(identity(random));
            case CERT -> new Payload.Certificate(random.nextInt(256), upTo(random, 300));
            case CERTREQ -> new Payload.CertificateRequest(random.nextInt(256), upTo(random, 60));
            case AUTH -> new Payload.Authentication(random.nextInt(256), upTo(random, 100));
            case NONCE -> new Payload.Nonce(octets(random, 16 + random.nextInt(241)));
            case NOTIFY ->
                    new Payload.Notify(
                            random.nextInt(4),
                            octets(random, 4 * random.nextInt(3)),
                            random.nextInt(65536),
                            upTo(random, 100));
            case DELETE -> delete(random);
            case VENDOR_ID -> new Payload.VendorId(upTo(random, 30));
            case TSI -> new Payload.TsInitiator(oneOrMore(random, 4, () -> selector(random)));
            case TSR -> new Payload.TsResponder(oneOrMore(random, 4, () -> selector(random)));
            case CP ->
                    new Payload.Configuration(
                            1 + random.nextInt(4), some(random, 5, () -> attribute(random)));
            case EAP -> new Payload.Eap(upTo(random, 200));
            case PS -> new Payload.PuzzleSolution(upTo(random, 32));
            case SK, SKF -> throw new IllegalArgumentException(type + " is sealed, not drawn");
        };
    }

    static Payload.Unknown unknown(Random random) {
        return new Payload.Unknown(
                55 + random.nextInt(201), random.nextBoolean(), upTo(random, 40));
    }

    private static Payload delete(Random random) {
        if (random.nextBoolean()) {
            return new Payload.Delete(Protocol.IKE, List.of());
        }
        return new Payload.Delete(
                random.nextBoolean() ? Protocol.ESP : Protocol.AH,
                some(random, 5, () -> octets(random, 4)));
    }

    private static Proposal proposal(Random random) {
        return new Proposal(
                random.nextInt(256),
                random.nextInt(4),
                octets(random, 4 * random.nextInt(3)),
                some(random, 6, () -> transform(random)));
    }

    private static Transform transform(Random random) {
        int keyLength = random.nextBoolean() ? 0 : 1 + random.nextInt(65535);
        return new Transform(random.nextInt(256), random.nextInt(65536), keyLength);
    }

    static TrafficSelector selector(Random random) {
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

    private static ConfigurationAttribute attribute(Random random) {
        return new ConfigurationAttribute(random.nextInt(32768), upTo(random, 20));
    }

    private static Identity identity(Random random) {
        return new Identity(random.nextInt(256), upTo(random, 60));
    }

    private static <T> List<T> some(Random random, int most, Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            list.add(one.get());
        }
        return list;
    }

    private static <T> List<T> oneOrMore(Random random, int most, Supplier<T> one) {
        List<T> list = some(random, most - 1, one);
        list.add(one.get());
        return list;
    }
}
