package dev.postern.fuzz;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.PayloadCipher;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.standby.StandbyRecord;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes messages that come in where they are due: under the SPIs, the exchange and the Message ID
/// of what an endpoint waits for, in clear or, as if the other end had gone mad, under the keys of
/// the IKE SA. What stands in them is the program's.
final class Forger {
    /// Octets of a step before the payloads: how, exchange, first payload, length.
    static final int OPERANDS = 4;

    static final int TO_CLIENT = 1;
    static final int RESPONSE = 2;
    static final int AUTHENTIC = 4;
    static final int OTHER_EXCHANGE = 8;
    static final int OTHER_SPI = 16;
    static final int NEXT_ID = 32;

    private static final int HEADER = 28;
    private static final int GENERIC_HEADER = 4;
    private static final int SK = 46;
    private static final int FLAG_INITIATOR = 0x08;
    private static final int FLAG_RESPONSE = 0x20;
    private static final int FIRST_EXCHANGE = 34;

    private final EndpointNeighbourhood world;
    private final List<byte[]> made = new ArrayList<>();
    private long ivs = 1L << 40;

    Forger(EndpointNeighbourhood world) {
        this.world = world;
    }

    /// One step.
    ///
    /// @return where the program goes on
    int step(byte[] program, int at) {
        if (at + OPERANDS > program.length) {
            return program.length;
        }
        int how = program[at];
        int length = Math.min(program[at + 3] & 0xff, program.length - at - OPERANDS);
        int from = at + OPERANDS;
        byte[] chain = Arrays.copyOfRange(program, from, from + length);
        byte[] message =
                (how & AUTHENTIC) != 0
                        ? authentic(how, program[at + 1], program[at + 2], chain)
                        : clear(how, program[at + 1], program[at + 2], chain);
        if (message != null) {
            made.add(message);
            world.handForged((how & TO_CLIENT) == 0, message.clone());
        }
        return from + length;
    }

    /// Like the newest message of the end that is meant, which waits for an answer, or in the place
    /// of the other end's next one.
    private byte @Nullable [] clear(int how, int exchange, int first, byte[] chain) {
        boolean toGateway = (how & TO_CLIENT) == 0;
        boolean response = (how & RESPONSE) != 0;
        byte[] like = world.newest(response != toGateway);
        if (like == null) {
            return null;
        }
        byte[] message = Arrays.copyOf(like, HEADER + chain.length);
        System.arraycopy(chain, 0, message, HEADER, chain.length);
        message[16] = (byte) first;
        message[19] = (byte) ((response ? FLAG_RESPONSE : 0) | (toGateway ? FLAG_INITIATOR : 0));
        if ((how & OTHER_EXCHANGE) != 0) {
            message[18] = (byte) (FIRST_EXCHANGE + Math.floorMod(exchange, 16));
        }
        if ((how & OTHER_SPI) != 0) {
            message[15] ^= 1;
        }
        if ((how & NEXT_ID) != 0) {
            message[23]++;
        }
        return withLength(message);
    }

    private byte @Nullable [] authentic(int how, int exchange, int first, byte[] chain) {
        if (!world.hasRecord()) {
            return null;
        }
        boolean toGateway = (how & TO_CLIENT) == 0;
        boolean response = (how & RESPONSE) != 0;
        try (StandbyRecord record = world.record();
                IkeKeys keys = keys(record, toGateway == !record.initiator())) {
            PayloadCipher cipher = keys.outbound();
            int text = HEADER + GENERIC_HEADER + cipher.ivLength();
            int textLength = chain.length + 1;
            byte[] message = new byte[text + textLength + cipher.icvLength()];
            ByteBuffer.wrap(message).putLong(record.spiI()).putLong(record.spiR());
            message[16] = SK;
            message[17] = 0x20;
            message[18] =
                    (byte)
                            ((how & OTHER_EXCHANGE) != 0
                                    ? FIRST_EXCHANGE + Math.floorMod(exchange, 16)
                                    : 37);
            boolean fromInitiator = toGateway != record.initiator();
            message[19] =
                    (byte) ((response ? FLAG_RESPONSE : 0) | (fromInitiator ? FLAG_INITIATOR : 0));
            int id = response ? due(record, toGateway) : next(record, toGateway);
            ByteBuffer.wrap(message).putInt(20, id + ((how & NEXT_ID) != 0 ? 1 : 0));
            message[HEADER] = (byte) first;
            ByteBuffer.wrap(message)
                    .putShort(HEADER + 2, (short) (message.length - HEADER))
                    .putLong(HEADER + GENERIC_HEADER, ivs++);
            System.arraycopy(chain, 0, message, text, chain.length);
            withLength(message);
            cipher.seal(message, 0, HEADER + GENERIC_HEADER, textLength);
            return message;
        }
    }

    private static IkeKeys keys(StandbyRecord record, boolean initiator) {
        return IkeKeys.restore(
                Neighbours.IKE.getFirst(),
                record.session().secret(),
                record.ikeKeys(),
                new IkeKeys.Context(
                        record.spiI(),
                        record.spiR(),
                        new byte[0],
                        new byte[0],
                        initiator,
                        new IvPrefix(9, 0),
                        false,
                        false));
    }

    /// The Message ID of the newest request of whoever the answer goes to.
    private int due(StandbyRecord record, boolean toGateway) {
        int newest = 0;
        for (byte[] message : said()) {
            if (isRequest(record, message, !toGateway)) {
                newest = ByteBuffer.wrap(message).getInt(20);
            }
        }
        return newest;
    }

    /// One more than that of the newest request of whoever is forged.
    private int next(StandbyRecord record, boolean toGateway) {
        int next = 0;
        for (byte[] message : said()) {
            if (isRequest(record, message, toGateway)) {
                next = Math.max(next, ByteBuffer.wrap(message).getInt(20) + 1);
            }
        }
        return next;
    }

    private List<byte[]> said() {
        List<byte[]> all = new ArrayList<>(world.transcript());
        all.addAll(made);
        return all;
    }

    private static boolean isRequest(StandbyRecord record, byte[] message, boolean toGateway) {
        boolean fromInitiator = toGateway != record.initiator();
        return message.length >= HEADER
                && ByteBuffer.wrap(message).getLong(0) == record.spiI()
                && (message[19] & FLAG_RESPONSE) == 0
                && ((message[19] & FLAG_INITIATOR) != 0) == fromInitiator;
    }

    private static byte[] withLength(byte[] message) {
        ByteBuffer.wrap(message).putInt(24, message.length);
        return message;
    }
}
