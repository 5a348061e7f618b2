package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What another implementation sends, from `strongswan.hex`.
class StrongSwanMessagesTest {
    /// A protected chain in clear text.
    record Inner(int firstType, Octets octets) {}

    private static final List<Octets> MESSAGES = new ArrayList<>();
    private static final List<Inner> CHAINS = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(
                        StrongSwanMessagesTest.class.getResourceAsStream("strongswan.hex"))) {
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(StrongSwanMessagesTest::readLine);
        }
    }

    private static void readLine(String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("message")) {
            MESSAGES.add(Octets.ofHex(words[1]));
        } else if (words[0].equals("inner")) {
            String hex = words.length < 3 ? "" : words[2];
            CHAINS.add(new Inner(Integer.parseInt(words[1]), Octets.ofHex(hex)));
        }
    }

    @Test
    void everyMessageInClearTextIsEncodedAgainToTheSameOctets() throws MalformedException {
        for (Octets octets : MESSAGES.subList(0, 4)) {
            Message message = MessageCodec.decode(octets.array());
            assertThat(Octets.of(MessageCodec.encode(message.header(), message.payloads())))
                    .isEqualTo(octets);
        }
    }

    @Test
    void everyProtectedChainIsEncodedAgainToTheSameOctets() throws MalformedException {
        assertThat(CHAINS).hasSize(4);
        for (Inner inner : CHAINS) {
            WireWriter writer = new WireWriter();
            PayloadCodec.encodeChain(writer, decode(inner), PayloadType.NONE);
            assertThat(Octets.of(writer.toArray())).isEqualTo(inner.octets());
        }
    }

    @Test
    void theFirstRequestOffersTwoProposals() throws MalformedException {
        List<Payload> payloads = MessageCodec.decode(MESSAGES.get(0).array()).payloads();
        assertThat(Message.find(payloads, Payload.SecurityAssociation.class))
                .isEqualTo(
                        new Payload.SecurityAssociation(
                                List.of(
                                        new Proposal(
                                                1,
                                                Protocol.IKE,
                                                Octets.EMPTY,
                                                List.of(
                                                        new Transform(Transform.ENCR, 20, 256),
                                                        new Transform(Transform.PRF, 6),
                                                        new Transform(Transform.KE, 31))),
                                        new Proposal(
                                                2,
                                                Protocol.IKE,
                                                Octets.EMPTY,
                                                List.of(
                                                        new Transform(Transform.ENCR, 12, 128),
                                                        new Transform(Transform.INTEG, 12),
                                                        new Transform(Transform.PRF, 5),
                                                        new Transform(Transform.KE, 19))))));
        assertThat(Message.findNotify(payloads, NotifyType.IKEV2_FRAGMENTATION_SUPPORTED))
                .isNotNull();
        assertThat(Message.findError(payloads)).isNull();
    }

    @Test
    void theRefusalNamesTheWantedGroup() throws MalformedException {
        Message message = MessageCodec.decode(MESSAGES.get(1).array());
        assertThat(message.header().response()).isTrue();
        assertThat(message.header().fromInitiator()).isFalse();
        assertThat(Message.findError(message.payloads()))
                .isEqualTo(Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, Octets.ofHex("0013")));
    }

    @Test
    void theProtectedMessagesAreOneSkPayloadToTheirEnd() throws MalformedException {
        int[] firstInner = {35, 36, 42, 0};
        for (int i = 4; i < 8; i++) {
            Message message = MessageCodec.decode(MESSAGES.get(i).array());
            assertThat(message.payloads())
                    .containsExactly(
                            new Payload.Encrypted(
                                    firstInner[i - 4], 32, MESSAGES.get(i).length() - 32));
        }
    }

    @Test
    void theAuthenticationRequestNamesBothPeersAndAsksForAnAddress() throws MalformedException {
        List<Payload> payloads = decode(CHAINS.get(0));
        assertThat(Message.find(payloads, Payload.IdInitiator.class))
                .isEqualTo(new Payload.IdInitiator(Identity.fqdn("c07.clients.example.com")));
        assertThat(Message.find(payloads, Payload.IdResponder.class))
                .isEqualTo(new Payload.IdResponder(Identity.fqdn("gw-a.vpn.example.com")));
        assertThat(Message.find(payloads, Payload.Configuration.class))
                .isEqualTo(
                        new Payload.Configuration(
                                Payload.Configuration.REQUEST,
                                List.of(new ConfigurationAttribute(1, Octets.EMPTY))));
        assertThat(Message.find(payloads, Payload.TsInitiator.class))
                .hasToString("TsInitiator[selectors=[0.0.0.0-255.255.255.255]]");
    }

    @Test
    void theDeleteIsOfTheIkeSa() throws MalformedException {
        assertThat(decode(CHAINS.get(2)))
                .containsExactly(new Payload.Delete(Protocol.IKE, List.of()));
        assertThat(decode(CHAINS.get(3))).isEmpty();
    }

    private static List<Payload> decode(Inner inner) throws MalformedException {
        return PayloadCodec.decodeChain(
                new WireReader(inner.octets()), inner.firstType(), PayloadCodec.Chain.PROTECTED);
    }
}
