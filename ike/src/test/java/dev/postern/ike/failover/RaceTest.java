package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Suites;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/// RFC 8305 in spirit: a gateway that does not answer is not waited for, and one session is opened
/// all the same.
final class RaceTest {
    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');
    private final GatewaySettings c = new GatewaySettings('c');
    private final GatewaySettings d = new GatewaySettings('d');

    private static InetSocketAddress ipv6() {
        try {
            return Net.port4500(InetAddress.getByName("2001:db8::1"));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> asked(Neighbourhood net) {
        return net.all(Event.SwitchStarted.class).stream().map(Event.SwitchStarted::to).toList();
    }

    @Test
    void aSilentGatewayIsWaitedForAQuarterOfASecond() {
        Neighbourhood net = new Neighbourhood(a, b);
        net.cutOff(a);
        net.start();
        net.pass(Duration.ofMillis(249));
        assertThat(asked(net)).containsExactly("gw-a");
        net.pass(Duration.ofMillis(1));
        assertThat(net.current()).isEqualTo("gw-b");
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(1);
        net.reconnect(a);
        net.pass(Duration.ofSeconds(30));
        assertThat(net.sessionsAt(a)).as("nothing was left there").isZero();
        assertThat(net.sessionsAt(b)).isEqualTo(1);
    }

    @Test
    void oneThatAnswersInTimeIsAskedAlone() {
        Neighbourhood net = new Neighbourhood(a, b);
        net.start();
        net.pass(Duration.ofSeconds(10));
        assertThat(asked(net)).containsExactly("gw-a");
    }

    @Test
    void bothAnswerAndTheFasterOneAloneIsAuthenticatedTo() {
        Neighbourhood net = new Neighbourhood(a, b);
        net.cutOff(a);
        net.cutOff(b);
        net.start();
        net.pass(Duration.ofMillis(300));
        List<Effect.Send> first = List.copyOf(net.sent);
        assertThat(first).hasSize(2);
        net.reconnect(a);
        net.reconnect(b);
        net.bring(first.getLast());
        assertThat(net.current()).isEqualTo("gw-b");
        int sent = net.sent.size();
        net.bring(first.getFirst());
        net.pass(Duration.ofSeconds(3));

        assertThat(net.sent.subList(sent, net.sent.size()))
                .as("nothing is said to the one that answered late")
                .noneMatch(each -> each.path().remote().equals(a.address()));
        assertThat(net.exchangesSent.stream().filter(ExchangeType.IKE_AUTH::equals)).hasSize(1);
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(1);
        assertThat(net.current()).isEqualTo("gw-b");
        net.pass(Duration.ofMinutes(2));
        assertThat(net.sessionsAt(a)).as("what it holds half open ends").isZero();
    }

    @Test
    void noMoreThanThreeAreAskedAtATime() {
        Neighbourhood net = new Neighbourhood(a, b, c, d);
        List.of(a, b, c, d).forEach(net::cutOff);
        net.start();
        net.pass(Duration.ofSeconds(5));
        assertThat(asked(net)).containsExactly("gw-a", "gw-b", "gw-c");
        net.pass(Duration.ofMillis(1_200));
        assertThat(asked(net)).as("where one has failed").hasSize(4).endsWith("gw-d");
    }

    /// Whoever is on the way can answer IKE_SA_INIT before anybody else does.
    @Test
    void whoAnswersFirstAndProvesNothingHidesNoHonestOne() {
        GatewaySettings wrong = new GatewaySettings('b');
        wrong.keys.replaceAll((_, _) -> GatewaySettings.key("somebody else's"));
        Neighbourhood net =
                new Neighbourhood(RedirectAllowance.DEFAULT, List.of(a, wrong), a, wrong);
        net.cutOff(a);
        net.start();
        net.pass(Duration.ofMillis(250));
        assertThat(net.exchangesSent).contains(ExchangeType.IKE_AUTH);
        net.reconnect(a);
        net.pass(Duration.ofSeconds(7));
        assertThat(net.current()).isEqualTo("gw-a");
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(1);
    }

    @Test
    void errorsThatAnybodyCanSayWinNoRace() throws MalformedException {
        Neighbourhood net = new Neighbourhood(a, b);
        net.cutOff(a);
        net.cutOff(b);
        net.start();
        net.pass(Duration.ofMillis(260));
        for (Effect.Send each : List.copyOf(net.sent)) {
            Header request = MessageCodec.decode(each.octets()).header();
            Header answer = new Header(request.spiI(), 0, request.exchange(), false, true, 0);
            for (NotifyType error :
                    List.of(NotifyType.NO_PROPOSAL_CHOSEN, NotifyType.INVALID_SYNTAX)) {
                net.deliver(
                        each.path().remote(),
                        MessageCodec.encode(answer, List.of(Payload.Notify.of(error))));
            }
            net.deliver(each.path().remote(), MessageCodec.encode(answer, List.of()));
        }
        assertThat(net.all(Event.IkeSaClosed.class)).isEmpty();
        net.reconnect(a);
        net.reconnect(b);
        net.bring(net.sent.getFirst());
        assertThat(net.current()).isEqualTo("gw-a");
    }

    @Test
    void aResumeIsWithOneGatewayAtATime() {
        Neighbourhood net = new Neighbourhood(a, b, c);
        net.start();
        net.cutOff(a);
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofMillis(1_460 + 1_000));
        assertThat(asked(net)).containsExactly("gw-a", "gw-b");
        net.pass(Duration.ofSeconds(2));
        assertThat(net.current()).isEqualTo("gw-c");
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(2);
    }

    private Neighbourhood whereTheBackupHasTwoFamilies(ResumptionPolicy resumption) {
        Neighbourhood net = new Neighbourhood(resumption, a, b);
        net.alsoAt(b, ipv6(), new Rank(5, 1));
        net.start();
        net.cutOff(a);
        net.cutOff(b);
        net.suspect();
        for (int i = 0; asked(net).size() < 2; i++) {
            net.pass(Duration.ofMillis(10));
            assertThat(i).isLessThan(1_000);
        }
        net.pass(Duration.ofMillis(260));
        return net;
    }

    @Test
    void aResumeTakesTheOtherAddressOfItsGatewayAsTheSameRequest() {
        Neighbourhood net = whereTheBackupHasTwoFamilies(Suites.ONE_ROUND_TRIP);

        assertThat(asked(net)).containsExactly("gw-a", "gw-b", "gw-b there");
        assertThat(net.current()).isEqualTo("gw-b there");
        Event.SwitchCompleted last = net.all(Event.SwitchCompleted.class).getLast();
        assertThat(last.origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(net.all(Event.IkeSaEstablished.class).getLast().gatewaySwitchCount())
                .as("one count is used")
                .isEqualTo(1);
        List<byte[]> resumes =
                net.sent.stream()
                        .map(Effect.Send::octets)
                        .filter(each -> (each[18] & 0xff) == 240)
                        .toList();
        assertThat(resumes).hasSizeGreaterThan(1).allMatch(resumes.getFirst()::equals);
        net.reconnect(b);
        Effect.Send late =
                net.sent.stream()
                        .filter(each -> (each.octets()[18] & 0xff) == 240)
                        .findFirst()
                        .orElseThrow();
        net.bring(late);
        net.pass(Duration.ofSeconds(40));
        assertThat(net.sessionsAt(b)).as("and one session is there").isEqualTo(1);
        assertThat(net.current()).isEqualTo("gw-b there");
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(2);
    }

    @Test
    void aGatewayThatWasTooSlowComesAfterTheOthersForAWhile() {
        Neighbourhood net = new Neighbourhood(a, b);
        net.cutOff(a);
        net.start();
        net.pass(Duration.ofMillis(300));
        GatewayOverview.Candidate last = net.overview().candidates().getLast();
        assertThat(last.name()).isEqualTo("gw-a");
        assertThat(last.lastResult()).isEqualTo("another one was faster");
    }
}
