package dev.postern.wire;

/// The one octet of N(SESSION_RESUMPTION_SUPPORTED), draft-dondeti-ipsec-failover-sol-00 section
/// 5.2. The other six bits are sent as zero and ignored.
///
/// @param clientSideStorage S, the most significant bit: tickets by value
/// @param gatewayList L, the next one: a list is asked for, or in a response contained
public record ResumptionFlags(boolean clientSideStorage, boolean gatewayList) {
    private static final int S = 0x80;
    private static final int L = 0x40;

    public Octets encode() {
        return Octets.of(new byte[] {(byte) ((clientSideStorage ? S : 0) | (gatewayList ? L : 0))});
    }

    public static ResumptionFlags decode(Octets data) throws MalformedException {
        WireReader reader = new WireReader(data);
        int flags = reader.u8("flags of SESSION_RESUMPTION_SUPPORTED");
        reader.end("SESSION_RESUMPTION_SUPPORTED");
        return new ResumptionFlags((flags & S) != 0, (flags & L) != 0);
    }
}
