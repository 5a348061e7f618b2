package dev.postern.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.ike.Answer;
import dev.postern.ike.FoundGateway;
import dev.postern.ike.GatewayName;
import dev.postern.ike.Path;
import dev.postern.net.RoutingRule.SourcePort;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Looking gateways up, at dnsmasq and at a name server that lies.
class GatewayNamesTest {
    private static final InetSocketAddress LOCAL =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.200"), 4500);

    @TempDir private java.nio.file.Path scratch = java.nio.file.Path.of("");

    private static Answer ask(InetSocketAddress server, GatewayName name) throws Exception {
        return ask(server, name, Duration.ofSeconds(30));
    }

    private static Answer ask(InetSocketAddress server, GatewayName name, Duration patience)
            throws Exception {
        Ways ways = gateway -> new Path(LOCAL, gateway, true);
        try (HostNames hosts = new HostNames(List.of(server), patience, WayOut.NONE_NEEDED)) {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            new GatewayNames(hosts, ways).lookUp(name, answer::complete);
            return answer.get(2, TimeUnit.MINUTES);
        }
    }

    private static Answer.GatewaysFound found(Dnsmasq server, GatewayName name) throws Exception {
        Answer answer = ask(server.address(), name);
        assertThat(answer).isInstanceOf(Answer.GatewaysFound.class);
        return (Answer.GatewaysFound) answer;
    }

    private static GatewayName host(String name) {
        return GatewayName.addresses(name, 4500);
    }

    private static String reason(Answer answer) {
        return answer instanceof Answer.GatewaysNotFound(String reason)
                ? reason
                : answer.toString();
    }

    @Test
    void aHostHasItsAddressesOfBothVersionsAndTheShortestTtl() throws Exception {
        try (Dnsmasq server =
                Dnsmasq.start(
                        scratch,
                        "--host-record=gw-a.example,198.51.100.1,2001:db8::1,300",
                        "--cname=vpn.example,gw-a.example,120")) {
            Answer.GatewaysFound direct = found(server, host("gw-a.example"));
            assertThat(direct.gateways())
                    .extracting(each -> each.remote().getAddress())
                    .containsExactlyInAnyOrder(
                            InetAddress.ofLiteral("198.51.100.1"),
                            InetAddress.ofLiteral("2001:db8::1"));
            assertThat(direct.ttlSeconds()).isBetween(1L, 300L);
            assertThat(found(server, host("vpn.example")).gateways()).as("by an alias").hasSize(2);
        }
    }

    @Test
    void aDomainHasItsGatewaysWithPrioritiesWeightsAndPorts() throws Exception {
        try (Dnsmasq server =
                Dnsmasq.start(
                        scratch,
                        "--srv-host=_isakmp._udp.vpn.example,gw-a.vpn.example,500,10,60",
                        "--srv-host=_isakmp._udp.vpn.example,gw-b.vpn.example,4501,20,40",
                        "--srv-host=_isakmp._udp.vpn.example,gw-gone.vpn.example,500,30,0",
                        "--host-record=gw-a.vpn.example,198.51.100.1,2001:db8::1",
                        "--host-record=gw-b.vpn.example,198.51.100.2")) {
            Answer.GatewaysFound found =
                    found(server, GatewayName.service("isakmp", "vpn.example"));
            assertThat(found.gateways())
                    .extracting(
                            FoundGateway::target,
                            each -> each.remote().getPort(),
                            FoundGateway::priority,
                            FoundGateway::weight)
                    .containsExactlyInAnyOrder(
                            tuple("gw-a.vpn.example", 4500, 10, 60),
                            tuple("gw-a.vpn.example", 4500, 10, 60),
                            tuple("gw-b.vpn.example", 4501, 20, 40));
            assertThat(reason(ask(server.address(), host("gw-z.vpn.example"))))
                    .isIn("the name does not exist", "the name has no such records");
            assertThat(
                            reason(
                                    ask(
                                            server.address(),
                                            GatewayName.service("isakmp", "other.example"))))
                    .isIn("the name does not exist", "the name has no such records");
        }
    }

    @Test
    void anAnswerThatNeedsTcpIsTakenOverTcpAndEachQuestionHasItsWayOut() throws Exception {
        String[] records = new String[200];
        for (int i = 0; i < records.length; i++) {
            records[i] = "--host-record=gw.example,198.51.100." + (i + 1);
        }
        List<Integer> opened = Collections.synchronizedList(new ArrayList<>());
        WayOut wayOut =
                (ipv4, source) -> {
                    opened.add(source.protocol());
                    assertThat(ipv4).isTrue();
                    assertThat(source.port()).isPositive();
                    return () -> {};
                };
        try (Dnsmasq server = Dnsmasq.start(scratch, records);
                HostNames hosts =
                        new HostNames(List.of(server.address()), Duration.ofSeconds(30), wayOut)) {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            new GatewayNames(hosts, gateway -> new Path(LOCAL, gateway, true))
                    .lookUp(host("gw.example"), answer::complete);
            assertThat(answer.get(2, TimeUnit.MINUTES))
                    .isInstanceOfSatisfying(
                            Answer.GatewaysFound.class,
                            found -> assertThat(found.gateways()).hasSize(200));
        }
        assertThat(opened).contains(SourcePort.TCP, SourcePort.UDP);
    }

    @Test
    void systemdResolvedsStubIsPassedBy() throws Exception {
        java.nio.file.Path file = scratch.resolve("resolv.conf");
        java.nio.file.Files.writeString(
                file, "# of systemd-resolved\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n");
        InetSocketAddress stub = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.53"), 53);
        assertThat(NameServers.upstream(List.of(stub), file))
                .extracting(InetSocketAddress::getAddress)
                .containsExactly(
                        InetAddress.ofLiteral("192.0.2.53"), InetAddress.ofLiteral("2001:db8::53"));
        assertThat(NameServers.upstream(List.of(stub), scratch.resolve("none")))
                .containsExactly(stub);
        InetSocketAddress own = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53);
        assertThat(NameServers.upstream(List.of(own), file)).containsExactly(own);
    }

    /// For an address that this host had no way to when the client started.
    @Test
    void anAddressIsLookedAtAgainAndNobodyIsAsked() throws Exception {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        for (String literal : List.of("198.51.100.1", "2001:db8:0:0:0:0:0:1")) {
            Answer answer = ask(nobody, host(literal));
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Answer.GatewaysFound.class,
                            found -> {
                                assertThat(found.ttlSeconds()).isEqualTo(10);
                                assertThat(found.gateways().getFirst().remote().getAddress())
                                        .isEqualTo(InetAddress.ofLiteral(literal));
                                assertThat(found.gateways().getFirst().path()).isNotNull();
                            });
        }
    }

    @Test
    void aNameThatChangesHasItsNewAddress() throws Exception {
        try (Dnsmasq server = Dnsmasq.start(scratch, "--host-record=gw.example,198.51.100.1")) {
            assertThat(
                            found(server, host("gw.example"))
                                    .gateways()
                                    .getFirst()
                                    .remote()
                                    .getAddress())
                    .isEqualTo(InetAddress.ofLiteral("198.51.100.1"));
        }
        try (Dnsmasq server = Dnsmasq.start(scratch, "--host-record=gw.example,198.51.100.9")) {
            assertThat(
                            found(server, host("gw.example"))
                                    .gateways()
                                    .getFirst()
                                    .remote()
                                    .getAddress())
                    .isEqualTo(InetAddress.ofLiteral("198.51.100.9"));
        }
    }

    @Test
    void whereNobodyAnswersThatIsSaid() throws Exception {
        InetSocketAddress nobody;
        try (ScriptedNameServer closed = ScriptedNameServer.start(_ -> List.of())) {
            nobody = closed.address();
        }
        assertThat(reason(ask(nobody, host("gw.example"), Duration.ofMillis(300))))
                .contains("no name server answers");
    }

    @Test
    void aliasesInACircleEnd() throws Exception {
        try (ScriptedNameServer server =
                ScriptedNameServer.start(question -> List.of(alias(question)))) {
            assertThat(reason(ask(server.address(), host("a.example")))).contains("circle");
        }
    }

    private static Record alias(Record question) {
        boolean first = question.getName().toString().startsWith("a.");
        return new CNAMERecord(
                question.getName(), DClass.IN, 1, name(first ? "b.example." : "a.example."));
    }

    @Test
    void aliasesThatGoOnForEverEndToo() throws Exception {
        try (ScriptedNameServer server =
                ScriptedNameServer.start(question ->
                        List.of(
                                new CNAMERecord(
                                        question.getName(),
                                        DClass.IN,
                                        1,
                                        name("x" + question.getName()))))) {
            assertThat(reason(ask(server.address(), host("a.example")))).contains("too many");
        }
    }

    @Test
    void theRootAsTargetMeansThatThereIsNoGateway() throws Exception {
        try (ScriptedNameServer server =
                ScriptedNameServer.start(question ->
                        List.of(
                                new SRVRecord(
                                        question.getName(), DClass.IN, 60, 0, 0, 0, Name.root)))) {
            assertThat(reason(ask(server.address(), GatewayName.service("isakmp", "vpn.example"))))
                    .contains("no gateways");
        }
    }

    @Test
    void thousandsOfRecordsAreNotAllLookedAt() throws Exception {
        try (ScriptedNameServer server = ScriptedNameServer.start(GatewayNamesTest::many)) {
            Answer answer = ask(server.address(), GatewayName.service("isakmp", "vpn.example"));
            assertThat(answer).isInstanceOf(Answer.GatewaysFound.class);
            assertThat(((Answer.GatewaysFound) answer).gateways())
                    .hasSizeBetween(1, GatewayNames.MAXIMUM_TARGETS * HostNames.MAXIMUM_RECORDS)
                    .extracting(FoundGateway::target)
                    .satisfies(targets ->
                            assertThat(targets.stream().distinct().count())
                                    .isLessThanOrEqualTo(GatewayNames.MAXIMUM_TARGETS));
        }
    }

    private static List<Record> many(Record question) {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            if (question.getType() == Type.SRV) {
                records.add(
                        new SRVRecord(
                                question.getName(),
                                DClass.IN,
                                60,
                                i,
                                0,
                                500,
                                name("gw-" + i + ".vpn.example.")));
            } else if (question.getType() == Type.A) {
                records.add(
                        new ARecord(
                                question.getName(),
                                DClass.IN,
                                60,
                                InetAddress.ofLiteral("198.51.100." + i)));
            }
        }
        return records;
    }

    @Test
    void garbageIsNoAnswer() throws Exception {
        try (ScriptedNameServer server =
                ScriptedNameServer.raw(query -> {
                    byte[] octets = query.toWire();
                    octets[2] |= (byte) 0x80;
                    octets[7] = 9;
                    return octets;
                })) {
            assertThat(ask(server.address(), host("gw.example"), Duration.ofMillis(500)))
                    .isInstanceOf(Answer.GatewaysNotFound.class);
        }
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
