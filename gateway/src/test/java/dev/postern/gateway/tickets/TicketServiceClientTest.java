package dev.postern.gateway.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.ServedTickets;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketFormat;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What a gateway does when its ticket service is slow, gone, back, or lies: every question is
/// answered once, in time.
final class TicketServiceClientTest {
    private static final Duration BRIEF = Duration.ofMillis(200);

    /// An address where nobody listens.
    private static InetSocketAddress nowhere() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    private static TicketFrame answered(
            TicketFrame question, TicketFrame.Status status, byte[] body) {
        return question.code() == TicketFrame.Op.HELLO.code()
                ? TicketFrame.of(TicketFrame.Status.WELCOME, question.number(), new byte[0])
                : TicketFrame.of(status, question.number(), body);
    }

    @Test
    void manyQuestionsAtOnceAreAllAnswered() throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                GatewayOnLoopback gateway = GatewayOnLoopback.of(service.address())) {
            Octets ticket = gateway.ticketOf(ExampleSession.of(1));
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                answers.add(gateway.ask(ExampleSession.toOpen(ticket)));
            }
            for (CompletableFuture<Answer> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS))
                        .isInstanceOf(Answer.TicketOpened.class);
            }
            assertThat(gateway.client.outstanding()).isZero();
        }
    }

    @Test
    void tenThousandQuestionsAreOpenAtMost() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        TicketDesk honest = ServiceOnLoopback.desk("example");
        try (ServiceOnLoopback service =
                        ServiceOnLoopback.withDesk((gateway, question) -> {
                            if (question.code() != TicketFrame.Op.HELLO.code()) {
                                awaitQuietly(release);
                            }
                            return honest.answer(gateway, question);
                        });
                GatewayOnLoopback gateway = GatewayOnLoopback.of(service.address())) {
            gateway.heard.await("connected");
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < OpenQuestions.LIMIT; i++) {
                answers.add(gateway.ask(ExampleSession.toSeal(ExampleSession.of(i))));
            }
            assertThat(gateway.client.outstanding()).isEqualTo(OpenQuestions.LIMIT);

            assertThat(gateway.answerTo(ExampleSession.toSeal(ExampleSession.of(1))))
                    .isInstanceOf(Answer.TicketServiceUnavailable.class);

            release.countDown();
            for (CompletableFuture<Answer> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS))
                        .isInstanceOf(Answer.TicketSealed.class);
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aServiceThatSaysNothingIsGivenUpAtTheDeadline() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ServiceOnLoopback service =
                        ServiceOnLoopback.withDesk((_, question) -> {
                            if (question.code() != TicketFrame.Op.HELLO.code()) {
                                awaitQuietly(never);
                            }
                            return answered(question, TicketFrame.Status.REFUSED, new byte[0]);
                        });
                GatewayOnLoopback gateway =
                        GatewayOnLoopback.withDeadline(BRIEF, service.address())) {
            gateway.heard.await("connected");
            assertThat(gateway.answerTo(ExampleSession.toSeal(ExampleSession.of(1))))
                    .isInstanceOf(Answer.TicketServiceUnavailable.class);
            assertThat(gateway.heard.await("disconnected"))
                    .contains("it has not answered within the deadline");
            never.countDown();
        }
    }

    @Test
    void aHostThatTakesTheConnectionAndSaysNothingHoldsUpNoQuestion() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                GatewayOnLoopback gateway =
                        GatewayOnLoopback.withDeadline(
                                BRIEF, (InetSocketAddress) mute.getLocalSocketAddress())) {
            assertThat(gateway.answerTo(ExampleSession.toSeal(ExampleSession.of(1))))
                    .isInstanceOf(Answer.TicketServiceUnavailable.class);
            assertThat(gateway.heard.rest()).as("still shaking hands").isEmpty();
        }
    }

    @Test
    void withoutAServiceEveryQuestionIsAnsweredAtOnce() throws Exception {
        try (GatewayOnLoopback gateway = GatewayOnLoopback.of(nowhere())) {
            gateway.heard.await("disconnected");
            gateway.answerTo(ExampleSession.toSeal(ExampleSession.of(0)));
            CompletableFuture<Answer> answer =
                    gateway.ask(ExampleSession.toSeal(ExampleSession.of(1)));
            assertThat(answer)
                    .isCompletedWithValueMatching(
                            Answer.TicketServiceUnavailable.class::isInstance);
        }
    }

    @Test
    void aServiceThatWasGoneIsFoundAgain() throws Exception {
        int port = nowhere().getPort();
        try (GatewayOnLoopback gateway =
                GatewayOnLoopback.of(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            gateway.heard.await("disconnected");
            Octets ticket;
            try (ServiceOnLoopback service = ServiceOnLoopback.start(port)) {
                gateway.heard.await("connected");
                ticket = gateway.ticketOf(ExampleSession.of(1));
                service.heard.await("admitted");
            }
            gateway.heard.await("disconnected");
            try (ServiceOnLoopback service = ServiceOnLoopback.start(port)) {
                gateway.heard.await("connected");
                assertThat(gateway.answerTo(ExampleSession.toOpen(ticket)))
                        .isInstanceOf(Answer.TicketOpened.class);
                service.heard.await("admitted");
            }
        }
    }

    @Test
    void anOutageIsToldOnceHoweverOftenTheServiceIsTried() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                GatewayOnLoopback gateway =
                        GatewayOnLoopback.of(
                                (InetSocketAddress) listening.getLocalSocketAddress())) {
            for (int i = 0; i < 4; i++) {
                listening.accept().close();
            }
            gateway.heard.await("disconnected");
            assertThat(gateway.heard.rest()).isEmpty();
        }
    }

    @Test
    void theSecondServiceTakesOverWithWhatWasOpen() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ServiceOnLoopback first =
                ServiceOnLoopback.withDesk((_, question) -> {
                    if (question.code() != TicketFrame.Op.HELLO.code()) {
                        asked.countDown();
                        awaitQuietly(never);
                    }
                    return answered(question, TicketFrame.Status.REFUSED, new byte[0]);
                });
        try (ServiceOnLoopback second = ServiceOnLoopback.start();
                GatewayOnLoopback gateway =
                        GatewayOnLoopback.of(first.address(), second.address())) {
            CompletableFuture<Answer> answer =
                    gateway.ask(ExampleSession.toSeal(ExampleSession.of(1)));
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            first.close();
            assertThat(answer.get(30, TimeUnit.SECONDS)).isInstanceOf(Answer.TicketSealed.class);
            second.heard.await("admitted");
            never.countDown();
        }
    }

    @Test
    void aGatewayThatEndsAnswersWhatIsOpen() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ServiceOnLoopback service =
                ServiceOnLoopback.withDesk((_, question) -> {
                    if (question.code() != TicketFrame.Op.HELLO.code()) {
                        awaitQuietly(never);
                    }
                    return answered(question, TicketFrame.Status.REFUSED, new byte[0]);
                })) {
            CompletableFuture<Answer> open;
            try (GatewayOnLoopback gateway = GatewayOnLoopback.of(service.address())) {
                gateway.heard.await("connected");
                open = gateway.ask(ExampleSession.toSeal(ExampleSession.of(1)));
            }
            assertThat(open)
                    .isCompletedWithValueMatching(
                            Answer.TicketServiceUnavailable.class::isInstance);
            never.countDown();
        }
    }

    @Test
    void whatIsTooLongForAFrameIsNotAsked() throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                GatewayOnLoopback gateway = GatewayOnLoopback.of(service.address())) {
            gateway.heard.await("connected");
            assertThat(
                            gateway.answerTo(
                                    ExampleSession.toOpen(
                                            Octets.of(new byte[TicketFrame.LONGEST_BODY + 1]))))
                    .isInstanceOf(Answer.TicketServiceUnavailable.class);
            assertThat(gateway.ticketOf(ExampleSession.of(1)).length()).isPositive();
        }
    }

    @Test
    void aSessionOfAnotherDomainOrOneThatHasExpiredIsRefusedInWords() throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                GatewayOnLoopback gateway = GatewayOnLoopback.of(service.address())) {
            Session foreign = ExampleSession.of("elsewhere", Session.Kind.ONE_ROUND_TRIP, 1);
            assertThat(gateway.answerTo(ExampleSession.toSeal(foreign)))
                    .isEqualTo(new Answer.TicketRefused("another_domain"));
            assertThat(gateway.answerTo(ExampleSession.toOpen(Octets.of(new byte[200]))))
                    .isEqualTo(new Answer.TicketRefused("not_opened"));
        }
    }

    @Test
    void anAnswerWithAnotherNumberIsNobodysAndTheQuestionEndsAtItsDeadline() throws Exception {
        try (ServiceOnLoopback service =
                        ServiceOnLoopback.withDesk((_, question) ->
                                TicketFrame.of(
                                        question.number() == 0
                                                ? TicketFrame.Status.WELCOME
                                                : TicketFrame.Status.OPENED,
                                        question.number() == 0 ? 0 : question.number() + 1_000,
                                        new byte[100]));
                GatewayOnLoopback gateway =
                        GatewayOnLoopback.withDeadline(BRIEF, service.address())) {
            gateway.heard.await("connected");
            assertThat(gateway.answerTo(ExampleSession.toOpen(Octets.of(new byte[100]))))
                    .isInstanceOf(Answer.TicketServiceUnavailable.class);
        }
    }

    /// The answer goes to the endpoint as it came; [ServedTickets#read] is what stands there.
    @Test
    void aSessionOfTheOtherKindDoesNotPassForTheOneThatWasAskedFor() throws Exception {
        byte[] other = TicketFormat.encode(ExampleSession.of("example", Session.Kind.RFC_5723, 1));
        try (ServiceOnLoopback service =
                        ServiceOnLoopback.withDesk((_, question) ->
                                answered(question, TicketFrame.Status.OPENED, other.clone()));
                GatewayOnLoopback gateway = GatewayOnLoopback.of(service.address())) {
            Answer answer = gateway.answerTo(ExampleSession.toOpen(Octets.of(new byte[100])));
            assertThat(answer).isInstanceOf(Answer.TicketOpened.class);
            try (SecretBytes chain = ((Answer.TicketOpened) answer).chain()) {
                assertThat(ServedTickets.read(chain.expose(), Session.Kind.ONE_ROUND_TRIP))
                        .isInstanceOf(OpenResult.Refused.class);
            }
        }
    }

    @Test
    void aReasonOfTheServiceIsCutShortAndPrintable() throws Exception {
        try (ServiceOnLoopback service =
                        ServiceOnLoopback.withDesk((_, question) ->
                                answered(
                                        question,
                                        TicketFrame.Status.REFUSED,
                                        "no\u001b[31m\n"
                                                .repeat(100)
                                                .getBytes(StandardCharsets.US_ASCII)));
                GatewayOnLoopback gateway = GatewayOnLoopback.of(service.address())) {
            Answer answer = gateway.answerTo(ExampleSession.toOpen(Octets.of(new byte[100])));
            assertThat(((Answer.TicketRefused) answer).reason())
                    .hasSize(64)
                    .startsWith("no??31m?no");
        }
    }
}
