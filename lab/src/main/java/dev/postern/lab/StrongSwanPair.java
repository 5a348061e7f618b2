package dev.postern.lab;

/// Two strongSwans on one cable, the network between their inner addresses protected by a
/// pre-shared key, X25519 and AES-128-GCM: the baseline that Postern is compared to.
///
/// @param gateway the responder, at [#GATEWAY_OUTER]
/// @param client the initiator, at [#CLIENT_OUTER]; its connection is `gw`, its child `net`
public record StrongSwanPair(StrongSwan gateway, StrongSwan client) {
    public static final String GATEWAY_OUTER = "192.168.50.1";
    public static final String CLIENT_OUTER = "192.168.50.2";
    public static final String GATEWAY_INNER = "10.1.0.1";
    public static final String CLIENT_INNER = "10.2.0.1";

    private static final String CONNECTION =
            """
            connections {
              gw {
                version = 2
                local_addrs = %1$s
                remote_addrs = %2$s
                proposals = aes128gcm16-prfsha256-x25519
                rekey_time = 0
                encap = yes
                mobike = no
                local {
                  auth = psk
                  id = %3$s
                }
                remote {
                  auth = psk
                  id = %4$s
                }
                children {
                  net {
                    local_ts = %5$s
                    remote_ts = %6$s
                    esp_proposals = aes128gcm16
                    mode = tunnel
                    rekey_time = 0
                  }
                }
              }
            }
            secrets {
              ike-1 {
                secret = "lab-psk-0123456789abcdef"
              }
            }
            """;

    /// Makes the hosts `gateway` and `client` and starts both daemons; the tunnel is not up.
    public static StrongSwanPair create(Lab lab, StrongSwanSettings settings) {
        NetworkNamespace gateway = lab.host("gateway");
        NetworkNamespace client = lab.host("client");
        lab.join(gateway, "eth0", client, "eth0");
        gateway.address("eth0", GATEWAY_OUTER + "/24");
        client.address("eth0", CLIENT_OUTER + "/24");
        Bridge.create(gateway, "inner");
        gateway.address("inner", GATEWAY_INNER + "/24");
        Bridge.create(client, "inner");
        client.address("inner", CLIENT_INNER + "/24");
        return new StrongSwanPair(
                StrongSwan.start(
                        gateway,
                        settings,
                        CONNECTION.formatted(
                                GATEWAY_OUTER,
                                CLIENT_OUTER,
                                "gwA",
                                "client",
                                "10.1.0.0/24",
                                "10.2.0.0/24")),
                StrongSwan.start(
                        client,
                        settings,
                        CONNECTION.formatted(
                                CLIENT_OUTER,
                                GATEWAY_OUTER,
                                "client",
                                "gwA",
                                "10.2.0.0/24",
                                "10.1.0.0/24")));
    }
}
