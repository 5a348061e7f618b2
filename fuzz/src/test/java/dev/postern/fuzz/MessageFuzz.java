package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.wire.GatewayList;
import dev.postern.wire.GatewaySwitch;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadCodec;
import dev.postern.wire.PayloadCodec.Chain;
import dev.postern.wire.PayloadType;
import dev.postern.wire.Redirect;
import dev.postern.wire.ResumptionFlags;
import dev.postern.wire.Transform;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import java.util.List;

/// What anybody can send to port 4500 (RFC 7296 section 3).
final class MessageFuzz {
    /// No payload is shorter than its generic header.
    private static final int SHORTEST_PAYLOAD = 4;

    static final List<Chain> KINDS = List.of(Chain.values());

    @FuzzTest
    void aMessage(byte[] octets) {
        Message message;
        try {
            message = MessageCodec.decode(octets);
        } catch (MalformedException e) {
            assertThat(e.malformation()).isNotNull();
            return;
        }
        assertThat(message.payloads()).hasSizeLessThanOrEqualTo(octets.length / SHORTEST_PAYLOAD);
        if (message.payloads().stream().allMatch(MessageFuzz::encodesAsItWas)) {
            byte[] again = MessageCodec.encode(message.header(), message.payloads());
            Message decoded = decodeOwn(again);
            assertThat(decoded.header()).isEqualTo(message.header());
            assertThat(decoded.payloads()).isEqualTo(message.payloads());
            assertThat(MessageCodec.encode(decoded.header(), decoded.payloads())).isEqualTo(again);
        }
    }

    /// A message of a higher version is answered with the header that it came with.
    @FuzzTest
    void aMessageOfAHigherVersion(byte[] octets) {
        if (MessageCodec.claimsHigherMajorVersion(octets)) {
            MessageCodec.foreignHeader(octets);
        }
    }

    /// The first octet names the chain, the second the type of the first payload.
    @FuzzTest
    void aPayloadChain(byte[] input) {
        if (input.length < 2) {
            return;
        }
        Chain kind = KINDS.get(Math.floorMod(input[0], KINDS.size()));
        int first = Byte.toUnsignedInt(input[1]);
        List<Payload> payloads;
        try {
            payloads =
                    PayloadCodec.decodeChain(
                            new WireReader(input, 2, input.length - 2), first, kind);
        } catch (MalformedException e) {
            return;
        }
        assertThat(payloads).hasSizeLessThanOrEqualTo(input.length / SHORTEST_PAYLOAD);
        if (kind != Chain.MESSAGE
                && !payloads.isEmpty()
                && payloads.stream().allMatch(MessageFuzz::encodesAsItWas)) {
            WireWriter writer = new WireWriter();
            PayloadCodec.encodeChain(writer, payloads, PayloadType.NONE);
            int type = firstType(payloads.getFirst());
            assertThat(decodeOwnChain(writer.finish(), type, kind)).isEqualTo(payloads);
        }
    }

    @FuzzTest
    void aGatewayList(byte[] octets) {
        List<GatewayList.Entry> entries;
        try {
            entries = GatewayList.decode(Octets.of(octets));
        } catch (MalformedException e) {
            return;
        }
        assertThat(entries).hasSizeLessThanOrEqualTo(GatewayList.MAXIMUM_ENTRIES);
        try {
            assertThat(GatewayList.decode(GatewayList.encode(entries))).isEqualTo(entries);
        } catch (MalformedException e) {
            throw new AssertionError("a list that was decoded does not decode again", e);
        }
    }

    /// N(GATEWAY_SWITCH) and N(REDIRECT) (RFC 5685), the latter also of a stranger.
    @FuzzTest
    void anOrderToGo(byte[] octets) {
        try {
            GatewaySwitch order = GatewaySwitch.decode(Octets.of(octets));
            if (order.reason() != null && order.gateway() != null) {
                assertThat(GatewaySwitch.decode(order.encode())).isEqualTo(order);
                assertThat(GatewayList.text(order.gateway()).chars())
                        .noneMatch(Character::isISOControl);
            }
        } catch (MalformedException e) {
            assertThat(e.malformation()).isNotNull();
        }
        try {
            Redirect redirect = Redirect.decode(Octets.of(octets));
            if (redirect.gateway() != null) {
                assertThat(Redirect.decode(redirect.encode())).isEqualTo(redirect);
            }
        } catch (MalformedException e) {
            assertThat(e.malformation()).isNotNull();
        }
    }

    @FuzzTest
    void resumptionFlags(byte[] octets) {
        try {
            ResumptionFlags flags = ResumptionFlags.decode(Octets.of(octets));
            assertThat(ResumptionFlags.decode(flags.encode())).isEqualTo(flags);
        } catch (MalformedException e) {
            assertThat(octets.length).isNotEqualTo(1);
        }
    }

    /// Protected payloads are not encoded by this codec, and of a transform that is not understood
    /// only that is known: nobody ever chooses it.
    private static boolean encodesAsItWas(Payload payload) {
        return switch (payload) {
            case Payload.Encrypted _, Payload.EncryptedFragment _ -> false;
            case Payload.SecurityAssociation sa ->
                    sa.proposals().stream()
                            .flatMap(proposal -> proposal.transforms().stream())
                            .allMatch(Transform::understood);
            case Payload _ -> true;
        };
    }

    private static int firstType(Payload payload) {
        WireWriter writer = new WireWriter();
        // The type of a payload stands in front of it: encode it behind another one.
        Payload.Nonce before = new Payload.Nonce(Octets.of(new byte[16]));
        PayloadCodec.encodeChain(writer, List.of(before, payload), PayloadType.NONE);
        return Byte.toUnsignedInt(writer.finish()[0]);
    }

    private static Message decodeOwn(byte[] octets) {
        try {
            return MessageCodec.decode(octets);
        } catch (MalformedException e) {
            throw new AssertionError("what was decoded and encoded does not decode again", e);
        }
    }

    private static List<Payload> decodeOwnChain(byte[] octets, int first, Chain kind) {
        try {
            return PayloadCodec.decodeChain(new WireReader(octets), first, kind);
        } catch (MalformedException e) {
            throw new AssertionError("what was decoded and encoded does not decode again", e);
        }
    }
}
