package dev.postern.lab.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;

/// What a cell is held to. What a client says of itself and what passes on the wire is counted; the
/// times are far beyond what is promised, for a machine that has ten times as much to do.
///
/// @param by how the session may have come to the gateway that serves the client now
/// @param messages IKE messages beyond those of each second
/// @param keepsTheAddress whether a session that was not begun anew has the inner address of before
record Promise(Set<String> by, int messages, boolean keepsTheAddress) {
    static final String KEPT = "kept";
    static final String RESUMED = "resumed-1rtt";
    static final String FULL = "full-exchange";

    /// Twelve times the five seconds in which a client finds out that its gateway is gone, or one
    /// gateway that another one is.
    private static final int PATIENCE = 60;

    /// A client that finds nobody waits longer each time, up to a minute.
    private static final int RESTARTS = 2;

    private static final int ECHOES_PER_SECOND = (int) (1_000 / Echoes.INTERVAL.toMillis());

    /// Four checks within 1.5 s, and four resumes beside them that are answered.
    private static final int MESSAGES_PER_SECOND = 8;

    private static final int MESSAGES = 12;

    /// With EAP, and IKE_SA_INIT at three gateways at once.
    private static final int MESSAGES_IN_FULL = 30;

    /// MSCHAPv2: identity, response, acknowledgement.
    private static final int REQUESTS_OF_ONE_AUTHENTICATION = 3;

    static Promise of(Cell cell) {
        return new Promise(
                ways(cell),
                cell.arrangement() == Arrangement.COLD ? MESSAGES_IN_FULL : MESSAGES,
                !mayChangeTheAddress(cell));
    }

    private static Set<String> ways(Cell cell) {
        if (cell.failure() == Failure.ACCESS_OUTAGE) {
            // The gateway lives: whether the client notices in time to give it up is all one.
            return cell.arrangement() == Arrangement.COLD
                    ? Set.of(KEPT, FULL)
                    : Set.of(KEPT, RESUMED);
        }
        if (cell.arrangement() == Arrangement.COLD) {
            return Set.of(FULL);
        }
        if (cell.arrangement() == Arrangement.TIGHT) {
            // Silence is what both the standby and the client wait for, about as long.
            return cell.failure() == Failure.PARTITION ? Set.of(KEPT, RESUMED) : Set.of(KEPT);
        }
        return Set.of(RESUMED);
    }

    /// The member whose share the address is of lives, and has not given it up; or its site may
    /// live, for nobody has fenced it.
    private static boolean mayChangeTheAddress(Cell cell) {
        return (cell.failure() == Failure.PARTITION || cell.failure() == Failure.SITE_LOSS)
                && cell.arrangement() == Arrangement.BY_REFERENCE;
    }

    void demand(Cell cell, Outcome outcome) {
        assertThat(outcome.by()).as("how the session came to its gateway").isIn(by);
        Conversation said = outcome.conversation();
        if (outcome.by().equals(FULL)) {
            assertThat(said.answered(Conversation.IKE_AUTH)).as("IKE_AUTH responses").isPositive();
            if (cell.credential() == Credential.EAP) {
                assertThat(outcome.aaaRequests())
                        .as("Access-Requests of a full exchange")
                        .isGreaterThanOrEqualTo(REQUESTS_OF_ONE_AUTHENTICATION);
            }
        } else {
            assertThat(said.count(Conversation.IKE_AUTH)).as("IKE_AUTH messages").isZero();
            assertThat(outcome.aaaRequests()).as("Access-Requests").isZero();
            if (keepsTheAddress) {
                assertThat(outcome.addressKept())
                        .as("the inner address is that of before")
                        .isTrue();
            }
        }
        if (outcome.by().equals(RESUMED)) {
            assertThat(said.answered(Conversation.IKE_SESSION_RESUME_1RTT))
                    .as("IKE_SESSION_RESUME_1RTT responses")
                    .isPositive();
        }
        assertThat(said.count())
                .as("IKE messages in %d s", said.seconds())
                .isLessThanOrEqualTo(messages + MESSAGES_PER_SECOND * said.seconds());
        long seconds = PATIENCE + Math.ceilDiv(RESTARTS * outcome.restartMillis(), 1_000L);
        assertThat(outcome.outageMillis())
                .as("milliseconds without an answer")
                .isLessThanOrEqualTo(seconds * 1_000);
        assertThat((long) outcome.lost())
                .as("echo requests lost")
                .isLessThanOrEqualTo(seconds * ECHOES_PER_SECOND);
    }

    /// The same in words, for the page.
    static String text() {
        return """
        The test command fails where a cell breaks one of these bounds. They are wide, so that a busy machine does not break them.

        | | by value, by reference, loose hot, branch gateway | tight hot | cold |
        | --- | --- | --- | --- |
        | how the client goes on | it resumes in one round trip; where its network was gone and its gateway lives, it may have stayed | it has noticed nothing; after a partition, or where its network was gone, it may have resumed instead | by a full exchange, or, where its network was gone, as before |
        | IKE_AUTH messages and Access-Requests | 0 | 0 | a full exchange; with EAP %1$d Access-Requests or more |
        | inner address | that of before; by reference, and with its gateway cut off or at another site, perhaps a new one | that of before | |
        | IKE messages | %2$d, and %3$d in each second | %2$d, and %3$d in each second | %4$d, and %3$d in each second |
        | time without an answer | %5$d s; reboot: and %6$d times as long as the gateway took to start | %5$d s | as by value |
        | echo requests lost | %7$d in each second of that | %7$d in each second of that | %7$d in each second of that |
        | after that | %8$d in a row are answered | %8$d in a row are answered | %8$d in a row are answered |
        """
                .formatted(
                        REQUESTS_OF_ONE_AUTHENTICATION,
                        MESSAGES,
                        MESSAGES_PER_SECOND,
                        MESSAGES_IN_FULL,
                        PATIENCE,
                        RESTARTS,
                        ECHOES_PER_SECOND,
                        Trial.ROW);
    }
}
