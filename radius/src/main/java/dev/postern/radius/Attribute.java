package dev.postern.radius;

import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One attribute (RFC 2865 section 5): a type and up to 253 octets of value.
public record Attribute(int type, Octets value) {
    public static final int USER_NAME = 1;
    public static final int NAS_IP_ADDRESS = 4;
    public static final int SERVICE_TYPE = 6;
    public static final int FRAMED_IP_ADDRESS = 8;
    public static final int FILTER_ID = 11;
    public static final int FRAMED_MTU = 12;
    public static final int REPLY_MESSAGE = 18;
    public static final int STATE = 24;
    public static final int CLASS = 25;
    public static final int VENDOR_SPECIFIC = 26;
    public static final int SESSION_TIMEOUT = 27;
    public static final int IDLE_TIMEOUT = 28;
    public static final int CALLED_STATION_ID = 30;
    public static final int CALLING_STATION_ID = 31;
    public static final int NAS_IDENTIFIER = 32;
    public static final int PROXY_STATE = 33;
    public static final int ACCT_STATUS_TYPE = 40;
    public static final int ACCT_DELAY_TIME = 41;
    public static final int ACCT_INPUT_OCTETS = 42;
    public static final int ACCT_OUTPUT_OCTETS = 43;
    public static final int ACCT_SESSION_ID = 44;
    public static final int ACCT_AUTHENTIC = 45;
    public static final int ACCT_SESSION_TIME = 46;
    public static final int ACCT_INPUT_PACKETS = 47;
    public static final int ACCT_OUTPUT_PACKETS = 48;
    public static final int ACCT_TERMINATE_CAUSE = 49;
    public static final int ACCT_MULTI_SESSION_ID = 50;
    public static final int ACCT_INPUT_GIGAWORDS = 52;
    public static final int ACCT_OUTPUT_GIGAWORDS = 53;
    public static final int EVENT_TIMESTAMP = 55;
    public static final int NAS_PORT_TYPE = 61;
    public static final int EAP_MESSAGE = 79;
    public static final int MESSAGE_AUTHENTICATOR = 80;
    public static final int ACCT_INTERIM_INTERVAL = 85;
    public static final int CHARGEABLE_USER_IDENTITY = 89;
    public static final int NAS_IPV6_ADDRESS = 95;
    public static final int ERROR_CAUSE = 101;
    public static final int FRAMED_IPV6_ADDRESS = 168;
    public static final int DNS_SERVER_IPV6_ADDRESS = 169;

    /// Octets of the longest value.
    public static final int LONGEST_VALUE = 253;

    private static final int SHORTEST = 2;

    public Attribute {
        if (type < 1 || type > 255 || value.length() > LONGEST_VALUE) {
            throw new IllegalArgumentException(
                    "attribute " + type + " with " + value.length() + " octets cannot be written");
        }
    }

    /// A text, cut at 253 octets where it is longer.
    public static Attribute text(int type, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        Octets value = Octets.of(octets);
        return new Attribute(
                type, octets.length > LONGEST_VALUE ? value.slice(0, LONGEST_VALUE) : value);
    }

    /// An unsigned integer of 32 bits, of which `value` has the low ones.
    public static Attribute integer(int type, long value) {
        return new Attribute(type, Octets.ofInt((int) value));
    }

    public static Attribute address(int type, InetAddress address) {
        return new Attribute(type, Octets.of(address.getAddress()));
    }

    /// A long value over as many attributes as it needs, which EAP-Message allows (RFC 3579 section
    /// 3.1).
    public static List<Attribute> split(int type, Octets value) {
        List<Attribute> parts = new ArrayList<>();
        for (int from = 0; from == 0 || from < value.length(); from += LONGEST_VALUE) {
            int to = Math.min(from + LONGEST_VALUE, value.length());
            parts.add(new Attribute(type, value.slice(from, to)));
        }
        return parts;
    }

    /// The octets as they stand in a packet: type | length | value. Sessions keep them so.
    public Octets raw() {
        byte[] octets = new byte[SHORTEST + value.length()];
        octets[0] = (byte) type;
        octets[1] = (byte) octets.length;
        System.arraycopy(value.array(), 0, octets, SHORTEST, value.length());
        return Octets.of(octets);
    }

    /// Octets in a packet.
    int length() {
        return SHORTEST + value.length();
    }

    /// Without the value: it may be a State, a key or an EAP message.
    @Override
    public String toString() {
        return "Attribute[" + type + ", " + value.length() + " octets]";
    }
}
