package dev.postern.radius;

/// What a session has carried so far; input is from the peer (RFC 2866 sections 5.3 and 5.4).
public record Usage(long inputOctets, long outputOctets, long inputPackets, long outputPackets) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    public Usage plus(Usage more) {
        return new Usage(
                inputOctets + more.inputOctets,
                outputOctets + more.outputOctets,
                inputPackets + more.inputPackets,
                outputPackets + more.outputPackets);
    }
}
