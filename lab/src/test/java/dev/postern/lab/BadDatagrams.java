package dev.postern.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/// A stranger who sends what no peer would, the same for the same seed: `BadDatagrams ADDRESS PORT
/// SEED COUNT`, a program of its own since it runs on a host of the lab.
final class BadDatagrams {
    private static final int LARGEST = 65_507;
    private static final int HEADER = 28;

    /// A request of IKE_SA_INIT that is well formed as far as it goes: it ends with its SA payload.
    private static final byte[] IKE_SA_INIT =
            HexFormat.of()
                    .parseHex(
                            // Non-ESP marker, SPIs, header.
                            "00000000"
                                    + "01020304050607080000000000000000"
                                    + "212022080000000000000044"
                                    // SA: AES-GCM-256, PRF_HMAC_SHA2_384, X25519.
                                    + "000000280000002401010003"
                                    + "0300000c01000014800e01000300000802000006000000080400001f");

    private final Random random;

    private BadDatagrams(long seed) {
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws IOException {
        InetSocketAddress target =
                new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        BadDatagrams source = new BadDatagrams(Long.parseLong(arguments[2]));
        int count = Integer.parseInt(arguments[3]);
        try (DatagramChannel channel = DatagramChannel.open()) {
            for (int i = 0; i < count; i++) {
                channel.send(ByteBuffer.wrap(source.next(i)), target);
            }
        }
        System.out.println("sent " + count);
    }

    private byte[] next(int number) {
        return switch (number % 8) {
            case 0 -> octets(random.nextInt(64));
            case 1 -> octets(random.nextInt(1_500));
            case 2 -> number % 64 == 2 ? octets(LARGEST) : octets(9_000);
            case 3 -> truncated();
            case 4 -> flipped();
            case 5 -> withHeader(random.nextInt(256), octets(random.nextInt(600)));
            // IKE_SA_INIT, IKE_AUTH, CREATE_CHILD_SA, INFORMATIONAL, IKE_SESSION_RESUME.
            case 6 -> withHeader(34 + random.nextInt(5), octets(random.nextInt(600)));
            default -> withHeader(240, octets(random.nextInt(600)));
        };
    }

    private byte[] octets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    private byte[] truncated() {
        return Arrays.copyOf(IKE_SA_INIT, random.nextInt(IKE_SA_INIT.length));
    }

    private byte[] flipped() {
        byte[] octets = IKE_SA_INIT.clone();
        octets[4 + random.nextInt(octets.length - 4)] ^= (byte) (1 << random.nextInt(8));
        return octets;
    }

    /// A marker and a header that is well formed, whose payloads are noise.
    private byte[] withHeader(int exchangeType, byte[] noise) {
        return ByteBuffer.allocate(4 + HEADER + noise.length)
                .putInt(0)
                .putLong(random.nextLong())
                .putLong(random.nextBoolean() ? 0 : random.nextLong())
                .put((byte) (33 + random.nextInt(21)))
                .put((byte) 0x20)
                .put((byte) exchangeType)
                .put((byte) (random.nextBoolean() ? 0x08 : 0x20))
                .putInt(random.nextInt(2))
                .putInt(HEADER + noise.length)
                .put(noise)
                .array();
    }
}
