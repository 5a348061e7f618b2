package dev.postern.bench;

import dev.postern.ike.Counter;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// A flood of resume requests with tickets that nobody sealed, behind the socket, while a valid
/// client resumes now and then: what one of them costs the gateway's thread, how many it can refuse
/// in a second, and whether the client got through. `GarbageTickets [COUNT]`.
public final class GarbageTickets {
    private static final int RESUME_EVERY = 10_000;
    private static final int RESUMES_PER_SESSION = 14;

    private GarbageTickets() {}

    public static void main(String[] arguments) {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        for (boolean knownKey : new boolean[] {false, true}) {
            flood(knownKey, count / 4);
            System.out.println(flood(knownKey, count));
        }
    }

    private static String flood(boolean knownKey, int count) {
        EndpointPair pair = new EndpointPair();
        pair.handshake();
        int length = pair.ticket().length;
        byte[] keyId = Arrays.copyOf(pair.ticket(), 9);
        Random random = new Random(16);
        long garbageNanos = 0;
        long answers = 0;
        int resumes = 0;
        int wanted = 0;
        pair.takeGatewayNanos();
        for (int i = 1; i <= count; i++) {
            byte[] request = request(random, length, knownKey ? keyId : null);
            answers += pair.strange(request);
            if (i % RESUME_EVERY == 0) {
                garbageNanos += pair.takeGatewayNanos();
                if (wanted % RESUMES_PER_SESSION == RESUMES_PER_SESSION - 1) {
                    pair.delete();
                    pair.handshake();
                }
                long before = resumed(pair);
                pair.resume();
                wanted++;
                resumes += resumed(pair) > before ? 1 : 0;
                pair.takeGatewayNanos();
            }
        }
        return String.format(
                Locale.ROOT,
                "%s: %.2f us each, %.0f a second and core; %d of %d valid resumes; %d answers,"
                        + " %d IKE SAs held",
                knownKey ? "known TGS-SPI, wrong seal" : "unknown TGS-SPI",
                garbageNanos / 1000.0 / count,
                count * 1e9 / garbageNanos,
                resumes,
                wanted,
                answers,
                pair.gateway().size());
    }

    private static long resumed(EndpointPair pair) {
        return pair.gateway().counters().get(Counter.ESTABLISHED_RESUMED_1RTT);
    }

    /// A request with a ticket of so many octets that nobody sealed.
    ///
    /// @param keyId TGS-SPI and version; null for any
    static byte[] request(Random random, int length, byte @Nullable [] keyId) {
        byte[] data = new byte[4 + length];
        random.nextBytes(data);
        if (keyId != null) {
            System.arraycopy(keyId, 0, data, 4, keyId.length);
        }
        byte[] sealed = new byte[200];
        random.nextBytes(sealed);
        Header header =
                new Header(
                        random.nextLong() | 1,
                        0,
                        ExchangeType.IKE_SESSION_RESUME_1RTT,
                        true,
                        false,
                        MessageId.of(1, 0));
        byte[] clear =
                MessageCodec.encode(
                        header,
                        List.of(Payload.Notify.of(NotifyType.IKEV2_TICKET, Octets.of(data))));
        return withEncrypted(clear, Header.LENGTH, sealed);
    }

    /// Appends an SK payload: the last payload before it names it, the header counts it.
    ///
    /// @param last where that payload begins
    static byte[] withEncrypted(byte[] clear, int last, byte[] sealed) {
        byte[] message = Arrays.copyOf(clear, clear.length + 4 + sealed.length);
        message[last] = 46;
        ByteBuffer.wrap(message)
                .putInt(24, message.length)
                .putShort(clear.length + 2, (short) (4 + sealed.length));
        System.arraycopy(sealed, 0, message, clear.length + 4, sealed.length);
        return message;
    }
}
