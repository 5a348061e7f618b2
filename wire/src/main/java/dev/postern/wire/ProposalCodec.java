package dev.postern.wire;

import java.util.ArrayList;
import java.util.List;

/// Proposals and transforms of an SA payload, RFC 7296 sections 3.3.1 to 3.3.5.
final class ProposalCodec {
    private static final int PROPOSAL_HEADER = 8;
    private static final int TRANSFORM_HEADER = 8;
    private static final int MORE_PROPOSALS = 2;
    private static final int MORE_TRANSFORMS = 3;
    private static final int MAXIMUM_PROPOSALS = 64;
    private static final int MAXIMUM_TRANSFORMS = 128;
    private static final int KEY_LENGTH_ATTRIBUTE = 14;
    private static final int FIXED_LENGTH_ATTRIBUTE = 0x8000;

    private ProposalCodec() {}

    static List<Proposal> decode(WireReader body) throws MalformedException {
        List<Proposal> proposals = new ArrayList<>();
        int more = MORE_PROPOSALS;
        while (more == MORE_PROPOSALS) {
            if (proposals.size() == MAXIMUM_PROPOSALS) {
                throw new MalformedException(Malformation.TOO_MANY, "proposals");
            }
            more = lastOrMore(body, MORE_PROPOSALS, "proposal");
            int length = body.u16("proposal length");
            if (length < PROPOSAL_HEADER) {
                throw new MalformedException(Malformation.LENGTH_TOO_SMALL, "proposal length");
            }
            proposals.add(proposal(body.narrow(length - 4, "proposal length")));
        }
        return proposals;
    }

    private static Proposal proposal(WireReader body) throws MalformedException {
        int number = body.u8("proposal number");
        int protocol = body.u8("protocol id");
        int spiLength = body.u8("spi size");
        int count = body.u8("number of transforms");
        Octets spi = body.octets(spiLength, "spi");
        if (count > MAXIMUM_TRANSFORMS) {
            throw new MalformedException(Malformation.TOO_MANY, "transforms");
        }
        List<Transform> transforms = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int more = lastOrMore(body, MORE_TRANSFORMS, "transform");
            if ((more == MORE_TRANSFORMS) != (i + 1 < count)) {
                throw new MalformedException(Malformation.FIELD, "number of transforms");
            }
            int length = body.u16("transform length");
            if (length < TRANSFORM_HEADER) {
                throw new MalformedException(Malformation.LENGTH_TOO_SMALL, "transform length");
            }
            transforms.add(transform(body.narrow(length - 4, "transform length")));
        }
        body.end("proposal");
        return new Proposal(number, protocol, spi, transforms);
    }

    private static Transform transform(WireReader body) throws MalformedException {
        int type = body.u8("transform type");
        body.skip(1, "reserved");
        int id = body.u16("transform id");
        int keyLength = 0;
        boolean understood = true;
        while (!body.isAtEnd()) {
            int attribute = body.u16("attribute type");
            int valueOrLength = body.u16("attribute value");
            if (attribute == (FIXED_LENGTH_ATTRIBUTE | KEY_LENGTH_ATTRIBUTE)) {
                // A second Key Length, or one of zero, makes the transform ambiguous: it is never
                // chosen.
                understood &= keyLength == 0 && valueOrLength != 0;
                keyLength = valueOrLength;
            } else {
                understood = false;
                if ((attribute & FIXED_LENGTH_ATTRIBUTE) == 0) {
                    body.skip(valueOrLength, "attribute value");
                }
            }
        }
        return new Transform(type, id, keyLength, understood);
    }

    private static int lastOrMore(WireReader body, int more, String what)
            throws MalformedException {
        int value = body.u8("last " + what);
        if (value != 0 && value != more) {
            throw new MalformedException(Malformation.FIELD, "last " + what);
        }
        body.skip(1, "reserved");
        return value;
    }

    static void encode(WireWriter writer, List<Proposal> proposals) {
        for (int p = 0; p < proposals.size(); p++) {
            Proposal proposal = proposals.get(p);
            int start = writer.position();
            writer.u8(p + 1 < proposals.size() ? MORE_PROPOSALS : 0).u8(0).u16(0);
            writer.u8(proposal.number()).u8(proposal.protocol()).u8(proposal.spi().length());
            writer.u8(proposal.transforms().size()).octets(proposal.spi());
            for (int t = 0; t < proposal.transforms().size(); t++) {
                boolean last = t + 1 == proposal.transforms().size();
                encode(writer, proposal.transforms().get(t), last);
            }
            writer.setU16(start + 2, writer.position() - start);
        }
    }

    private static void encode(WireWriter writer, Transform transform, boolean last) {
        boolean keyed = transform.keyLength() != 0;
        writer.u8(last ? 0 : MORE_TRANSFORMS)
                .u8(0)
                .u16(keyed ? TRANSFORM_HEADER + 4 : TRANSFORM_HEADER);
        writer.u8(transform.type()).u8(0).u16(transform.id());
        if (keyed) {
            writer.u16(FIXED_LENGTH_ATTRIBUTE | KEY_LENGTH_ATTRIBUTE).u16(transform.keyLength());
        }
    }
}
