package dev.postern.wire;

/// The failover profile's reading of a Message ID: gateway switch count (4 bits) | S-Message-ID (28
/// bits). draft-dondeti-ipsec-failover-sol-00 section 4.2.2.
public final class MessageId {
    public static final int MAXIMUM_SWITCH_COUNT = 15;
    public static final int MAXIMUM_SEQUENCE = (1 << 28) - 1;

    private MessageId() {}

    public static int of(int gatewaySwitchCount, int sequence) {
        if (gatewaySwitchCount >>> 4 != 0 || sequence >>> 28 != 0) {
            throw new IllegalArgumentException(
                    "no Message ID has switch count "
                            + gatewaySwitchCount
                            + " and sequence "
                            + Integer.toUnsignedString(sequence));
        }
        return gatewaySwitchCount << 28 | sequence;
    }

    public static int gatewaySwitchCount(int messageId) {
        return messageId >>> 28;
    }

    public static int sequence(int messageId) {
        return messageId & MAXIMUM_SEQUENCE;
    }
}
