package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.Announcement;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// How sessions survive, as files say it: for a profile, for some of its peers, for a client.
class ResumptionFilesTest {
    private static final String FOR = "[[profile.staff.resumption-for]]\n";

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    private ResumptionPolicy policyOf(String more, Identity peer) throws Exception {
        GatewayConfiguration gateway = workspace.gateway(Workspace.GATEWAY + more);
        return gateway.endpoint(0).profiles().getFirst().resumption().of(peer);
    }

    @Test
    void aTableForSomePeersSaysWhatIsOtherAndInheritsTheRest() throws Exception {
        String tables =
                "[profile.staff.resumption]\nticket-lifetime = \"2h\"\npark-after = \"10m\"\n"
                        + FOR
                        + "peers = [\"*@guests.example\", \"printer.example\"]\n"
                        + "one-round-trip = false\nrfc5723-auth = \"libreswan\"\n";
        ResumptionPolicy guest = policyOf(tables, Identity.email("bob@guests.example"));
        assertThat(guest.oneRoundTrip()).isFalse();
        assertThat(guest.rfc5723Auth()).isEqualTo(Rfc5723Auth.LIBRESWAN);
        assertThat(guest.rfc5723()).isTrue();
        assertThat(guest.ticketLifetimeSeconds()).isEqualTo(7200);
        assertThat(guest.parkAfterNanos()).isEqualTo(600_000_000_000L);
        assertThat(policyOf(tables, Identity.fqdn("printer.example"))).isEqualTo(guest);
        assertThat(policyOf(tables, Identity.email("alice@example")).oneRoundTrip()).isTrue();
    }

    @Test
    void theFirstTableThatNamesAPeerDecides() throws Exception {
        String tables =
                FOR
                        + "peers = [\"alice@example\"]\nkey-exchange = \"required\"\n"
                        + FOR
                        + "peers = [\"*\"]\nkey-exchange = \"never\"\n";
        assertThat(policyOf(tables, Identity.email("alice@example")).keyExchange())
                .isEqualTo(KeyExchangeInResume.REQUIRED);
        assertThat(policyOf(tables, Identity.email("bob@example")).keyExchange())
                .isEqualTo(KeyExchangeInResume.NEVER);
    }

    @Test
    void whatOnlySomePeersDoNeedsItsKeysToo() throws Exception {
        String nobodyButAlice =
                Workspace.GATEWAY
                        + "[profile.staff.resumption]\none-round-trip = false\nrfc5723 = false\n"
                        + FOR
                        + "peers = [\"alice@example\"]\none-round-trip = true\n";
        GatewayConfiguration gateway = workspace.gateway(nobodyButAlice);
        assertThat(gateway.tgsKeys()).isNotNull();
        assertThat(
                        workspace.problemsOfGateway(
                                nobodyButAlice.replace("tgs-keys = \"tgs.keys\"\n", "")))
                .singleElement()
                .asString()
                .contains("tgs-keys");
    }

    @Test
    void theLongestLifetimeIsAnybodys() throws Exception {
        GatewayConfiguration gateway =
                workspace.gateway(
                        Workspace.GATEWAY
                                + FOR
                                + "peers = [\"alice@example\"]\nticket-lifetime = \"3d\"\n");
        assertThat(gateway.endpoint(0).longestTicketLifetimeSeconds()).isEqualTo(259_200);
    }

    @Test
    void itIsToldInWords() throws Exception {
        GatewayConfiguration gateway =
                workspace.gateway(
                        Workspace.GATEWAY
                                + FOR
                                + "peers = [\"*@guests.example\"]\n"
                                + "one-round-trip = false\nrfc5723 = false\n");
        assertThat(GatewaySummary.of(gateway).toString())
                .contains("; of *@guests.example it is not resumed.");
    }

    @Test
    void whetherAKeyExchangeComesWithAResumeFollowsItOrNeverComesIsToldApart() throws Exception {
        String policy = "[profile.staff.resumption]\nkey-exchange = \"%s\"\n";
        assertThat(gatewayInWords(policy.formatted("required")))
                .contains("is resumed in one round trip or by RFC 5723, with a key exchange");
        assertThat(gatewayInWords(policy.formatted("never")))
                .contains(", without a key exchange")
                .doesNotContain("which follows");
        assertThat(gatewayInWords(policy.formatted("deferred")))
                .isEqualTo(gatewayInWords(""))
                .contains(
                        ", without a key exchange, which follows within minutes where the client is"
                                + " set so");
        assertThat(ClientSummary.of(workspace.client(Workspace.CLIENT)).toString())
                .contains(", without a key exchange, which follows within minutes;");
    }

    private String gatewayInWords(String more) throws Exception {
        return GatewaySummary.of(workspace.gateway(Workspace.GATEWAY + more)).toString();
    }

    @Test
    void aPatternHasItsStarInFront() {
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY + FOR + "peers = [\"alice@*\"]\n"))
                .containsExactly(
                        "gateway.toml:16: profile.staff.resumption-for[0].peers[0] = \"alice@*\":"
                                + " is no identity and no * with the end of one; legal is an"
                                + " identity, or * and the end of one, for example \"*@example\" or"
                                + " \"CN=*, O=Example\"");
    }

    @Test
    void aTableNamesItsPeers() {
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY + FOR + "rfc5723 = false\n"))
                .singleElement()
                .asString()
                .startsWith("gateway.toml:15: profile.staff.resumption-for[0].peers: missing");
    }

    @Test
    void aClientAnnouncesInTheExchangeThatItIsTold() throws Exception {
        assertThat(workspace.client(Workspace.CLIENT).resumption().announced())
                .isEqualTo(Announcement.IKE_AUTH);
        assertThat(
                        workspace
                                .client(
                                        Workspace.CLIENT
                                                + "[resumption]\nannounce = \"ike-sa-init\"\n"
                                                + "storage = \"by-reference\"\n")
                                .resumption())
                .satisfies(policy -> {
                    assertThat(policy.announced()).isEqualTo(Announcement.IKE_SA_INIT);
                    assertThat(policy.storage()).isEqualTo(TicketStorage.BY_REFERENCE);
                });
    }
}
