package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.tickets.TicketCertificates;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a gateway is told of its ticket service, the service's own file, and the two together.
class TicketServiceFilesTest {
    private static final String TABLE =
            """
            [ticket-service]
            addresses = ["192.0.2.9:4700", "192.0.2.10:4700"]
            names = ["tickets.example"]
            certificate = "gw-a.pem"
            private-key = "gw-a.key"
            trust = "ca.pem"
            """;

    private static final String ASKING =
            Workspace.GATEWAY.replace("tgs-keys = \"tgs.keys\"\n", "") + TABLE;

    private static final String SERVICE =
            """
            secure-domain = "example"
            listen = ["192.0.2.9:4700"]
            tgs-keys = "tgs.keys"
            gateways = ["gw-a.example", "gw-b.example"]
            certificate = "tickets.pem"
            private-key = "tickets.key"
            trust = "ca.pem"
            """;

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() throws Exception {
        workspace = Workspace.in(directory);
        TicketCertificates.copyTo(
                directory,
                "ca.pem",
                "gw-a.pem",
                "gw-a.key",
                "gw-b.key",
                "gw-z.pem",
                "gw-z.key",
                "web.pem",
                "web.key",
                "tickets.pem",
                "tickets.key");
    }

    private static String changed(String text, String from, String to) {
        assertThat(text).contains(from);
        return text.replace(from, to);
    }

    private void assertGateway(String text, String... problems) {
        assertThat(workspace.problemsOfGateway(text)).containsExactly(problems);
    }

    private void assertService(String from, String to, String problem) {
        assertThat(workspace.problemsOfTicketService(changed(SERVICE, from, to)))
                .containsExactly(problem);
    }

    @Test
    void aGatewayThatAsksAServiceHoldsNoKey() throws Exception {
        GatewayConfiguration gateway = workspace.gateway(ASKING);
        assertThat(gateway.tgsKeys()).isNull();
        assertThat(gateway.ticketService()).isNotNull();
        assertThat(gateway.ticketService().addresses()).hasSize(2);
        assertThat(gateway.ticketService().deadline()).isEqualTo(Duration.ofMillis(300));
        assertThat(gateway.ticketService().identity().serverNames())
                .containsExactly("tickets.example");
    }

    @Test
    void keysAndAServiceContradictEachOther() {
        assertGateway(
                Workspace.GATEWAY + TABLE,
                "gateway.toml:4: tgs-keys = \"tgs.keys\": stands beside the table [ticket-service];"
                        + " legal is one of the two: keys, or a service that has them");
    }

    @Test
    void aProfileThatResumesNeedsOneOfTheTwo() {
        assertThat(
                        workspace.problemsOfGateway(
                                changed(Workspace.GATEWAY, "tgs-keys = \"tgs.keys\"\n", "")))
                .singleElement()
                .asString()
                .contains("tgs-keys");
    }

    @Test
    void whatAGatewaysTableLacksIsToldAtOnce() {
        assertThat(
                        workspace.problemsOfGateway(
                                ASKING.substring(0, ASKING.indexOf("[ticket-service]"))
                                        + "[ticket-service]\ndeadline = \"100ms\"\n"))
                .hasSize(5)
                .anyMatch(problem -> problem.contains("ticket-service.addresses"))
                .anyMatch(problem -> problem.contains("ticket-service.names"))
                .anyMatch(problem -> problem.contains("ticket-service.certificate"))
                .anyMatch(problem -> problem.contains("ticket-service.private-key"))
                .anyMatch(problem -> problem.contains("ticket-service.trust"));
    }

    @Test
    void eachValueOfAGatewaysTableIsChecked() {
        assertGateway(
                changed(ASKING, "[\"192.0.2.9:4700\", \"192.0.2.10:4700\"]", "[\"192.0.2.9\"]"),
                "gateway.toml:15: ticket-service.addresses[0] = \"192.0.2.9\": is not an address"
                    + " and a port; legal is an address and a port, for example \"127.0.0.1:9500\""
                    + " or \"[::1]:9500\"");
        assertGateway(
                changed(ASKING, "[\"tickets.example\"]", "[]"),
                "gateway.toml:16: ticket-service.names = []: is empty; legal is a list [...] with"
                    + " at least one of: 1 to 253 characters, none of them a control character");
        assertGateway(
                changed(ASKING, "[\"tickets.example\"]", "[\"a\\u0007\"]"),
                "gateway.toml:16: ticket-service.names[0] = \"a?\": cannot be used; legal is 1 to"
                        + " 253 characters, none of them a control character");
        assertGateway(
                changed(ASKING, "\"gw-a.pem\"", "\"nowhere.pem\""),
                "gateway.toml:17: ticket-service.certificate = \"nowhere.pem\": cannot use"
                        + " nowhere.pem: there is no such file");
        assertGateway(
                changed(ASKING, "\"gw-a.pem\"", "\"gw-a.key\""),
                "gateway.toml:17: ticket-service.certificate = \"gw-a.key\": cannot use gw-a.key:"
                        + " holds something else than certificates in PEM");
        assertGateway(
                changed(ASKING, "\"gw-a.key\"", "\"ca.pem\""),
                "gateway.toml:18: ticket-service.private-key = \"ca.pem\": cannot use ca.pem: holds"
                        + " no \"-----BEGIN PRIVATE KEY-----\"; convert the key with: openssl pkcs8"
                        + " -topk8 -nocrypt");
        assertGateway(
                changed(ASKING, "\"gw-a.key\"", "\"gw-b.key\""),
                "gateway.toml:18: ticket-service.private-key = \"gw-b.key\": is no key of the"
                        + " certificate");
        assertGateway(
                ASKING + "deadline = \"2s\"\n",
                "gateway.toml:20: ticket-service.deadline = \"2s\": is too long; legal is a whole"
                    + " number with the unit ms, s, m, h or d, for example \"90s\", from 20ms to"
                    + " 900ms");
        assertGateway(
                ASKING + "deadlines = \"200ms\"\n",
                "gateway.toml:20: ticket-service.deadlines: unknown key, did you mean deadline?;"
                        + " legal here are addresses, names, certificate, private-key, trust,"
                        + " deadline");
    }

    @Test
    void sessionsByReferenceNeedKeys() {
        assertGateway(
                changed(
                        ASKING,
                        "[ticket-service]",
                        "[profile.staff.resumption]\nstorage = \"by-reference\"\n[ticket-service]"),
                "gateway.toml:17: ticket-service.addresses = [...]: profile staff keeps sessions by"
                        + " reference, and their records are sealed with tgs-keys; legal with a"
                        + " ticket service is resumption.storage = \"by-value\"");
    }

    @Test
    void aServiceReadsItsFile() throws Exception {
        TicketServiceConfiguration service = workspace.ticketService(SERVICE);
        assertThat(service.secureDomain()).isEqualTo("example");
        assertThat(service.gateways()).containsExactly("gw-a.example", "gw-b.example");
        assertThat(service.ticketLifetime()).isEqualTo(Duration.ofHours(24));
        assertThat(service.toString()).doesNotContain("PrivateKey").doesNotContain("8f0d3c5a");
    }

    @Test
    void eachValueOfAServicesFileIsChecked() {
        assertThat(workspace.problemsOfTicketService("")).hasSize(7);
        assertService(
                "\"example\"",
                "\"\"",
                "ticket-service.toml:1: secure-domain = \"\": cannot be used; legal is 1 to 64"
                        + " letters, digits, dots, hyphens and underscores");
        assertService(
                "[\"192.0.2.9:4700\"]",
                "[\"192.0.2.9:x\"]",
                "ticket-service.toml:2: listen[0] = \"192.0.2.9:x\": has a port that is not 0 to"
                    + " 65535; legal is an address and a port, for example \"127.0.0.1:9500\" or"
                    + " \"[::1]:9500\"");
        assertThat(workspace.problemsOfTicketService(changed(SERVICE, "tgs.keys", "ca.pem")))
                .first()
                .isEqualTo(
                        "ca.pem:1: the line does not begin with the word key, nor with # for a"
                                + " comment");
        assertService(
                "[\"gw-a.example\", \"gw-b.example\"]",
                "[]",
                "ticket-service.toml:4: gateways = []: is empty; legal is a list [...] with at"
                        + " least one of: 1 to 253 characters, none of them a control character");
        assertService(
                "\"tickets.pem\"",
                "\"tgs.keys\"",
                "ticket-service.toml:5: certificate = \"tgs.keys\": cannot use tgs.keys: holds"
                        + " something else than certificates in PEM");
        assertService(
                "\"tickets.key\"",
                "\"gw-a.key\"",
                "ticket-service.toml:6: private-key = \"gw-a.key\": is no key of the certificate");
        assertService(
                "\"ca.pem\"",
                "\"no.pem\"",
                "ticket-service.toml:7: trust = \"no.pem\": cannot use no.pem: there is no such"
                        + " file");
        assertService(
                "trust =",
                "ticket-lifetime = \"0s\"\ntrust =",
                "ticket-service.toml:7: ticket-lifetime = \"0s\": is too short; legal is a whole"
                        + " number with the unit ms, s, m, h or d, for example \"90s\", from 1m to"
                        + " 30d");
        assertService(
                "trust =",
                "audit-every = 0\ntrust =",
                "ticket-service.toml:7: audit-every = 0: is out of range; legal is an integer from"
                        + " 1 to 1000000000");
        assertService(
                "trust =",
                "member = 1\ntrust =",
                "ticket-service.toml:7: member: unknown key; legal at the top are secure-domain,"
                        + " listen, tgs-keys, gateways, certificate, private-key, trust,"
                        + " ticket-lifetime, audit-every, log, admin");
    }

    @Test
    void filesThatLetEachOtherInAreLeftInPeace() throws Exception {
        assertThat(between(SERVICE, ASKING)).isEmpty();
        assertThat(between(SERVICE, Workspace.GATEWAY)).isEmpty();
        assertThat(between(changed(SERVICE, "\"example\"", "\"elsewhere\""), Workspace.GATEWAY))
                .isEmpty();
    }

    @Test
    void aGatewayThatTheServiceWouldNotLetInIsFoundOut() throws Exception {
        assertThat(
                        between(
                                SERVICE,
                                ASKING.replace("gw-a.pem", "gw-z.pem")
                                        .replace("gw-a.key", "gw-z.key")))
                .containsExactly(
                        "gateway.toml:1: ticket-service.certificate: names [gw-z.example,"
                                + " CN=gw-z.example], none of them among the gateways of"
                                + " ticket-service.toml: [gw-a.example, gw-b.example]");
    }

    @Test
    void aServiceThatTheGatewayWouldNotTrustIsFoundOut() throws Exception {
        assertThat(between(SERVICE.replace("\"tickets.", "\"web."), ASKING))
                .containsExactly(
                        "gateway.toml:1: ticket-service.names = [tickets.example]: the certificate"
                                + " of ticket-service.toml names [www.example, CN=www.example]");
    }

    @Test
    void aServiceOfAnotherDomainIsFoundOut() throws Exception {
        assertThat(between(changed(SERVICE, "\"example\"", "\"elsewhere\""), ASKING))
                .containsExactly(
                        "gateway.toml:1: secure-domain = \"example\": ticket-service.toml, its"
                                + " ticket service, is of the domain elsewhere");
    }

    @Test
    void ticketsThatOutliveTheServicesRevocationsAreFoundOut() throws Exception {
        assertThat(between(SERVICE.replace("trust =", "ticket-lifetime = \"1h\"\ntrust ="), ASKING))
                .containsExactly(
                        "gateway.toml:1: profile.staff.resumption.ticket-lifetime: is longer than"
                                + " the ticket-lifetime of ticket-service.toml, which forgets"
                                + " revocations before that; legal is at most 1h");
    }

    @Test
    void aGatewayOfTheDomainWithOtherKeysIsFoundOut() throws Exception {
        workspace.write("other.keys", Workspace.TGS_KEY.replace("a1 8f", "a2 7e"), "rw-------");
        assertThat(between(SERVICE, Workspace.GATEWAY.replace("tgs.keys", "other.keys")))
                .containsExactly(
                        "gateway.toml:1: tgs-keys: other.keys and tgs.keys of ticket-service.toml"
                            + " lack the key that the other issues tickets under; legal is a copy"
                            + " of the same file");
    }

    /// What is wrong between the two, whichever is named first.
    private List<String> between(String serviceText, String gatewayText) throws Exception {
        CheckedFile service = new CheckedFile.OfTicketService(workspace.ticketService(serviceText));
        CheckedFile gateway = new CheckedFile.OfGateway(workspace.gateway(gatewayText));
        List<Problem> problems = DomainCheck.problemsOf(List.of(service, gateway), Workspace.NOW);
        assertThat(DomainCheck.problemsOf(List.of(gateway, service), Workspace.NOW))
                .isEqualTo(problems);
        return problems.stream().map(workspace::told).toList();
    }
}
