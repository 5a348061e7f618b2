package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.guard.RefusalBudget;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.OpaqueResumeByHand;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Of the list of threats to tickets: (10) what does not belong into a resumed IKE_AUTH; (13)
/// redirection; (16) garbage without end; (18) keys in a heap dump; (20) the 28-bit Message ID;
/// (22) a profile that distracts.
class Threats_10_13_16_18_20_22_Test {
    private final Resumption r = new Resumption(61);

    // ---- 10 ----

    @Test
    void threat10AnOfferOfEapAloneInAResumedIkeAuthIsRefused() {
        r.settings.resumption = Suites.RFC_5723;
        ResumableSession ticket = r.connect();
        OpaqueResumeByHand peer = new OpaqueResumeByHand(r.world, r.a(), ticket, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads(false));
        payloads.add(Payload.Notify.of(NotifyType.EAP_ONLY_AUTHENTICATION));
        assertThat(onlyNotify(peer.auth(payloads)))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
        assertThat(r.a().count(Counter.ESTABLISHED_RESUMED_RFC_5723)).isZero();
    }

    @Test
    void threat10AResumedIkeAuthWithoutAuthBeginsNoEap() {
        r.settings.resumption = Suites.RFC_5723;
        ResumableSession ticket = r.connect();
        OpaqueResumeByHand peer = new OpaqueResumeByHand(r.world, r.a(), ticket, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads(false));
        payloads.removeIf(payload -> payload instanceof Payload.Authentication);
        assertThat(onlyNotify(peer.auth(payloads)))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    // ---- 13; loops and targets outside the list are RedirectedClientTest's ----

    @Test
    void threat13ARedirectionInClearTextMovesNoResume() {
        ResumableSession ticket = r.connect();
        r.b().die();
        r.begin(r.b(), ticket);
        Header request = r.world.carried().getLast().header();
        Octets stranger = Octets.of(new byte[] {1, 4, (byte) 203, 0, 113, 66});
        for (long spiR : new long[] {0, 0x66}) {
            r.world.deliver(
                    new Datagram(
                            r.b().address(),
                            r.client().address(),
                            MessageCodec.encode(
                                    request.toResponse().withSpiR(spiR),
                                    List.of(Payload.Notify.of(NotifyType.REDIRECT, stranger)))));
        }
        r.world.settle();
        assertThat(r.client().events(Event.Redirected.class)).isEmpty();
        assertThat(r.client().events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(r.client().count(Counter.DROPPED_NOT_PROTECTED)).isEqualTo(2);
        assertThat(r.world.carried())
                .as("nothing goes to the stranger")
                .noneMatch(datagram ->
                        new GatewayList.Address(
                                        Octets.of(datagram.to().getAddress().getAddress()), 0)
                                .address()
                                .equals(stranger.slice(2, 6)));
    }

    // ---- 16; the flood over sockets and behind them is in bench ----

    @Test
    void threat16RefusalsInClearTextAreBoundedAndAnotherSourceStillGetsItsOwn() {
        ResumableSession ticket = r.connect();
        int answers = 0;
        ResumeByHand garbage = garbage(ticket, 1);
        for (int i = 0; i < 3 * RefusalBudget.PER_SOURCE; i++) {
            garbage.spiI++;
            answers += atOnce(garbage);
        }
        assertThat(answers).isEqualTo(RefusalBudget.PER_SOURCE);
        assertThat(r.b().count(Counter.SUPPRESSED_TICKET_NACK))
                .isEqualTo(2L * RefusalBudget.PER_SOURCE);
        assertThat(atOnce(garbage(ticket, 2))).isEqualTo(1);
        r.resume(r.b(), ticket);
        assertTunnel(r.client(), r.b());

        r.world.advance(Duration.ofSeconds(1));
        garbage.spiI++;
        assertThat(garbage.send(r.world, r.b())).hasSize(1);
    }

    @Test
    void threat16ARefusalIsShorterThanWhatItAnswers() {
        ResumableSession ticket = r.connect();
        ResumeByHand garbage = garbage(ticket, 1);
        byte[] request = garbage.encode();
        assertThat(garbage.send(r.world, r.b(), request).getFirst().octets().length)
                .isLessThan(request.length / 4);
    }

    @Test
    void threat16GarbageOfOurOwnKeysNameLeavesNothingBehind() {
        ResumableSession ticket = r.connect();
        ResumeByHand garbage = garbage(ticket, 1);
        for (int i = 0; i < 5_000; i++) {
            garbage.spiI++;
            garbage.send(r.world, r.b());
        }
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().endpoint().nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    /// Answers within this instant: in the world a message takes time.
    private int atOnce(ResumeByHand request) {
        Path path = new Path(r.b().address(), request.address(), true);
        return (int)
                r.b().give(new Input.Datagram(path, request.encode())).stream()
                        .filter(Effect.Send.class::isInstance)
                        .count();
    }

    private ResumeByHand garbage(ResumableSession ticket, int number) {
        ResumeByHand request = r.byHand(ticket, number);
        byte[] bad = ticket.ticket().array().clone();
        bad[bad.length - 1] ^= 1;
        request.ticket = Octets.of(bad);
        return request;
    }

    // ---- 18 ----

    /// Of all that was ever on the heap: the process has room enough never to collect garbage, and
    /// what is garbage is in its dump too.
    @Test
    void threat18NoSecretOfAnEndedSessionIsInAHeapDump(@TempDir java.nio.file.Path directory)
            throws Exception {
        java.nio.file.Path secrets = directory.resolve("secrets");
        java.nio.file.Path dump = directory.resolve("heap.hprof");
        java.nio.file.Path said = directory.resolve("said");
        Process process =
                new ProcessBuilder(
                                java.nio.file.Path.of(
                                                System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-Xms400m",
                                "-Xmx400m",
                                "-Xmn300m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EndedSessions.class.getName(),
                                secrets.toString(),
                                dump.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(said)).isZero();

        List<String> turned = Files.readAllLines(secrets);
        // Of each protocol two tickets, and two Child SAs of two keys.
        assertThat(turned).hasSize(1 + 2 * (2 + 4));
        byte[] octets = Files.readAllBytes(dump);
        assertThat(occursTurned(octets, turned.getFirst()))
                .as("the search finds what is there")
                .isTrue();
        for (String secret : turned.subList(1, turned.size())) {
            assertThat(occursTurned(octets, secret))
                    .as("number " + turned.indexOf(secret))
                    .isFalse();
        }
    }

    private static boolean occursTurned(byte[] octets, String hexadecimal) {
        byte[] turned = HexFormat.of().parseHex(hexadecimal);
        for (int at = 0; at + turned.length <= octets.length; at++) {
            int i = 0;
            while (i < turned.length && octets[at + i] == (byte) ~turned[i]) {
                i++;
            }
            if (i == turned.length) {
                return true;
            }
        }
        return false;
    }

    // ---- 20; the switch count is Section_4_2_2_MessageId's ----

    @Test
    void threat20OwnRequestsEndBeforeTheSequenceRunsIntoTheSwitchCount() {
        RequestWindow window = new RequestWindow(MessageId.of(3, MessageId.MAXIMUM_SEQUENCE - 1));
        assertThat(window.isNearlyExhausted()).as("a new IKE SA is overdue").isTrue();
        assertThat(window.isExhausted()).isFalse();
        window.sent(ExchangeType.INFORMATIONAL, new byte[28], RetransmissionSchedule.QUICK, 0);
        assertThat(window.isExhausted()).isTrue();
        assertThat(MessageId.gatewaySwitchCount(window.nextId())).isEqualTo(3);
    }

    @Test
    void threat20ARekeyingIsDueWhenHalfOfTheSequenceIsUsed() {
        assertThat(
                        new RequestWindow(MessageId.of(3, MessageId.MAXIMUM_SEQUENCE / 2))
                                .isNearlyExhausted())
                .isFalse();
        assertThat(
                        new RequestWindow(MessageId.of(3, MessageId.MAXIMUM_SEQUENCE / 2 + 1))
                                .isNearlyExhausted())
                .isTrue();
    }

    @Test
    void threat20APeersRequestBeyondTheSequenceIsNotAnswered() {
        ResponseWindow window = new ResponseWindow(MessageId.of(3, MessageId.MAXIMUM_SEQUENCE));
        byte[] last = {1};
        assertThat(window.place(MessageId.of(3, MessageId.MAXIMUM_SEQUENCE), last))
                .isEqualTo(ResponseWindow.Place.DUE);
        window.answered(last, List.of(new byte[28]));
        assertThat(window.place(MessageId.of(3, MessageId.MAXIMUM_SEQUENCE), last))
                .isEqualTo(ResponseWindow.Place.ANSWERED);
        assertThat(window.place(MessageId.of(4, 0), new byte[] {2}))
                .as("the carry would be another switch count")
                .isEqualTo(ResponseWindow.Place.OUTSIDE);
    }

    // ---- 22 ----

    /// The ticket's profile counts, and neither one that stands before it nor one that would admit
    /// the peer as well.
    @Test
    void threat22ADistractingProfileTakesNoTicketOfAnother() {
        ResumableSession ticket = r.connect();
        GatewaySettings distracting = new GatewaySettings('b');
        distracting.profileName = "administrators";
        distracting.localSelectors = List.of(Net.subnet(10, 200, 0, 0, 16));
        IkeEndpoint both = gateway(distracting.profile(), r.bSettings.profile());

        ResumeByHand request = r.byHand(ticket, 1);
        both.handle(
                new Now(1, World.EPOCH),
                new Input.Datagram(
                        new Path(r.bSettings.address(), request.address(), true),
                        request.encode()));

        assertThat(both.counters().get(Counter.REFUSED_TICKET_POLICY)).isZero();
        assertThat(both.provisional()).as("it asks for an address for this profile").isEqualTo(1);
        assertThat(installed(both).local())
                .as("what the ticket's own profile protects")
                .isEqualTo(r.bSettings.localSelectors);
    }

    @Test
    void threat22WithoutItsOwnProfileATicketIsRefusedWhoeverElseWouldAdmitThePeer() {
        ResumableSession ticket = r.connect();
        GatewaySettings distracting = new GatewaySettings('b');
        distracting.profileName = "administrators";
        distracting.keys.put(
                Identity.fqdn("c07.example"), GatewaySettings.key("correct horse battery staple"));
        IkeEndpoint only = gateway(distracting.profile());
        ResumeByHand request = r.byHand(ticket, 1);
        only.handle(
                new Now(1, World.EPOCH),
                new Input.Datagram(
                        new Path(r.bSettings.address(), request.address(), true),
                        request.encode()));
        assertThat(only.counters().get(Counter.REFUSED_TICKET_POLICY)).isEqualTo(1);
        assertThat(only.size()).isZero();
    }

    /// The Child SA of another resume.
    private ChildSaInstallation installed(IkeEndpoint gateway) {
        Now now = new Now(2, World.EPOCH);
        ResumeByHand again = r.byHand(r.client().lastTicket(), 2);
        List<Effect> effects =
                gateway.handle(
                        now,
                        new Input.Datagram(
                                new Path(r.bSettings.address(), again.address(), true),
                                again.encode()));
        Effect.Raise asked =
                effects.stream()
                        .filter(Effect.Raise.class::isInstance)
                        .map(Effect.Raise.class::cast)
                        .findFirst()
                        .orElseThrow();
        assertThat(asked.ask())
                .isInstanceOfSatisfying(
                        Ask.LeaseAddresses.class,
                        lease -> assertThat(lease.profile()).isEqualTo("roadwarriors"));
        Answer address = new Answer.AddressesLeased(List.of(Net.ip(10, 9, 9, 9)), List.of());
        return gateway.handle(now, new Input.Answered(asked.askId(), address)).stream()
                .filter(Effect.InstallChildSa.class::isInstance)
                .map(effect -> ((Effect.InstallChildSa) effect).installation())
                .findFirst()
                .orElseThrow();
    }

    private IkeEndpoint gateway(ResponderProfile... profiles) {
        EndpointConfiguration one = r.bSettings.configuration();
        return new IkeEndpoint(
                EndpointConfiguration.builder(
                                one.localIdentity(), one.secureDomain(), one.ivPrefix())
                        .profiles(List.of(profiles))
                        .tickets(one.tickets())
                        .limits(one.limits())
                        .build(),
                new SeededEntropy(22));
    }
}
