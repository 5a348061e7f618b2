package dev.postern.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.sim.Fault;
import dev.postern.sim.Scenario;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// The rows of the failover matrix: where the session is kept, and what fails.
class FailoverMatrixTest {
    private static final String BY_TICKET =
            """
            c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0
            c1 <-- gw-b  IKE_SESSION_RESUME_1RTT response 1|0
            c1 --> gw-b  ESP
            c1 <-- gw-b  ESP
            """;

    private static final String IN_FULL =
            """
            c1 --> gw-b  IKE_SA_INIT request 0|0
            c1 <-- gw-b  IKE_SA_INIT response 0|0
            c1 --> gw-b  IKE_AUTH request 0|1
            c1 <-- gw-b  IKE_AUTH response 0|1
            c1 --> gw-b  ESP
            """;

    @Test
    void stateless_anotherGatewayCarriesOn() {
        try (Scenario story = Scenario.given(3, 1).connected()) {
            story.when("gw-a crashes", s -> s.crash("gw-a")).then(BY_TICKET).isAt("c1", "gw-b");
        }
    }

    @Test
    void stateless_anEmptiedGatewaysClientGoesOnElsewhere() {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            story.when("gw-a is emptied", s -> s.fault(new Fault.Drain(0, 10_000, 0)))
                    .isAt("c1", "gw-b");
        }
    }

    @Test
    void stateless_theSameGatewayCarriesOnAfterARestart() {
        try (Scenario story = Scenario.given(1, 1).connected()) {
            story.when("gw-a restarts", s -> s.crash("gw-a").revive("gw-a"))
                    .then(
                            """
                            c1 --> gw-a  IKE_SESSION_RESUME_1RTT request 1|0
                            c1 <-- gw-a  IKE_SESSION_RESUME_1RTT response 1|0
                            c1 --> gw-a  ESP
                            """);
        }
    }

    @Test
    void stateless_aGatewayThatLostItsKeysTakesAFullExchange() {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            story.when(
                            "gw-a crashes and gw-b has another key",
                            s -> s.loseTicketKeys("gw-b").crash("gw-a"))
                    .then(IN_FULL)
                    .isAt("c1", "gw-b");
        }
    }

    @Test
    void stateless_aGatewayOfAnOlderVersionIsSilentAndTakesAFullExchange() {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            story.when(
                            "gw-a crashes and gw-b runs an older version",
                            s -> s.fault(new Fault.OlderVersion(0, 60_000, 1)).crash("gw-a"))
                    .then(IN_FULL)
                    .isAt("c1", "gw-b");
        }
    }

    @Test
    void stateless_aTicketFromBeforeARotationIsGood() {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            story.when(
                            "keys rotate, then gw-a crashes",
                            s ->
                                    s.fault(new Fault.KeyRotation(0, 60_000, 0))
                                            .after(Duration.ofMillis(100))
                                            .crash("gw-a"))
                    .then(BY_TICKET)
                    .isAt("c1", "gw-b");
        }
    }

    @Test
    void stateful_anotherGatewayCarriesOnFromTheStore() {
        try (Scenario story = Scenario.givenStore(3, 1).connected()) {
            story.when("gw-a crashes", s -> s.crash("gw-a")).then(BY_TICKET).isAt("c1", "gw-b");
        }
    }

    @Test
    void stateful_aGatewayThatLostItsKeysTakesAFullExchange() {
        try (Scenario story = Scenario.givenStore(2, 1).connected()) {
            story.when(
                            "gw-a crashes and gw-b has another key",
                            s -> s.loseTicketKeys("gw-b").crash("gw-a"))
                    .then(IN_FULL)
                    .isAt("c1", "gw-b");
        }
    }

    @Test
    void stateful_aStoreOutOfReachCostsAFullExchange() {
        try (Scenario story = Scenario.givenStore(2, 1).connected()) {
            story.when(
                            "the store is out of reach and gw-a crashes",
                            s -> s.fault(new Fault.SlowStore(0, 60_000, 1, true)).crash("gw-a"))
                    .then(IN_FULL)
                    .isAt("c1", "gw-b");
        }
    }

    @Test
    void stateful_aStoreThatHasLostTheSessionCostsAFullExchange() {
        try (Scenario story = Scenario.givenStore(2, 1).connected()) {
            story.when(
                            "the store loses its records and gw-a crashes",
                            s -> s.fault(new Fault.StoreLoss(0, 0, 1000)).crash("gw-a"))
                    .then(IN_FULL)
                    .isAt("c1", "gw-b");
        }
    }

    /// The store knows nothing of the session's last switch any more, which was at gw-b.
    @Test
    void stateful_aStoreThatIsSetBackCostsAFullExchange() {
        try (Scenario story = Scenario.givenStore(2, 1).connected()) {
            story.when(
                            "gw-a crashes, and what is written from now on will be lost",
                            s -> s.fault(new Fault.StoreSetBack(0, 3_000)).crash("gw-a"))
                    .then(BY_TICKET)
                    .isAt("c1", "gw-b")
                    .after(Duration.ofSeconds(4))
                    .when("gw-b loses its memory", s -> s.crash("gw-b").revive("gw-b"))
                    .then(IN_FULL)
                    .connected();
        }
    }

    @Test
    void stateful_aSlowStoreIsWaitedFor() {
        try (Scenario story = Scenario.givenStore(2, 1).connected()) {
            story.when(
                            "the store takes 300 ms and gw-a crashes",
                            s -> s.fault(new Fault.SlowStore(0, 60_000, 300, false)).crash("gw-a"))
                    .then(BY_TICKET)
                    .isAt("c1", "gw-b");
        }
    }

    @Test
    void aSiteThatComesBackHasAllItsSessionsBack() {
        try (Scenario story = Scenario.given(2, 4).connected()) {
            story.when(
                            "the site loses power for a second",
                            s -> s.fault(new Fault.SiteCrash(0, 1000)))
                    .after(Duration.ofSeconds(3))
                    .connected();
            assertThat(
                            story.count("gw-a", Counter.ESTABLISHED_RESUMED_1RTT)
                                    + story.count("gw-b", Counter.ESTABLISHED_RESUMED_1RTT))
                    .isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void aGatewayThatAnswersAfterAllKeepsItsClient() {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            story.when("nothing passes for 800 ms", s -> s.fault(new Fault.Partition(0, 800, 0, 0)))
                    .after(Duration.ofSeconds(3))
                    .isAt("c1", "gw-a")
                    .never("c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0");
        }
    }

    @Test
    void aNatThatRebindsCostsNothingBeyondAWordOfTheClient() {
        try (Scenario story = Scenario.given(2, 1).connected()) {
            story.when("the NAT rebinds", s -> s.fault(new Fault.Rebinding(0, 0, 0)))
                    .after(Duration.ofSeconds(3))
                    .connected()
                    .isAt("c1", "gw-a")
                    .never("c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0");
        }
    }
}
