package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a daemon without privileges tells its operator. Root is needed to give it all up.
@Tag("privileged")
class RefusalsPrivilegedTest {
    private final NetworkNamespace namespace = NetworkNamespace.create();
    private final NetworkNamespace other = NetworkNamespace.create();

    @AfterEach
    void end() {
        namespace.close();
        other.close();
    }

    @Test
    void eachRefusalSaysWhichCapabilityIsMissing() {
        NetworkNamespace.join(namespace, other);
        Map<String, String> refusals = runWithoutPrivileges();

        assertThat(refusals)
                .containsEntry(
                        "bind",
                        "cannot bind UDP 127.0.0.1:500: permission denied (EACCES); ports below"
                                + " 1024 need CAP_NET_BIND_SERVICE, or set"
                                + " net.ipv4.ip_unprivileged_port_start to 500");
        assertThat(refusals.get("mark")).contains("SO_MARK", "EPERM", "CAP_NET_ADMIN");
        assertThat(refusals.get("tun"))
                .startsWith("cannot create TUN device tun0: operation not permitted (EPERM)")
                .contains("AmbientCapabilities=CAP_NET_ADMIN");
        assertThat(refusals.get("packet")).contains("eth0", "EPERM", "CAP_NET_RAW");
        assertThat(refusals.get("route"))
                .contains("cannot add route 10.0.0.1/32 dev eth0", "EPERM", "CAP_NET_ADMIN");
        assertThat(refusals.get("sysctl"))
                .contains("/proc/sys/net/ipv4/conf/eth0/forwarding", "this needs root");
    }

    @Test
    void aBufferBeyondTheLimitIsGrantedUpToTheLimit() {
        String granted = runWithoutPrivileges().get("buffer");
        String limit = NetworkNamespace.run("cat", "/proc/sys/net/core/rmem_max").strip();

        assertThat(granted).isEqualTo("granted " + 2 * Integer.parseInt(limit));
    }

    private Map<String, String> runWithoutPrivileges() {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String classes = System.getProperty("java.class.path");
        String output =
                namespace.exec(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "--inh-caps=-all",
                        "--bounding-set=-all",
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        onlyOurs(classes),
                        Unprivileged.class.getName());
        return output.lines()
                .filter(line -> line.contains(": "))
                .collect(
                        Collectors.toMap(
                                line -> line.substring(0, line.indexOf(": ")),
                                line -> line.substring(line.indexOf(": ") + 2)));
    }

    /// The classes of this module; libraries may lie where nobody else may read.
    private static String onlyOurs(String classPath) {
        return List.of(classPath.split(":")).stream()
                .filter(entry -> Path.of(entry).toFile().isDirectory())
                .collect(Collectors.joining(":"));
    }
}
