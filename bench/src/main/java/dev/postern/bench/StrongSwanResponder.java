package dev.postern.bench;

import dev.postern.lab.CpuTime;
import dev.postern.lab.NetworkNamespace;
import dev.postern.lab.StrongSwan;
import dev.postern.lab.StrongSwanSettings;

/// A strongSwan that answers every initiator that knows the pre-shared key: PSK, X25519,
/// AES-128-GCM, PRF HMAC-SHA-256, UDP encapsulation, a Child SA on kernel-libipsec.
///
/// It takes any address and identity, replaces no IKE SA by another of the same identity, knows no
/// cookies and no limits on half-open IKE SAs, and has four million virtual addresses for
/// initiators that ask. Without CP the initiator offers its own outer address as TSi.
///
/// @param daemon the charon
public record StrongSwanResponder(StrongSwan daemon) {
    /// The pre-shared key of every initiator.
    public static final String PRE_SHARED_KEY = "lab-psk-0123456789abcdef";

    /// The responder's identity, an ID_FQDN.
    public static final String IDENTITY = "responder";

    /// What a Child SA reaches.
    public static final String LOCAL_NETWORK = "10.1.0.0/24";

    private static final String CONFIGURATION =
            """
            connections {
              any {
                version = 2
                local_addrs = %%any
                remote_addrs = %%any
                proposals = aes128gcm16-prfsha256-x25519
                encap = yes
                mobike = no
                rekey_time = 0
                unique = never
                pools = vip
                local {
                  auth = psk
                  id = %s
                }
                remote {
                  auth = psk
                  id = %%any
                }
                children {
                  net {
                    local_ts = %s
                    esp_proposals = aes128gcm16
                    mode = tunnel
                    rekey_time = 0
                  }
                }
              }
            }
            pools {
              vip {
                addrs = 10.64.0.0/10
              }
            }
            secrets {
              ike-1 {
                secret = "%s"
              }
            }
            """
                    .formatted(IDENTITY, LOCAL_NETWORK, PRE_SHARED_KEY);

    /// Starts it on a host, UDP ports 500 and 4500.
    public static StrongSwanResponder start(NetworkNamespace host) {
        // Without an address in the local network there is no source for the route to a client, and
        // kernel-libipsec refuses the Child SA: the initiator sees TS_UNACCEPTABLE.
        host.ip("link", "add", "inner", "type", "bridge");
        host.address("inner", "10.1.0.1/24");
        return new StrongSwanResponder(
                StrongSwan.start(host, StrongSwanSettings.forStorms(16), CONFIGURATION));
    }

    /// CPU time so far.
    public long cpuMicros() {
        return CpuTime.cpuMicrosOf(daemon.process().pid());
    }
}
