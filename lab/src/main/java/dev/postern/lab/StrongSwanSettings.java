package dev.postern.lab;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/// What goes into a charon's `strongswan.conf`.
///
/// @param threads worker threads
/// @param settings dotted keys below `charon.`, for example `retransmit_timeout` or
///   `plugins.vici.socket`; they replace those of [#usual]
/// @param logLevels log groups and their levels, see `strongswan.conf(5)`
public record StrongSwanSettings(
        int threads, Map<String, String> settings, Map<String, Integer> logLevels) {

    /// kernel-libipsec has to be there before kernel-netlink, which keeps routes and addresses.
    private static final List<String> PLUGINS =
            List.of(
                    "random",
                    "nonce",
                    "openssl",
                    "curve25519",
                    "x509",
                    "pubkey",
                    "pem",
                    "pkcs1",
                    "pkcs8",
                    "revocation",
                    "constraints",
                    "kdf",
                    "drbg",
                    "chapoly",
                    "eap-identity",
                    "eap-mschapv2",
                    "eap-md5",
                    "eap-tls",
                    "counters",
                    "kernel-libipsec",
                    "kernel-netlink",
                    "socket-default",
                    "vici",
                    "updown");

    public StrongSwanSettings {
        settings = Map.copyOf(settings);
        logLevels = Map.copyOf(logLevels);
    }

    /// Settings under which two charons, or a charon and any peer that accepts UDP encapsulation,
    /// work without ESP in the kernel.
    public static StrongSwanSettings usual() {
        return new StrongSwanSettings(
                16,
                Map.of(
                        "load", String.join(" ", PLUGINS),
                        "install_routes", "yes",
                        "install_virtual_ip", "yes",
                        "retransmit_timeout", "2.0",
                        // In strongswan.conf tunnels would capture their own outer packets: the
                        // mark keeps the routing table of kernel-netlink away from them.
                        "plugins.kernel-netlink.fwmark", "!0x42",
                        "plugins.socket-default.fwmark", "0x42",
                        "plugins.kernel-libipsec.allow_peer_ts", "yes"),
                Map.of("default", 1, "ike", 2, "cfg", 1));
    }

    /// A charon that thousands of clients call at once: no cookies, no limits on half-open IKE SAs,
    /// large hash tables, and a log that says next to nothing.
    public static StrongSwanSettings forStorms(int threads) {
        return usual().threads(threads)
                .set("cookie_threshold", "0")
                .set("block_threshold", "0")
                .set("init_limit_half_open", "0")
                .set("init_limit_job_load", "0")
                .set("half_open_timeout", "300")
                .set("ikesa_table_size", "16384")
                .set("ikesa_table_segments", "16")
                .set("dos_protection", "no")
                .logging(Map.of("default", 0));
    }

    public StrongSwanSettings threads(int newThreads) {
        return new StrongSwanSettings(newThreads, settings, logLevels);
    }

    public StrongSwanSettings set(String key, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(key, value);
        return new StrongSwanSettings(threads, more, logLevels);
    }

    /// Replaces the log levels. At level 4, `ike` and `chd` print the keys, which
    /// [StrongSwanKeyLog] reads.
    public StrongSwanSettings logging(Map<String, Integer> newLevels) {
        return new StrongSwanSettings(threads, settings, newLevels);
    }

    /// Also log the keys, so that a capture can be decrypted.
    public StrongSwanSettings loggingKeys() {
        Map<String, Integer> levels = new TreeMap<>(logLevels);
        levels.put("ike", 4);
        levels.put("chd", 4);
        return logging(levels);
    }

    /// The text of the file. The log goes to standard error, since charon does not flush lines of
    /// standard output.
    String text(String viciSocket) {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        text.add(nested("charon.threads", Integer.toString(threads)));
        text.add(nested("charon.plugins.vici.socket", "unix://" + viciSocket));
        settings.forEach((key, value) -> text.add(nested("charon." + key, value)));
        logLevels.forEach((group, level) ->
                text.add(nested("charon.filelog.stderr." + group, level.toString())));
        text.add(nested("charon.filelog.stderr.time_format", "%T"));
        text.add(nested("charon.filelog.stderr.time_add_ms", "yes"));
        text.add(nested("swanctl.load", "pem pkcs1 x509 pubkey openssl random"));
        return text.toString();
    }

    /// The format has no dotted keys, but a section may be opened again and again.
    private static String nested(String dottedKey, String value) {
        int dot = dottedKey.indexOf('.');
        return dot < 0
                ? dottedKey + " = " + value
                : "%s {\n%s\n}"
                        .formatted(
                                dottedKey.substring(0, dot),
                                nested(dottedKey.substring(dot + 1), value));
    }
}
