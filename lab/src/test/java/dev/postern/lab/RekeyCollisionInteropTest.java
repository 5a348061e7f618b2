package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/// Postern and Debian's strongSwan rekey the same SAs at the same time (RFC 7296 section 2.8.1 and
/// 2.8.2). strongSwan holds CREATE_CHILD_SA requests back for four seconds in both directions, and
/// its rekey time lies among those at which Postern may begin.
@Tag("privileged")
final class RekeyCollisionInteropTest {
    private static final String CONNECTION =
            """
            connections {
              lab {
                version = 2
                local_addrs = 192.0.2.10
                remote_addrs = 192.0.2.1
                proposals = aes128gcm16-prfsha256-x25519
                encap = yes
                mobike = no
                vips = 0.0.0.0
                rekey_time = 67s
                over_time = 120s
                rand_time = 0
                local {
                  auth = psk
                  id = client.lab
                }
                remote {
                  auth = psk
                  id = gw-a.lab
                }
                children {
                  net {
                    remote_ts = 10.1.0.0/24
                    esp_proposals = aes128gcm16
                    rekey_time = 47s
                    life_time = 170s
                    rand_time = 0
                  }
                }
              }
            }
            secrets {
              ike-1 {
                secret = "SECRET"
              }
            }
            """;

    private static StrongSwanSettings slow() {
        StrongSwanSettings settings = StrongSwanSettings.usual();
        for (String direction : new String[] {"send", "receive"}) {
            settings =
                    settings.set(direction + "_delay", "4000")
                            .set(direction + "_delay_type", "36")
                            .set(direction + "_delay_request", "yes")
                            .set(direction + "_delay_response", "no");
        }
        return settings;
    }

    @AutoClose private final Lab lab = Lab.open("RekeyCollision");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Interop: rekeying of the same Child SA, then of the same IKE SA, by both peers at once |
    /// strongSwan | both initiate
    @Test
    void ofTwoRekeyingsAtOnceOneRemains() {
        domain.gatewayA(
                PROXY_NEIGHBOUR
                        + """
                        [profile.clients.life]
                        ike = "70s"
                        child = "50s"
                        """);
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        slow(),
                        CONNECTION.replace("SECRET", SecureDomain.PRE_SHARED_KEY));
        client.initiate("net");
        LabProcess ping =
                Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(200));

        client.process().awaitLine("CHILD_REKEY collision", SOON);
        client.process().awaitLine("IKE_REKEY collision", SOON);
        Await.until("one IKE SA remains", SOON, () -> client.establishedIkeSas() == 1);
        client.awaitSas(SOON, "ESTABLISHED", "INSTALLED");

        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        assertThat(Ping.finish(ping).lost()).isLessThanOrEqualTo(1);
    }
}
