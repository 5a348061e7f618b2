package dev.postern.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.sim.Fault;
import dev.postern.sim.Scenario;
import dev.postern.sim.Setting;
import dev.postern.sim.Setting.Kept;
import dev.postern.wire.MalformedException;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.Arrays;

/// draft-dondeti-ipsec-failover-sol-00 section 4.2.3, a story for each bullet.
class Section_4_2_3_Scenarios {
    private static final String REQUEST = "c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0";
    private static final String RESUME =
            """
            c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0
            c1 <-- gw-b  IKE_SESSION_RESUME_1RTT response 1|0
            c1 --> gw-b  ESP
            c1 <-- gw-b  ESP
            """;

    private static final String AGAIN =
            """
            c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 2|0
            c1 <-- gw-b  IKE_SESSION_RESUME_1RTT response 2|0
            c1 --> gw-b  ESP
            c1 <-- gw-b  ESP
            """;

    private static final int SPI_I = 4;
    private static final int EXCHANGE_TYPE = 22;
    private static final int MESSAGE_ID = 24;
    private static final int TICKET = 60;
    private static final int NEXT_PAYLOAD = 20;
    private static final int LENGTH = 30;
    private static final int FIRST_PAYLOAD = 32;
    private static final int SK = 46;
    private static final int N = 41;
    private static final int FLAGS = 23;
    private static final int RESPONSE = 0x20;

    /// A Notify of eight octets, whose type is still to come.
    private static final byte[] NOTIFY = {0, 0, 0, 8, 0, 0, 0, 0};

    private static byte[] with(byte[] octets, int at, int value) {
        octets[at] = (byte) value;
        return octets;
    }

    /// c1 was at gw-a, which crashed, and is at gw-b.
    private static Scenario resumed() {
        return Scenario.given(2, 1)
                .connected()
                .when("gw-a crashes", s -> s.crash("gw-a"))
                .then(RESUME)
                .isAt("c1", "gw-b");
    }

    /// "The Initiator's SPI must be non-NULL".
    @Test
    void bullet1_aRequestWithoutAnInitiatorsSpiIsNoMessage() {
        try (Scenario story = resumed()) {
            int before = story.size("gw-b");
            story.when(
                    "the request comes again without SPIi",
                    s ->
                            s.replay(
                                    REQUEST,
                                    octets -> {
                                        for (int i = 0; i < 8; i++) {
                                            octets[SPI_I + i] = 0;
                                        }
                                        return octets;
                                    }));
            assertThat(story.count("gw-b", Counter.MALFORMED_HEADER)).isEqualTo(1);
            assertThat(story.size("gw-b")).isEqualTo(before);
        }
    }

    /// A switch count of 0 is not above any ticket's; under another count the SK payload does not
    /// verify, so that nobody can change it on the way.
    @Test
    void bullet1_aChangedSwitchCountRevivesNothing() {
        try (Scenario story = resumed()) {
            int before = story.size("gw-b");
            long invalid = story.count("gw-b", Counter.REFUSED_INVALID_SYNTAX);
            long forged = story.count("gw-b", Counter.DROPPED_NOT_AUTHENTIC);
            for (int count : new int[] {0, 2, 15}) {
                int spi = 100 + count;
                story.when(
                                "the request comes again with count " + count,
                                s ->
                                        s.replay(
                                                REQUEST,
                                                o ->
                                                        with(
                                                                with(o, SPI_I + 7, spi),
                                                                MESSAGE_ID,
                                                                count << 4)))
                        .never("c1 <-- gw-b  IKE_SESSION_RESUME_1RTT response " + count + "|0");
            }
            assertThat(story.count("gw-b", Counter.REFUSED_INVALID_SYNTAX)).isEqualTo(invalid + 1);
            assertThat(story.count("gw-b", Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(forged + 2);
            assertThat(story.size("gw-b")).isEqualTo(before);
        }
    }

    /// "The message must have either an N payload or the IKEv2_Ticket payload followed by an SK
    /// payload": with one of them alone nothing is revived, and nobody is answered under any key.
    @Test
    void bullet1_aTicketAloneAndAnSkPayloadAloneReviveNothing() {
        try (Scenario story = resumed()) {
            int before = story.size("gw-b");
            long resumed = story.count("gw-b", Counter.ESTABLISHED_RESUMED_1RTT);
            long invalid = story.count("gw-b", Counter.REFUSED_INVALID_SYNTAX);
            story.when(
                            "the request comes again without SK, and without anything else",
                            s ->
                                    s.replay(REQUEST, o -> with(ticketAlone(o), SPI_I + 7, 97))
                                            .replay(REQUEST, o -> with(skAlone(o), SPI_I + 7, 96)))
                    .never("c1 <-- gw-b  IKE_SESSION_RESUME_1RTT response 1|0");
            assertThat(story.count("gw-b", Counter.REFUSED_INVALID_SYNTAX)).isEqualTo(invalid + 2);
            assertThat(story.size("gw-b")).isEqualTo(before);
            assertThat(story.count("gw-b", Counter.ESTABLISHED_RESUMED_1RTT)).isEqualTo(resumed);
            story.connected();
        }
    }

    /// Where the SK payload of a request begins.
    private static int skOf(byte[] octets) {
        int type = octets[NEXT_PAYLOAD];
        int at = FIRST_PAYLOAD;
        while (type != SK) {
            type = octets[at];
            at += (octets[at + 2] & 0xff) << 8 | (octets[at + 3] & 0xff);
        }
        return at;
    }

    private static byte[] ticketAlone(byte[] octets) {
        byte[] cut = Arrays.copyOf(octets, skOf(octets));
        int last = FIRST_PAYLOAD;
        while (cut[last] != SK) {
            last += (cut[last + 2] & 0xff) << 8 | (cut[last + 3] & 0xff);
        }
        cut[last] = 0;
        return withLength(cut);
    }

    private static byte[] skAlone(byte[] octets) {
        int sk = skOf(octets);
        byte[] rest = Arrays.copyOf(octets, FIRST_PAYLOAD + octets.length - sk);
        System.arraycopy(octets, sk, rest, FIRST_PAYLOAD, octets.length - sk);
        rest[NEXT_PAYLOAD] = SK;
        return withLength(rest);
    }

    private static byte[] withLength(byte[] octets) {
        int length = octets.length - SPI_I;
        return with(with(octets, LENGTH, length >>> 8), LENGTH + 1, length);
    }

    /// "It uses the TGS-SPI of the ticket to lookup the SA that protects the ticket": where there
    /// is none, TICKET_NACK in clear text is a hint and a full exchange follows.
    @Test
    void bullet2_aTicketUnderAnUnknownKeyLeadsToAFullExchange() {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            story.when(
                            "gw-a crashes, and gw-b has no key of the domain",
                            s -> s.loseTicketKeys("gw-b").crash("gw-a"))
                    .then(
                            """
                            c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0
                            c1 <-- gw-b  IKE_SESSION_RESUME_1RTT response 1|0
                            c1 --> gw-b  IKE_SA_INIT request 0|0
                            c1 --> gw-b  IKE_AUTH request 0|1
                            c1 --> gw-b  ESP
                            """)
                    .isAt("c1", "gw-b");
            assertThat(story.count("gw-b", Counter.REFUSED_TICKET_NOT_OPENED)).isPositive();
        }
    }

    /// "It then verifies the integrity of the ticket."
    @Test
    void bullet2_aChangedTicketIsRefused() {
        try (Scenario story = resumed()) {
            int before = story.size("gw-b");
            story.when(
                    "the request comes again with another ticket",
                    s ->
                            s.replay(
                                    REQUEST,
                                    o -> with(with(o, SPI_I + 7, 99), TICKET, o[TICKET] ^ 1)));
            assertThat(story.count("gw-b", Counter.REFUSED_TICKET_NOT_OPENED)).isEqualTo(1);
            assertThat(story.size("gw-b")).isEqualTo(before);
        }
    }

    /// "It then verifies that the ticket is fresh": at a gateway for which its time is over it is
    /// refused under SK, and a full exchange follows.
    @Test
    void bullet2_anExpiredTicketLeadsToAFullExchange() {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            story.when(
                            "gw-a crashes, and for gw-b it is an hour later",
                            s -> s.wallClockWrongBy("gw-b", 3600).crash("gw-a"))
                    .then(
                            """
                            c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0
                            c1 <-- gw-b  IKE_SESSION_RESUME_1RTT response 1|0
                            c1 --> gw-b  IKE_AUTH request 0|1
                            c1 --> gw-b  ESP
                            """)
                    .isAt("c1", "gw-b");
            assertThat(story.count("gw-b", Counter.REFUSED_TICKET_EXPIRED)).isEqualTo(1);
        }
    }

    /// "the received GSC must be greater than the GSC within the ticket", and than that of the
    /// session's IKE SA where it stands: the request of an earlier switch is stale.
    @Test
    void bullet2_theRequestOfAnEarlierSwitchRevivesNothing() {
        try (Scenario story = resumed()) {
            story.when("gw-b loses its memory", s -> s.crash("gw-b").revive("gw-b")).then(AGAIN);
            int before = story.size("gw-b");
            story.when("the first request comes again", s -> s.replay(REQUEST, o -> o));
            assertThat(story.count("gw-b", Counter.REFUSED_TICKET_STALE_COUNT)).isEqualTo(1);
            assertThat(story.size("gw-b")).isEqualTo(before);
        }
    }

    /// "the SPIs within the payload are used to lookup the SA": by reference, in the store.
    @Test
    void bullet3_aReferenceIsResumedFromTheStore() {
        try (Scenario story = Scenario.givenStore(2, 1).connected()) {
            story.when("gw-a crashes", s -> s.crash("gw-a")).then(RESUME).isAt("c1", "gw-b");
            assertThat(story.count("gw-b", Counter.ESTABLISHED_RESUMED_1RTT)).isEqualTo(1);
        }
    }

    /// "It then verifies that the received GSC is greater than the local GSC": the same request
    /// again revives nothing, not even after the gateway has lost its memory.
    @Test
    void bullet3_aReferencesRequestIsGoodOnce() {
        // One more than the client has used last, which was at the gateway that is down.
        try (Scenario story = Scenario.givenStore(2, 1).connected()) {
            story.when("gw-a crashes", s -> s.crash("gw-a")).then(RESUME).isAt("c1", "gw-b");
            story.when("gw-b loses its memory", s -> s.crash("gw-b").revive("gw-b"))
                    .then(AGAIN.replace("2|0", "3|0"));
            long resumed = story.count("gw-b", Counter.ESTABLISHED_RESUMED_1RTT);
            story.when("the first request comes again", s -> s.replay(REQUEST, o -> o))
                    .after(Duration.ofMillis(200));
            assertThat(story.count("gw-b", Counter.ESTABLISHED_RESUMED_1RTT)).isEqualTo(resumed);
        }
    }

    /// "the next step is to verify the integrity of the session resumption request message itself".
    @Test
    void bullet4_aRequestThatDoesNotVerifyChangesNothing() {
        try (Scenario story = resumed()) {
            int before = story.size("gw-b");
            story.when(
                    "the request comes again with another last octet and SPIi",
                    s ->
                            s.replay(
                                    REQUEST,
                                    o ->
                                            with(
                                                    with(o, SPI_I + 7, 98),
                                                    o.length - 1,
                                                    o[o.length - 1] ^ 1)));
            assertThat(story.count("gw-b", Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
            assertThat(story.size("gw-b")).isEqualTo(before);
        }
    }

    /// "just as it would process a CREATE_CHILD_SA request": an IKE SA and a Child SA stand at both
    /// ends, in one round trip, also with KEi and KEr.
    @Test
    void bullet5_oneRoundTripRestoresTheTunnel() {
        try (Scenario story =
                Scenario.given(Setting.of(2, 1).kept(Kept.BY_VALUE_WITH_KEY_EXCHANGE))
                        .connected()) {
            story.when("gw-a crashes", s -> s.crash("gw-a"))
                    .then(RESUME)
                    .never("c1 --> gw-b  IKE_SA_INIT request 0|0")
                    .never("c1 --> gw-b  IKE_AUTH request 0|1");
        }
    }

    /// Another exchange type makes another message of it: header and ticket are covered by SK.
    @Test
    void bullet5_aResumeIsNoOtherExchange() {
        try (Scenario story = resumed()) {
            int before = story.size("gw-b");
            long unknown = story.count("gw-b", Counter.DROPPED_UNKNOWN_SPI);
            story.when(
                            "the request comes again as CREATE_CHILD_SA",
                            s ->
                                    s.replay(
                                            REQUEST,
                                            o -> with(with(o, SPI_I + 7, 95), EXCHANGE_TYPE, 36)))
                    .never("c1 <-- gw-b  CREATE_CHILD_SA response 1|0");
            assertThat(story.count("gw-b", Counter.DROPPED_UNKNOWN_SPI)).isEqualTo(unknown + 1);
            assertThat(story.size("gw-b")).isEqualTo(before);
        }
    }

    /// "The first encrypted payload is not an N payload (if it is, the responder returns an error
    /// message to the initiator)": under SK, nothing is revived, and the ticket stays good.
    @Test
    void bullet5_aNotifyFirstUnderSkIsAnsweredWithAnError() throws MalformedException {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            ResumeByHand resume = new ResumeByHand(story.session("c1"));
            Payload notify = Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED);
            story.when(
                            "a request with a Notify first under SK",
                            s -> s.send("gw-b", resume.request(notify)))
                    .then(
                            """
                            attacker --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0
                            attacker <-- gw-b  IKE_SESSION_RESUME_1RTT response 1|0
                            """);
            assertThat(
                            resume.open(
                                    story.message(
                                            "attacker <-- gw-b  IKE_SESSION_RESUME_1RTT response"
                                                    + " 1|0")))
                    .containsExactly(Payload.Notify.of(NotifyType.INVALID_SYNTAX));
            assertThat(story.size("gw-b")).isZero();
            story.when("gw-a crashes", s -> s.crash("gw-a")).then(RESUME).isAt("c1", "gw-b");
        }
    }

    /// The error of that bullet counts under SK alone: one that anybody can have sent, in clear
    /// text, ends nothing, and what the gateway says after it is heard.
    @ParameterizedTest
    @EnumSource(
            value = NotifyType.class,
            names = {
                "INVALID_SYNTAX",
                "AUTHENTICATION_FAILED",
                "NO_PROPOSAL_CHOSEN",
                "TEMPORARY_FAILURE",
                "TICKET_NACK"
            })
    void bullet5_anErrorInClearTextEndsNothing(NotifyType error) {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            story.when(
                            "gw-a crashes, and the way is long",
                            s -> s.fault(new Fault.Delay(0, 20_000, 60)).crash("gw-a"))
                    .then(REQUEST)
                    .reply(REQUEST, request -> clearError(request, error))
                    .then(RESUME)
                    .isAt("c1", "gw-b")
                    .never("c1 --> gw-b  IKE_SA_INIT request 0|0");
            assertThat(story.count("gw-b", Counter.ESTABLISHED_RESUMED_1RTT)).isEqualTo(1);
        }
    }

    /// An answer to a request of one payload, which is this error.
    private static byte[] clearError(byte[] request, NotifyType error) {
        byte[] answer = Arrays.copyOf(request, FIRST_PAYLOAD + NOTIFY.length);
        System.arraycopy(NOTIFY, 0, answer, FIRST_PAYLOAD, NOTIFY.length);
        with(with(answer, NEXT_PAYLOAD, N), FLAGS, RESPONSE);
        with(answer, FIRST_PAYLOAD + 6, error.code() >>> 8);
        return withLength(with(answer, FIRST_PAYLOAD + 7, error.code()));
    }

    /// "The message ID is the same", "the responder creates a new IKEv2_ticket and includes the
    /// current GSC": the next switch carries the next count, also back to a gateway used before.
    @Test
    void bullet6_theNewTicketCarriesTheNextCount() {
        try (Scenario story = resumed()) {
            story.after(Duration.ofSeconds(1))
                    .when("gw-a is back and gw-b crashes", s -> s.revive("gw-a").crash("gw-b"))
                    .then(
                            """
                            c1 --> gw-a  IKE_SESSION_RESUME_1RTT request 2|0
                            c1 <-- gw-a  IKE_SESSION_RESUME_1RTT response 2|0
                            c1 --> gw-a  INFORMATIONAL request 2|1
                            c1 --> gw-a  ESP
                            """)
                    .isAt("c1", "gw-a");
        }
    }
}
