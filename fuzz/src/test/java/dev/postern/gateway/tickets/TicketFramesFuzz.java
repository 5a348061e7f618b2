package dev.postern.gateway.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ticket.Revocations;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.Session;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TicketGrantingService;
import dev.postern.wire.Octets;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The stream between a gateway and the ticket service, in both directions.
public final class TicketFramesFuzz {
    private static final long NOW = 1_800_000_000L;
    private static final String DOMAIN = "example";

    /// Whatever arrives is a frame or the connection's end. The service answers each question under
    /// its number; what it has sealed it opens again, to the same octets, and what it opens was
    /// sealed by its key. The gateway makes one answer of each frame.
    @FuzzTest
    void frames(byte[] stream) throws IOException {
        run(stream);
    }

    /// The answers of the service.
    public static List<TicketFrame> run(byte[] stream) throws IOException {
        TicketDesk desk = desk();
        List<TicketFrame> answers = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(stream));
        while (true) {
            TicketFrame frame;
            try {
                frame = TicketFrame.read(in);
            } catch (IOException end) {
                return answers;
            }
            assertThat(frame.body().length).isLessThanOrEqualTo(TicketFrame.LONGEST_BODY);
            assertThat(octets(frame)).hasSize(4 + TicketFrame.HEADER + frame.body().length);
            understand(frame);
            byte[] chain = frame.body().clone();
            TicketFrame answer = desk.answer("gw-a", frame);
            assertThat(answer.number()).isEqualTo(frame.number());
            assertThat(answer.body().length).isLessThanOrEqualTo(TicketFrame.LONGEST_BODY);
            answers.add(answer);
            if (answer.code() == TicketFrame.Status.SEALED.code()) {
                TicketFrame question =
                        new TicketFrame(TicketFrame.Op.OPEN.code(), frame.kind(), 1, answer.body());
                TicketFrame opened = desk.answer("gw-b", question);
                assertThat(opened.code()).isEqualTo(TicketFrame.Status.OPENED.code());
                TicketFrame sealed =
                        new TicketFrame(
                                TicketFrame.Op.SEAL.code(), frame.kind(), 2, opened.body().clone());
                assertThat(chain.length).isPositive();
                assertThat(desk.answer("gw-b", sealed).code())
                        .isEqualTo(TicketFrame.Status.SEALED.code());
            }
        }
    }

    private static TicketDesk desk() {
        byte[] secret = new byte[TgsKey.SECRET_LENGTH];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (7 * i);
        }
        TgsKey key = new TgsKey(7, SecretBytes.owning(secret), 0, TgsKey.UNLIMITED);
        TicketGrantingService service =
                new TicketGrantingService(
                        new SealedTickets(TgsKeyRing.of(List.of(key))),
                        DOMAIN,
                        new Revocations(Revocations.DEFAULT_LIMIT, 3_600));
        Entropy entropy = octets -> Arrays.fill(octets, (byte) 3);
        return new TicketDesk(
                service,
                DOMAIN,
                entropy,
                InstantSource.fixed(Instant.ofEpochSecond(NOW)),
                1,
                tally ->
                        assertThat(tally.opened() + tally.sealed() + tally.refused()).isPositive());
    }

    /// As a gateway takes an answer.
    private static void understand(TicketFrame frame) {
        List<Answer> heard = new ArrayList<>();
        OpenQuestion question =
                OpenQuestion.of(
                        new Ask.OpenTicket(Octets.of(new byte[80]), Session.Kind.ONE_ROUND_TRIP),
                        frame.number(),
                        heard::add,
                        0);
        question.answer(frame);
        assertThat(heard).hasSize(1);
        switch (heard.getFirst()) {
            case Answer.TicketOpened opened -> opened.chain().close();
            case Answer.TicketRefused refused ->
                    assertThat(refused.reason().chars().noneMatch(Character::isISOControl))
                            .isTrue();
            case Answer other -> assertThat(other.toString()).isNotEmpty();
        }
    }

    private static byte[] octets(TicketFrame frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame.write(new DataOutputStream(out));
        return out.toByteArray();
    }

    /// Frames as a gateway sends them, for the seeds.
    public static byte[] questions(TicketFrame... frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (TicketFrame frame : frames) {
            frame.write(new DataOutputStream(out));
        }
        return out.toByteArray();
    }
}
