package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// The octet of an IP header with the DSCP (RFC 2474) in its upper six bits and ECN (RFC 3168) in
/// the lower two, and what becomes of it at the ends of a tunnel: RFC 6040, which RFC 7296 section
/// 2.24 asks for.
final class TrafficClass {
    static final int NOT_ECT = 0;
    static final int ECT_1 = 1;
    static final int ECT_0 = 2;
    static final int CE = 3;
    private static final int ECN = 3;

    /// [#combined] where the packet must be dropped.
    static final int ILLEGAL = -1;

    private TrafficClass() {}

    static int of(MemorySegment memory, long at, int version) {
        return version == 4 ? Octets.u8(memory, at + 1) : Octets.u16(memory, at) >>> 4 & 0xff;
    }

    /// The outer octet of an inner packet: ECN is copied ("normal mode", RFC 6040 section 4.1), the
    /// DSCP where the operator wants it.
    static int outer(int inner, boolean copiesDscp) {
        return copiesDscp ? inner : inner & ECN;
    }

    /// The ECN field that a packet leaves the tunnel with (RFC 6040 figure 4), or [#ILLEGAL]: the
    /// network has marked a packet whose ends do not understand marks, and a loss is what they
    /// understand.
    static int combined(int innerEcn, int outerEcn) {
        return switch (innerEcn) {
            case NOT_ECT -> outerEcn == CE ? ILLEGAL : NOT_ECT;
            case ECT_0 -> outerEcn == NOT_ECT ? ECT_0 : outerEcn;
            case ECT_1 -> outerEcn == CE ? CE : ECT_1;
            default -> CE;
        };
    }

    /// Carries what the network has done to the outer packet over to the inner one.
    ///
    /// @param outer traffic class of the packet that the inner one came in
    /// @return false where the inner packet must be dropped
    static boolean decapsulate(MemorySegment memory, long at, InnerPacket packet, int outer) {
        int outerEcn = outer & ECN;
        if (outerEcn == NOT_ECT) {
            return true;
        }
        int before = of(memory, at, packet.version);
        int ecn = combined(before & ECN, outerEcn);
        if (ecn == ILLEGAL) {
            return false;
        }
        int after = (before & ~ECN) | ecn;
        if (after != before) {
            write(memory, at, packet.version, before, after);
        }
        return true;
    }

    private static void write(MemorySegment memory, long at, int version, int before, int after) {
        if (version == 6) {
            Octets.put16(memory, at, (Octets.u16(memory, at) & 0xf00f) | (after << 4));
            return;
        }
        Octets.put8(memory, at + 1, after);
        // RFC 1624, equation 3; the octet is the lower one of its word.
        int sum = (~Octets.u16(memory, at + 10) & 0xffff) + (~before & 0xffff) + after;
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        Octets.put16(memory, at + 10, ~sum & 0xffff);
    }
}
