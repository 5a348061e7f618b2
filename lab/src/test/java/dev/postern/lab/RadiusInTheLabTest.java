package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Gateways that ask a real FreeRADIUS behind them.
@Tag("privileged")
final class RadiusInTheLabTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String FRAMED = "10.1.0.230";
    private static final String FRAMED_IPV6 = "fd00:1::230";
    private static final String SECOND_SERVER = "10.1.0.101";
    private static final String USERS =
            """
            alice Cleartext-Password := "%1$s"
            \tFramed-IP-Address = %2$s,
            \tFramed-IPv6-Address = %3$s,
            \tClass = "gold",
            \tSession-Timeout = 3600,
            \tMS-Primary-DNS-Server = 10.1.0.53
            bob Cleartext-Password := "%1$s"
            """
                    .formatted(PASSWORD, FRAMED, FRAMED_IPV6);

    /// What a server's Filter-Id and Class make of a session: the first group decides.
    private static final String GROUPS =
            """
            [pool.six]
            addresses = "fd00:1::200/120"
            [group.guests]
            filter-id = ["guests"]
            pool = ["clients", "six"]
            local-subnets = ["%s/32"]
            [pool.quarantine]
            addresses = "10.3.0.0/24"
            [group.quarantine]
            filter-id = ["quarantine"]
            pool = ["quarantine"]
            [group.gold]
            class = ["gold"]
            pool = ["clients", "six"]
            local-subnets = ["10.1.0.0/24", "fd00:1::/64"]
            """
                    .formatted(SECOND_SERVER);

    private static final String ALICES = "User-Name = \"alice\"";
    private static final String BOBS = "User-Name = \"bob\"";
    private static final String GUESTS = "Filter-Id = \"guests\"";
    private static final String ALICE =
            """
            [eap]
            method = "mschapv2"
            identity = "alice"
            password = "%s"
            """
                    .formatted(PASSWORD);

    @AutoClose private final Lab lab = Lab.open("Radius");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private FreeRadius server(String name, String address) {
        return FreeRadius.start(net.lanhost(), name, address, USERS);
    }

    private static String radius(int member, String... servers) {
        StringBuilder toml =
                new StringBuilder(
                        """
                        [profile.clients.eap]
                        method = "radius"
                        psk = "%1$s"
                        [radius]
                        nas-identifier = "gw-%2$d"
                        nas-address = "10.1.0.%2$d"
                        timeout = "300ms"
                        interim-interval = "1s"
                        dynamic-authorization = "10.1.0.%2$d:3799"
                        """
                                .formatted(SecureDomain.PRE_SHARED_KEY, member));
        for (String server : servers) {
            toml.append(
                    """
                    [[radius.server]]
                    address = "%s"
                    secret = "%s"
                    may-disconnect = true
                    """
                            .formatted(server, FreeRadius.SECRET));
        }
        return toml + PROXY_NEIGHBOUR;
    }

    private static Map<String, String> only(List<Map<String, String>> records) {
        assertThat(records).hasSize(1);
        return records.getFirst();
    }

    private boolean reaches(String address) {
        return Ping.send(net.client(), address, 1).received() == 1;
    }

    /// What the session may do has changed, and nobody has set it up anew.
    private void awaitGuestsReachAlone() {
        Await.until(
                "only what guests may reach answers",
                SOON,
                () -> {
                    return reaches(SECOND_SERVER) && !reaches(FailoverTopology.LANHOST);
                });
    }

    private static void awaitRecords(FreeRadius server, String status, int count) {
        Await.until(
                count + " records " + status + " are written",
                SOON,
                () -> server.accounting(status).size() >= count);
    }

    /// What the record says that the client has sent.
    private static int packets(Map<String, String> record) {
        return Integer.parseInt(record.getOrDefault("Acct-Input-Packets", "0"));
    }

    /// Interop: EAP-MSCHAPv2 passed through to RADIUS, Framed-IP-Address, Class, accounting with
    /// interim records that moves with a session | FreeRADIUS | Postern initiates
    @Test
    void aFailoverDoesNotAskTheServerAgainAndTheAccountingMoves() {
        FreeRadius server = server("freeradius", FailoverTopology.LANHOST);
        PosternDaemon gwA = domain.gatewayA(radius(1, FailoverTopology.LANHOST));
        domain.gatewayB(radius(2, FailoverTopology.LANHOST));
        PosternDaemon client = domain.client(ALICE);
        assertThat(SecureDomain.field(client.awaitLine(SWITCHED, SOON), "innerAddresses"))
                .isEqualTo(FRAMED);
        awaitRecords(server, "Start", 1);
        Map<String, String> first = only(server.accounting("Start"));
        assertThat(first)
                .containsEntry("User-Name", "alice")
                .containsEntry("Framed-IP-Address", FRAMED)
                .containsEntry("NAS-Identifier", "gw-1")
                .containsEntry("Class", "0x676f6c64");
        int asked = server.accessRequests();
        assertThat(asked).isGreaterThan(1);

        LabProcess ping =
                Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(100));
        ping.awaitLine("bytes from", SOON);
        Await.until(
                "an interim record tells what has passed",
                SOON,
                () ->
                        server.accounting("Interim-Update").stream()
                                .anyMatch(interim -> packets(interim) > 0));
        assertThat(server.accounting("Interim-Update").getLast())
                .containsEntry("Acct-Session-Id", first.get("Acct-Session-Id"))
                .containsEntry("Class", "0x676f6c64");
        int mark = client.process().mark();
        gwA.crash();
        client.process().awaitLineAfter(mark, SWITCHED, SOON);
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);

        awaitRecords(server, "Start", 2);
        assertThat(server.accessRequests()).as("nobody asked again").isEqualTo(asked);
        Map<String, String> second = server.accounting("Start").getLast();
        assertThat(second)
                .containsEntry("NAS-Identifier", "gw-2")
                .containsEntry("Class", "0x676f6c64")
                .containsEntry("Framed-IP-Address", FRAMED)
                .containsEntry("Acct-Multi-Session-Id", first.get("Acct-Multi-Session-Id"));
        assertThat(second.get("Acct-Session-Id")).isNotEqualTo(first.get("Acct-Session-Id"));

        client.close();
        awaitRecords(server, "Stop", 1);
        assertThat(only(server.accounting("Stop")))
                .containsEntry("Acct-Session-Id", second.get("Acct-Session-Id"))
                .containsEntry("Acct-Terminate-Cause", "User-Request");
    }

    /// Interop: Disconnect-Request and CoA-Request (RFC 5176) | FreeRADIUS | peer initiates
    @Test
    void aServerChangesASessionAndDisconnectsItForGood() throws Exception {
        net.lanhost().address("inside", SECOND_SERVER + "/24");
        FreeRadius server = server("freeradius", FailoverTopology.LANHOST);
        Path revocations = lab.file("revocations");
        PosternDaemon gwA =
                domain.gatewayA(
                        radius(1, FailoverTopology.LANHOST)
                                + GROUPS
                                + "[admin]\nrevocations = \"%s\"\n".formatted(revocations));
        Path ticket = lab.file("client.ticket");
        PosternDaemon client =
                domain.client(
                        ALICE.replace("alice", "bob")
                                + "[ticket]\nfile = \"%s\"\n".formatted(ticket));
        awaitRecords(server, "Start", 1);
        Await.until("the client keeps its ticket", SOON, () -> Files.exists(ticket));
        byte[] kept = Files.readAllBytes(ticket);
        String orders = FailoverTopology.GW_A_INSIDE + ":3799";

        assertThat(server.order(orders, "disconnect", "User-Name = \"nobody\""))
                .contains("Disconnect-NAK")
                .contains("Session-Context-Not-Found");
        String parked = "0123456789abcdef0123456789abcdef";
        assertThat(server.order(orders, "disconnect", "Acct-Multi-Session-Id = \"" + parked + "\""))
                .contains("Session-Context-Not-Found");
        Await.until(
                "a session that is not here is not let in here",
                SOON,
                () -> new String(octets(revocations), UTF_8).contains("session " + parked));
        assertThat(server.order(orders, "coa", BOBS, "Filter-Id = \"nobody\""))
                .contains("CoA-NAK")
                .contains("Invalid-Attribute-Value");
        assertThat(server.order(orders, "coa", BOBS, "Filter-Id = \"quarantine\""))
                .as("its address is of no pool of that group")
                .contains("CoA-NAK")
                .contains("Invalid-Attribute-Value");
        gwA.awaitLine("a Disconnect-Request makes it connect anew", SOON);
        assertThat(server.order(orders, "coa", BOBS, "Session-Timeout = 1800", GUESTS))
                .contains("CoA-ACK");
        awaitGuestsReachAlone();
        assertThat(revocations).as("what it was granted before").content().contains("grant ");
        Await.until(
                "the client keeps a fresh ticket",
                SOON,
                () -> !Arrays.equals(octets(ticket), kept));
        String named = only(server.accounting("Start")).get("Acct-Session-Id");
        assertThat(server.order(orders, "disconnect", "Acct-Session-Id = \"" + named + "\""))
                .contains("Disconnect-ACK");
        assertThat(revocations)
                .as("what is acknowledged outlives a restart")
                .content()
                .contains("session ");
        gwA.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
        awaitRecords(server, "Stop", 1);
        assertThat(server.accounting("Stop").getFirst())
                .containsEntry("Acct-Session-Id", named)
                .containsEntry("Acct-Terminate-Cause", "Admin-Reset");
        assertTheTicketIsRefused(gwA, client, ticket, kept);
    }

    private static byte[] octets(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Not even at a gateway that has been started anew, and a client that never heard of the
    /// Delete.
    private static void assertTheTicketIsRefused(
            PosternDaemon gateway, PosternDaemon client, Path ticket, byte[] kept)
            throws IOException {
        client.crash();
        Files.write(ticket, kept);
        Files.setPosixFilePermissions(ticket, PosixFilePermissions.fromString("rw-------"));
        gateway.restart().awaitLine("gateway-ready", SOON);
        PosternDaemon again = client.restart();
        assertThat(again.awaitLine("TICKET_REFUSED", SOON))
                .as("refused under SK, by a gateway that could read it")
                .doesNotContain("unprotected");
        assertThat(again.awaitLine(SWITCHED, SOON)).containsIgnoringCase("full");
    }

    /// Interop: EAP-MSCHAPv2 passed through to RADIUS, the second server after the first has died;
    /// Framed-IP-Address and Framed-IPv6-Address, dual stack inside; CoA-Request with Filter-Id
    /// narrows the live Child SA | strongSwan with FreeRADIUS | peer initiates
    @Test
    void aStockStrongSwanClientIsLetInByTheSecondServerAfterTheFirstWasKilled() {
        FreeRadius first = server("first", FailoverTopology.LANHOST);
        net.lanhost().address("inside", SECOND_SERVER + "/24");
        FreeRadius second = server("second", SECOND_SERVER);
        domain.gatewayA(radius(1, FailoverTopology.LANHOST, SECOND_SERVER) + GROUPS);
        first.crash();
        StrongSwan client = StrongSwan.start(net.client(), connection());

        client.initiate("net");

        assertThat(client.listSas()).contains(FRAMED + "/32").contains(FRAMED_IPV6 + "/128");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        Await.until("lanhost answers by IPv6", SOON, () -> reaches(FailoverTopology.LANHOST_IPV6));
        awaitRecords(second, "Start", 1);
        assertThat(only(second.accounting("Start")))
                .containsEntry("Framed-IPv6-Address", FRAMED_IPV6);
        String orders = FailoverTopology.GW_A_INSIDE + ":3799";
        assertThat(second.order(orders, "coa", ALICES, GUESTS)).contains("CoA-ACK");
        awaitGuestsReachAlone();
        assertThat(reaches(FailoverTopology.LANHOST_IPV6)).isFalse();
        client.terminate("lab");
        awaitRecords(second, "Stop", 1);
        Map<String, String> stop = only(second.accounting("Stop"));
        assertThat(stop).containsEntry("User-Name", "alice");
        assertThat(packets(stop)).isGreaterThanOrEqualTo(5);
    }

    private static String connection() {
        return """
        connections {
          lab {
            version = 2
            local_addrs = %1$s
            remote_addrs = %2$s
            proposals = aes128gcm16-prfsha256-x25519
            encap = yes
            mobike = no
            vips = 0.0.0.0, ::
            local {
              auth = eap-mschapv2
              id = client.lab
              eap_id = alice
            }
            remote {
              auth = psk
              id = gw-a.lab
            }
            children {
              net {
                remote_ts = 10.1.0.0/24, fd00:1::/64
                esp_proposals = aes128gcm16
                mode = tunnel
              }
            }
          }
        }
        secrets {
          ike-1 {
            id = gw-a.lab
            secret = "%3$s"
          }
          eap-1 {
            id = alice
            secret = "%4$s"
          }
        }
        """
                .formatted(
                        FailoverTopology.CLIENT,
                        FailoverTopology.GW_A,
                        SecureDomain.PRE_SHARED_KEY,
                        PASSWORD);
    }
}
