package dev.postern.lab;

import java.util.LinkedHashMap;
import java.util.Map;

/// What strongSwan is told as a peer in the [SecureDomain]: one connection `lab` with one Child SA
/// `net` or several and a pre-shared key, and what a test says beside that or instead.
final class SwanctlConnection {
    private final Map<String, String> connection = new LinkedHashMap<>();
    private final Map<String, String> local = new LinkedHashMap<>();
    private final Map<String, String> remote = new LinkedHashMap<>();
    private final Map<String, String> child = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> children = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> secrets = new LinkedHashMap<>();

    private SwanctlConnection(String own, String peer) {
        connection.put("version", "2");
        connection.put("proposals", "aes128gcm16-prfsha256-x25519");
        connection.put("encap", "yes");
        connection.put("mobike", "no");
        local.put("auth", "psk");
        local.put("id", own);
        remote.put("auth", "psk");
        remote.put("id", peer);
        child.put("esp_proposals", "aes128gcm16");
        child.put("mode", "tunnel");
        children.put("net", child);
        secret("ike-1", Map.of("secret", SecureDomain.PRE_SHARED_KEY));
    }

    /// As the client, of the first gateway.
    static SwanctlConnection ofClient() {
        return new SwanctlConnection("client.lab", "gw-a.lab")
                .connection("local_addrs", FailoverTopology.CLIENT)
                .connection("remote_addrs", FailoverTopology.GW_A)
                .connection("vips", "0.0.0.0")
                .child("remote_ts", "10.1.0.0/24");
    }

    /// As the first gateway, with one inner address to lend.
    static SwanctlConnection ofGateway() {
        return new SwanctlConnection("gw-a.lab", "client.lab")
                .connection("local_addrs", FailoverTopology.GW_A)
                .connection("remote_addrs", "%any")
                .connection("pools", "inner")
                .child("local_ts", "10.1.0.0/24");
    }

    SwanctlConnection connection(String key, String value) {
        connection.put(key, value);
        return this;
    }

    /// Without the setting.
    SwanctlConnection lacking(String key) {
        connection.remove(key);
        return this;
    }

    SwanctlConnection local(String key, String value) {
        local.put(key, value);
        return this;
    }

    SwanctlConnection remote(String key, String value) {
        remote.put(key, value);
        return this;
    }

    /// Whoever proves to know the key is the peer.
    SwanctlConnection ofAnyPeer() {
        remote.remove("id");
        return this;
    }

    SwanctlConnection child(String key, String value) {
        child.put(key, value);
        return this;
    }

    /// A Child SA beside `net`, and as that is but for one setting.
    SwanctlConnection furtherChild(String name, String key, String value) {
        Map<String, String> further = new LinkedHashMap<>(child);
        further.put(key, value);
        children.put(name, further);
        return this;
    }

    /// A section of the secrets.
    SwanctlConnection secret(String section, Map<String, String> settings) {
        secrets.put(section, settings);
        return this;
    }

    /// The content of swanctl.conf.
    String text() {
        return """
        connections {
          lab {
        %s
            local {
        %s
            }
            remote {
        %s
            }
            children {
        %s
            }
          }
        }
        pools {
          inner {
            addrs = 10.1.0.210/32
          }
        }
        secrets {
        %s
        }
        """
                .formatted(
                        lines(connection),
                        lines(local),
                        lines(remote),
                        sections(children),
                        sections(secrets));
    }

    private static String sections(Map<String, Map<String, String>> named) {
        StringBuilder text = new StringBuilder();
        named.forEach((name, settings) ->
                text.append(name).append(" {\n").append(lines(settings)).append("\n}\n"));
        return text.toString();
    }

    private static String lines(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        return text.toString();
    }
}
