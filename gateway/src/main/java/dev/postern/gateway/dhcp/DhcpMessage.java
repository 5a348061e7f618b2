package dev.postern.gateway.dhcp;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/// A DHCP message, RFC 2131 section 2: what a client sends and what a server answers. Names of
/// servers and boot files are left empty.
///
/// @param clientAddress ciaddr; 0.0.0.0 for none
/// @param yourAddress yiaddr, likewise
/// @param relay giaddr, likewise
/// @param hardware six octets of chaddr
/// @param options by code (RFC 2132); one that stands several times is joined (RFC 3396)
public record DhcpMessage(
        boolean isReply,
        int transaction,
        InetAddress clientAddress,
        InetAddress yourAddress,
        InetAddress relay,
        byte[] hardware,
        Map<Integer, byte[]> options) {
    public static final int SUBNET_MASK = 1;
    public static final int NAME_SERVERS = 6;
    public static final int REQUESTED_ADDRESS = 50;
    public static final int LEASE_TIME = 51;
    public static final int MESSAGE_TYPE = 53;
    public static final int SERVER_IDENTIFIER = 54;
    public static final int PARAMETERS = 55;
    public static final int RENEWAL_TIME = 58;
    public static final int CLIENT_IDENTIFIER = 61;

    public static final int DISCOVER = 1;
    public static final int OFFER = 2;
    public static final int REQUEST = 3;
    public static final int DECLINE = 4;
    public static final int ACK = 5;
    public static final int NAK = 6;
    public static final int RELEASE = 7;

    static final InetAddress NONE = InetAddress.ofLiteral("0.0.0.0");
    static final int HARDWARE_LENGTH = 6;
    private static final int COOKIE = 0x6382_5363;
    private static final int FIXED = 236;
    private static final int LONGEST = 1_500;
    private static final int PAD = 0;
    private static final int END = 255;
    private static final int ETHERNET = 1;

    public DhcpMessage {
        options = Map.copyOf(options);
    }

    /// DISCOVER, OFFER, and so on; 0 where it is not said.
    public int type() {
        byte[] type = options.get(MESSAGE_TYPE);
        return type == null || type.length != 1 ? 0 : type[0];
    }

    /// A 32-bit number; -1 where the option is missing or of another length.
    public long number(int option) {
        byte[] value = options.get(option);
        return value == null || value.length != 4
                ? -1
                : Integer.toUnsignedLong(ByteBuffer.wrap(value).getInt());
    }

    public byte[] encode() {
        ByteBuffer octets = ByteBuffer.allocate(LONGEST);
        octets.put((byte) (isReply ? 2 : 1)).put((byte) ETHERNET).put((byte) HARDWARE_LENGTH);
        // One hop: a relay has seen it.
        octets.put((byte) (relay.equals(NONE) ? 0 : 1)).putInt(transaction).putInt(0);
        octets.put(clientAddress.getAddress()).put(yourAddress.getAddress());
        octets.putInt(0).put(relay.getAddress()).put(hardware);
        octets.position(FIXED).putInt(COOKIE);
        option(octets, MESSAGE_TYPE, options.getOrDefault(MESSAGE_TYPE, new byte[] {0}));
        options.forEach((code, value) -> {
            if (code != MESSAGE_TYPE) {
                option(octets, code, value);
            }
        });
        octets.put((byte) END);
        // BOOTP relays drop what is shorter.
        int length = Math.max(octets.position(), 300);
        byte[] message = new byte[length];
        octets.get(0, message, 0, octets.position());
        return message;
    }

    private static void option(ByteBuffer octets, int code, byte[] value) {
        octets.put((byte) code).put((byte) value.length).put(value);
    }

    /// Reads what somebody has sent; null where it is no DHCP message.
    public static @Nullable DhcpMessage decode(byte[] message) {
        if (message.length < FIXED + 4 || message.length > 65_535) {
            return null;
        }
        ByteBuffer octets = ByteBuffer.wrap(message);
        int op = octets.get(0);
        if ((op != 1 && op != 2) || octets.getInt(FIXED) != COOKIE) {
            return null;
        }
        byte[] hardware = new byte[HARDWARE_LENGTH];
        octets.get(28, hardware);
        try {
            return new DhcpMessage(
                    op == 2,
                    octets.getInt(4),
                    address(octets, 12),
                    address(octets, 16),
                    address(octets, 24),
                    hardware,
                    options(octets.position(FIXED + 4)));
        } catch (BufferUnderflowException truncated) {
            return null;
        }
    }

    private static Map<Integer, byte[]> options(ByteBuffer octets) {
        Map<Integer, byte[]> options = new LinkedHashMap<>();
        while (octets.hasRemaining()) {
            int code = octets.get() & 0xff;
            if (code == END) {
                break;
            }
            if (code != PAD) {
                byte[] value = new byte[octets.get() & 0xff];
                octets.get(value);
                options.merge(code, value, DhcpMessage::joined);
            }
        }
        return options;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static InetAddress address(ByteBuffer octets, int at) {
        byte[] address = new byte[4];
        octets.get(at, address);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }
}
