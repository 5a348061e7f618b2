package dev.postern.wire;

import java.util.ArrayList;
import java.util.List;

/// Traffic selectors, RFC 7296 section 3.13.1. Selectors of types not known here are passed over.
final class SelectorCodec {
    private static final int IPV4_LENGTH = 16;
    private static final int IPV6_LENGTH = 40;

    private SelectorCodec() {}

    static List<TrafficSelector> decode(WireReader body) throws MalformedException {
        int count = body.u8("number of selectors");
        body.skip(3, "reserved");
        List<TrafficSelector> selectors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int type = body.u8("selector type");
            int protocol = body.u8("ip protocol");
            int length = body.u16("selector length");
            if (length < 4) {
                throw new MalformedException(Malformation.LENGTH_TOO_SMALL, "selector length");
            }
            WireReader selector = body.narrow(length - 4, "selector length");
            if (type == TrafficSelector.IPV4_RANGE || type == TrafficSelector.IPV6_RANGE) {
                selectors.add(selector(selector, type, protocol, length));
            }
        }
        if (selectors.isEmpty()) {
            throw new MalformedException(Malformation.FIELD, "no usable traffic selector");
        }
        return selectors;
    }

    private static TrafficSelector selector(WireReader body, int type, int protocol, int length)
            throws MalformedException {
        boolean ipv4 = type == TrafficSelector.IPV4_RANGE;
        if (length != (ipv4 ? IPV4_LENGTH : IPV6_LENGTH)) {
            throw new MalformedException(Malformation.FIELD, "selector length " + length);
        }
        int startPort = body.u16("start port");
        int endPort = body.u16("end port");
        int addressLength = ipv4 ? 4 : 16;
        Octets start = body.octets(addressLength, "start address");
        Octets end = body.octets(addressLength, "end address");
        return new TrafficSelector(type, protocol, startPort, endPort, start, end);
    }

    static void encode(WireWriter writer, List<TrafficSelector> selectors) {
        writer.u8(selectors.size()).zeros(3);
        for (TrafficSelector selector : selectors) {
            writer.u8(selector.type()).u8(selector.protocol());
            writer.u16(selector.isIpv4() ? IPV4_LENGTH : IPV6_LENGTH);
            writer.u16(selector.startPort()).u16(selector.endPort());
            writer.octets(selector.start()).octets(selector.end());
        }
    }
}
