package dev.postern.radius;

import static dev.postern.radius.ServerByHand.SECRET;
import static dev.postern.radius.ServerByHand.hex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.radius.AccessConversation.Step;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// RFC 3579 section 2: EAP between a peer and a RADIUS server.
class Rfc3579_2_ConversationTest {
    private static final Octets IDENTITY = hex("020700 0a01 616c696365");
    private static final Octets REQUEST = hex("01080006 1a01");
    private static final Octets SUCCESS = hex("03080004");
    private static final Octets FAILURE = hex("04080004");
    private static final Octets STATE = hex("0badcafe");
    private static final Octets AUTHENTICATOR = hex("000102030405060708090a0b0c0d0e0f");

    private final AccessConversation conversation =
            new AccessConversation(
                    new Nas("gw-a", ServerByHand.address("192.0.2.1")),
                    "192.0.2.1[4500]",
                    "198.51.100.7[4500]",
                    "claimed",
                    1100);

    private Step on(Code code, Attribute... attributes) {
        Packet packet = new Packet(code, 1, AUTHENTICATOR, new Attributes(List.of(attributes)));
        return conversation.onAnswer(
                new ClientEffect.Answered(1, 1, AUTHENTICATOR, packet), SECRET);
    }

    private static Attribute eap(Octets packet) {
        return new Attribute(Attribute.EAP_MESSAGE, packet);
    }

    @Test
    void theNameInEapResponseIdentityIsUserNameInEveryRequest() {
        assertThat(conversation.ask(1, hex("02010006 0300")).attributes().text(1))
                .isEqualTo("claimed");
        assertThat(conversation.ask(2, IDENTITY).attributes().text(1)).isEqualTo("alice");
        assertThat(conversation.ask(3, hex("02010006 1a02")).attributes().text(1))
                .isEqualTo("alice");
    }

    @Test
    void aRequestSaysWhoAsksForWhomAndOverWhat() {
        Attributes attributes = conversation.ask(1, IDENTITY).attributes();
        assertThat(attributes.text(Attribute.NAS_IDENTIFIER)).isEqualTo("gw-a");
        assertThat(attributes.address(Attribute.NAS_IP_ADDRESS, 4))
                .isEqualTo(ServerByHand.address("192.0.2.1"));
        assertThat(attributes.integer(Attribute.NAS_PORT_TYPE)).as("virtual").isEqualTo(5);
        assertThat(attributes.integer(Attribute.FRAMED_MTU)).isEqualTo(1100);
        assertThat(attributes.text(Attribute.CALLING_STATION_ID)).isEqualTo("198.51.100.7[4500]");
    }

    @Test
    void aLongEapMessageIsSplitInOrder() {
        byte[] eap = new byte[1000];
        for (int i = 4; i < eap.length; i++) {
            eap[i] = (byte) i;
        }
        eap[0] = 2;
        eap[2] = (byte) (eap.length >>> 8);
        eap[3] = (byte) eap.length;
        Attributes attributes = conversation.ask(1, Octets.of(eap)).attributes();
        assertThat(attributes.all(Attribute.EAP_MESSAGE)).hasSize(4);
        assertThat(attributes.joined(Attribute.EAP_MESSAGE)).isEqualTo(Octets.of(eap));
    }

    @Test
    void aChallengeGoesToThePeerAndItsStateBackToThatServerAlone() {
        Step step = on(Code.ACCESS_CHALLENGE, eap(REQUEST), new Attribute(Attribute.STATE, STATE));
        assertThat(step).isEqualTo(new Step.Challenge(REQUEST));
        Call.Access next = conversation.ask(2, hex("02080006 1a02"));
        assertThat(next.attributes().first(Attribute.STATE)).isEqualTo(STATE);
        assertThat(next.server()).isEqualTo(1);
    }

    @Test
    void anAcceptBringsTheMskAndWhatWasGranted() {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(eap(SUCCESS));
        attributes.add(Attribute.integer(Attribute.SESSION_TIMEOUT, 3600));
        attributes.addAll(Rfc2548_2_4_MppeKeysTest.keys(new byte[32], new byte[32]).list());
        Step step = on(Code.ACCESS_ACCEPT, attributes.toArray(Attribute[]::new));
        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Accepted.class,
                        accepted -> {
                            assertThat(accepted.eap()).isEqualTo(SUCCESS);
                            assertThat(accepted.msk()).isNotNull();
                            assertThat(
                                            new Authorization(accepted.granted())
                                                    .sessionTimeoutSeconds())
                                    .isEqualTo(3600);
                        });
    }

    @Test
    void userNameOfAnAcceptReplacesTheOneThatWasSent() {
        conversation.ask(1, IDENTITY);
        Step step =
                on(
                        Code.ACCESS_ACCEPT,
                        eap(SUCCESS),
                        Attribute.text(Attribute.USER_NAME, "alice@inner"));
        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Accepted.class,
                        accepted -> {
                            assertThat(accepted.userName()).isEqualTo("alice@inner");
                            assertThat(accepted.msk()).as("no keys were sent").isNull();
                        });
    }

    @Test
    void aRejectWithoutEapFailureStillEndsTheConversationOfThePeer() {
        assertThat(on(Code.ACCESS_REJECT, eap(FAILURE))).isEqualTo(new Step.Rejected(FAILURE));
        assertThat(on(Code.ACCESS_REJECT))
                .isInstanceOfSatisfying(
                        Step.Rejected.class,
                        rejected -> assertThat(rejected.eap().at(0)).isEqualTo(4));
    }

    /// RFC 3748 section 4.2: the identifier is that of the response.
    @Test
    void anAcceptWithoutEapSuccessStillEndsTheConversationOfThePeer() {
        conversation.ask(1, hex("02290006 1a03"));
        assertThat(on(Code.ACCESS_ACCEPT))
                .isInstanceOfSatisfying(
                        Step.Accepted.class,
                        accepted -> assertThat(accepted.eap()).isEqualTo(hex("03290004")));
    }

    /// Section 2.6.3.
    @Test
    void aServerThatContradictsItselfLetsNobodyIn() {
        assertThat(on(Code.ACCESS_ACCEPT, eap(FAILURE))).isInstanceOf(Step.Contradiction.class);
        assertThat(on(Code.ACCESS_ACCEPT, eap(REQUEST))).isInstanceOf(Step.Contradiction.class);
        assertThat(on(Code.ACCESS_CHALLENGE)).isInstanceOf(Step.Contradiction.class);
        assertThat(on(Code.ACCESS_CHALLENGE, eap(SUCCESS))).isInstanceOf(Step.Contradiction.class);
        assertThat(on(Code.ACCESS_REJECT, eap(SUCCESS))).isInstanceOf(Step.Rejected.class);
    }

    @Test
    void anEapMessageWhoseLengthDiffersFromItsOctetsLetsNobodyIn() {
        for (String odd : List.of("03080005", "03080003", "030800", "03", "0308000400")) {
            assertThat(on(Code.ACCESS_ACCEPT, eap(hex(odd))))
                    .as(odd)
                    .isInstanceOf(Step.Contradiction.class);
        }
    }

    @Test
    void onlyAMethodThatProvesTheServerAndWithstandsGuessingIsMutual() {
        on(Code.ACCESS_CHALLENGE, eap(hex("01080006 1a01")));
        assertThat(mutual()).as("MSCHAPv2").isFalse();
        on(Code.ACCESS_CHALLENGE, eap(hex("01080006 0d20")));
        assertThat(mutual()).as("TLS").isTrue();
    }

    private boolean mutual() {
        return on(Code.ACCESS_ACCEPT, eap(SUCCESS)) instanceof Step.Accepted accepted
                && accepted.mutual();
    }
}
