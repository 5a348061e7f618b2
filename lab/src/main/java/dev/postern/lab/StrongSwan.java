package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Debian's strongSwan on one host: a charon with kernel-libipsec, spoken to through vici.
///
/// Its TUN device is `ipsec0` with MTU 1400; ESP travels only in UDP, so that each connection needs
/// `encap = yes`. Connections are written as `swanctl.conf(5)`, one setting a line.
public final class StrongSwan implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);
    private static final Pattern COUNT = Pattern.compile("IKE_SAs: (\\d+) total, (\\d+) half-open");

    private final NetworkNamespace host;
    private final Path directory;
    private final Path socketDirectory;
    private final LabProcess charon;

    private StrongSwan(
            NetworkNamespace host, Path directory, Path socketDirectory, LabProcess charon) {
        this.host = host;
        this.directory = directory;
        this.socketDirectory = socketDirectory;
        this.charon = charon;
    }

    /// Starts a charon with the usual settings and loads connections and secrets.
    ///
    /// @param swanctlConf the text of `swanctl.conf`
    public static StrongSwan start(NetworkNamespace host, String swanctlConf) {
        return start(host, StrongSwanSettings.usual(), swanctlConf);
    }

    /// Starts a charon and loads connections and secrets.
    public static StrongSwan start(
            NetworkNamespace host, StrongSwanSettings settings, String swanctlConf) {
        Component.CURVE25519.require();
        Component.OPENSSL.require();
        Component.KERNEL_LIBIPSEC.require();
        Component.EAP_MSCHAPV2.require();
        Component.TUN_DEVICE.require();
        Component.SWANCTL.require();
        Path binary = Component.CHARON.require();
        Lab lab = host.lab();
        Path socketDirectory = newSocketDirectory();
        Path conf =
                lab.write(
                        host.host() + "/strongswan.conf",
                        settings.text(socketDirectory.resolve("vici").toString()));
        // /run/charon.pid is compiled in: a tmpfs of its own, in the mount namespace that
        // `ip netns exec` made, lets several charons run.
        LabProcess charon =
                host.start(
                        "charon",
                        List.of(
                                "/bin/sh",
                                "-c",
                                "mount -t tmpfs tmpfs /run && exec \"$0\"",
                                binary.toString()),
                        Map.of("STRONGSWAN_CONF", conf.toString()));
        StrongSwan started = new StrongSwan(host, lab.file(host.host()), socketDirectory, charon);
        lab.closing(started);
        started.awaitVici();
        started.load(swanctlConf);
        return started;
    }

    private static Path newSocketDirectory() {
        try {
            // A socket's path has 107 octets at most; the lab's directory may be deep.
            return Files.createTempDirectory("posternlab");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What charon logs at its start depends on the log levels; that vici answers does not.
    private void awaitVici() {
        Await.until(
                "%s answers on its vici socket; its log is %s".formatted(this, charon.logFile()),
                START,
                () -> !charon.isAlive() || swanctl("--stats").run().succeeded());
        if (!charon.isAlive()) {
            throw new LabException(
                    "%s ended at its start: %s"
                            .formatted(this, String.join("\n", charon.output())));
        }
    }

    /// Loads connections, pools and secrets; what is not in the text any more is unloaded.
    public void load(String swanctlConf) {
        host.lab().write(host.host() + "/swanctl.conf", swanctlConf);
        swanctl("--load-all", "--noprompt").runSuccessfully();
    }

    /// A certificate or key for the next [#load]: `x509/gwA.pem`, `x509ca/ca.pem`,
    /// `private/gwA.pem`.
    public void credential(String path, String pem) {
        host.lab().write(host.host() + "/" + path, pem);
    }

    /// Sets a Child SA up, with its IKE SA if there is none.
    ///
    /// @throws LabException with charon's account when the peer refuses or does not answer
    public void initiate(String child) {
        swanctl("--initiate", "--child", child).runSuccessfully();
    }

    /// As [#initiate(String)] for a connection among several with the same children.
    public void initiate(String connection, String child) {
        swanctl("--initiate", "--ike", connection, "--child", child).runSuccessfully();
    }

    /// Deletes the IKE SAs of a connection.
    public void terminate(String connection) {
        swanctl("--terminate", "--ike", connection).runSuccessfully();
    }

    /// The output of `swanctl --list-sas`.
    public String listSas() {
        return swanctl("--list-sas").runSuccessfully();
    }

    /// Waits until `swanctl --list-sas` shows all of the texts.
    public void awaitSas(Duration deadline, String... texts) {
        Await.until(
                "%s lists SAs with %s".formatted(host, List.of(texts)),
                deadline,
                () -> {
                    String sas = listSas();
                    return List.of(texts).stream().allMatch(sas::contains);
                });
    }

    /// The number of IKE SAs that are established, without listing them.
    public int establishedIkeSas() {
        Matcher matcher = COUNT.matcher(swanctl("--stats").runSuccessfully());
        if (!matcher.find()) {
            throw new LabException("swanctl --stats of %s shows no count".formatted(host));
        }
        return Integer.parseInt(matcher.group(1)) - Integer.parseInt(matcher.group(2));
    }

    /// Any `swanctl` command towards this charon.
    public Command swanctl(String... arguments) {
        List<String> words = new ArrayList<>(List.of(Component.SWANCTL.require().toString()));
        words.addAll(List.of(arguments));
        words.add("--uri");
        words.add("unix://" + socketDirectory.resolve("vici"));
        return Command.of(words)
                .with("STRONGSWAN_CONF", directory.resolve("strongswan.conf").toString())
                .with("SWANCTL_DIR", directory.toString())
                .within(Duration.ofSeconds(60));
    }

    /// The charon's process: its log lines, its id, signals.
    public LabProcess process() {
        return charon;
    }

    public NetworkNamespace host() {
        return host;
    }

    /// Ends charon, which deletes its SAs first.
    @Override
    public void close() {
        charon.close();
        try {
            Files.deleteIfExists(socketDirectory.resolve("vici"));
            Files.deleteIfExists(socketDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "strongSwan at " + host;
    }
}
