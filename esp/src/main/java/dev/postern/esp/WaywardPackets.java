package dev.postern.esp;

/// Packets for which there is no SA, and where they came from (RFC 7296 section 1.5). Anybody can
/// send such packets, so only a few are remembered: one for each sender of the last while, as far
/// as there is room, and the later one where two share a place. Allocates nothing for a packet.
final class WaywardPackets {
    /// A power of two.
    static final int ROOM = 64;

    private final int[] spis = new int[ROOM];
    private final long[] sourcesHigh = new long[ROOM];
    private final long[] sourcesLow = new long[ROOM];
    private final int[] ports = new int[ROOM];

    void note(int spi, long sourceHigh, long sourceLow, int sourcePort) {
        long mixed = (sourceHigh * 31 + sourceLow) * 31 + sourcePort;
        int place = (int) ((mixed * 0x9e37_79b9_7f4a_7c15L) >>> 58);
        spis[place] = spi;
        sourcesHigh[place] = sourceHigh;
        sourcesLow[place] = sourceLow;
        ports[place] = sourcePort;
    }

    /// Tells those since the last call.
    void report(WaywardReport report) {
        for (int place = 0; place < ROOM; place++) {
            // No SA has SPI 0 (RFC 4303 section 2.1).
            if (spis[place] != 0) {
                report.came(
                        spis[place],
                        EspOpener.endpoint(sourcesHigh[place], sourcesLow[place], ports[place]));
                spis[place] = 0;
            }
        }
    }
}
