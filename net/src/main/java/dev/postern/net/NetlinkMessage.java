package dev.postern.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// One rtnetlink message, in the order of the machine:
///
///     nlmsghdr (16): 0 len (4), 4 type (2), 6 flags (2), 8 seq (4), 12 pid (4)
///     then a fixed header of the type's own, then attributes: len (2), type (2), value, padded to 4
final class NetlinkMessage {
    static final int HEADER = 16;

    static final int ERROR = 2;
    static final int DONE = 3;
    static final int NEW_LINK = 16;
    static final int GET_LINK = 18;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int GET_ADDRESS = 22;
    static final int NEW_ROUTE = 24;
    static final int DELETE_ROUTE = 25;
    static final int GET_ROUTE = 26;
    static final int NEW_NEIGHBOUR = 28;
    static final int DELETE_NEIGHBOUR = 29;
    static final int GET_NEIGHBOUR = 30;

    static final int NEW_RULE = 32;
    static final int DELETE_RULE = 33;
    static final int GET_RULE = 34;

    static final int REQUEST = 0x1;
    static final int ACK = 0x4;
    static final int REPLACE = 0x100;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;
    static final int DUMP = 0x300;

    private static final int CAPACITY = 1024;

    private final ByteBuffer octets = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());

    NetlinkMessage(int type, int flags) {
        octets.putInt(0).putShort((short) type).putShort((short) (flags | REQUEST));
        octets.putInt(0).putInt(0);
    }

    NetlinkMessage put8(int value) {
        octets.put((byte) value);
        return this;
    }

    NetlinkMessage put16(int value) {
        octets.putShort((short) value);
        return this;
    }

    NetlinkMessage put32(int value) {
        octets.putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, byte[] value) {
        octets.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        while (octets.position() % 4 != 0) {
            octets.put((byte) 0);
        }
        return this;
    }

    NetlinkMessage attribute(int type, int value) {
        octets.putShort((short) 8).putShort((short) type).putInt(value);
        return this;
    }

    NetlinkMessage attribute8(int type, int value) {
        return attribute(type, new byte[] {(byte) value});
    }

    NetlinkMessage attribute(int type, String value) {
        return attribute(type, (value + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /// The finished octets.
    byte[] finish(int sequence) {
        octets.putInt(0, octets.position());
        octets.putInt(8, sequence);
        byte[] finished = new byte[octets.position()];
        octets.get(0, finished);
        return finished;
    }

    /// A message from the kernel: its type, its fixed header and its attributes.
    record Received(int type, ByteBuffer fixed, Map<Integer, ByteBuffer> attributes) {
        /// Reads the payload of a message whose fixed header is `fixedLength` octets long.
        static Received parse(int type, ByteBuffer payload, int fixedLength) {
            ByteBuffer fixed =
                    payload.slice(0, Math.min(fixedLength, payload.limit()))
                            .order(ByteOrder.nativeOrder());
            int at = (fixedLength + 3) & ~3;
            return new Received(type, fixed, attributes(payload, at));
        }

        static Map<Integer, ByteBuffer> attributes(ByteBuffer payload, int from) {
            Map<Integer, ByteBuffer> attributes = new HashMap<>();
            int at = from;
            while (at + 4 <= payload.limit()) {
                int length = Short.toUnsignedInt(payload.getShort(at));
                // The two highest bits say "nested" and "network order".
                int type = payload.getShort(at + 2) & 0x3fff;
                if (length < 4 || at + length > payload.limit()) {
                    break;
                }
                attributes.put(
                        type, payload.slice(at + 4, length - 4).order(ByteOrder.nativeOrder()));
                at += (length + 3) & ~3;
            }
            return attributes;
        }

        byte[] octets(int attribute) {
            ByteBuffer value = attributes.get(attribute);
            if (value == null) {
                return new byte[0];
            }
            byte[] copy = new byte[value.limit()];
            value.get(0, copy);
            return copy;
        }

        int number(int attribute, int absent) {
            ByteBuffer value = attributes.get(attribute);
            return value == null || value.limit() < 4 ? absent : value.getInt(0);
        }

        int number8(int attribute) {
            ByteBuffer value = attributes.get(attribute);
            return value == null || value.limit() < 1 ? 0 : value.get(0) & 0xff;
        }

        String text(int attribute) {
            byte[] value = octets(attribute);
            int end = value.length;
            while (end > 0 && value[end - 1] == 0) {
                end--;
            }
            return new String(value, 0, end, StandardCharsets.UTF_8);
        }
    }
}
