package dev.postern.esp;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;

/// Which outbound SA takes an inner packet (RFC 4301 section 4.4.1, decorrelated by longest
/// prefix). Address ranges are cut into prefixes; each prefix length in use has one hash table, so
/// that ten thousand clients with one address each, and as many networks behind branch gateways,
/// cost one probe per prefix length and packet. Among the SAs of one prefix the one confirmed last
/// comes first. The control thread writes, the sealer's thread looks up.
final class Spd {
    private record Level(
            int length, long highMask, long lowMask, PublishedTable<OutboundSa[]> sas) {
        static Level of(int mappedLength) {
            return new Level(
                    mappedLength,
                    Prefix.highMask(mappedLength),
                    Prefix.lowMask(mappedLength),
                    new PublishedTable<>());
        }
    }

    /// Longest prefix first, one array for each IP version; replaced when a length is first used.
    private volatile Level[] ipv4 = {};

    private volatile Level[] ipv6 = {};

    @Nullable OutboundSa select(InnerPacket packet) {
        for (Level level : packet.version == 4 ? ipv4 : ipv6) {
            OutboundSa[] candidates =
                    level.sas.get(
                            packet.destinationHigh & level.highMask,
                            packet.destinationLow & level.lowMask);
            if (candidates != null) {
                for (OutboundSa sa : candidates) {
                    if (sa.allows(packet)) {
                        return sa;
                    }
                }
            }
        }
        return null;
    }

    /// Makes `sa` the first choice for its prefix.
    void add(Prefix prefix, OutboundSa sa) {
        PublishedTable<OutboundSa[]> sas = level(prefix).sas;
        OutboundSa[] present = sas.get(prefix.high(), prefix.low());
        if (present == null) {
            sas.put(prefix.high(), prefix.low(), new OutboundSa[] {sa});
            return;
        }
        OutboundSa[] grown = new OutboundSa[present.length + 1];
        grown[0] = sa;
        System.arraycopy(present, 0, grown, 1, present.length);
        sas.put(prefix.high(), prefix.low(), grown);
    }

    void remove(Prefix prefix, OutboundSa sa) {
        PublishedTable<OutboundSa[]> sas = level(prefix).sas;
        OutboundSa[] present = sas.get(prefix.high(), prefix.low());
        if (present == null) {
            return;
        }
        OutboundSa[] others =
                Arrays.stream(present).filter(other -> other != sa).toArray(OutboundSa[]::new);
        if (others.length == 0) {
            sas.remove(prefix.high(), prefix.low());
        } else {
            sas.put(prefix.high(), prefix.low(), others);
        }
    }

    private Level level(Prefix prefix) {
        int length = Prefix.mappedLength(prefix.version(), prefix.length());
        Level[] levels = prefix.version() == 4 ? ipv4 : ipv6;
        for (Level level : levels) {
            if (level.length == length) {
                return level;
            }
        }
        Level added = Level.of(length);
        Level[] grown = Arrays.copyOf(levels, levels.length + 1);
        grown[levels.length] = added;
        Arrays.sort(grown, Comparator.comparingInt(Level::length).reversed());
        if (prefix.version() == 4) {
            ipv4 = grown;
        } else {
            ipv6 = grown;
        }
        return added;
    }
}
