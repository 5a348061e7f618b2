package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The recipe of docs/cluster.md as it stands there, with real keepalived: Postern decides who
/// serves, and VRRP moves the address after it.
@Tag("privileged")
final class KeepalivedInTheLabTest {
    private static final String WEIGHT = "/run/postern/weight";
    private static final Pattern STOP_POST = Pattern.compile("`ExecStopPost=/bin/sh -c '([^']+)'`");

    @AutoClose private final Lab lab = Lab.open("Keepalived");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final TightPair pair =
            new TightPair(lab, net, host -> "hook = \"%s\"".formatted(hook(host)));
    private final String recipe = recipe();

    private static String recipe() {
        try {
            String page = Files.readString(Path.of("../docs/cluster.md"));
            int from = page.indexOf("### With keepalived");
            return page.substring(from, page.indexOf("\n## ", from));
        } catch (IOException e) {
            throw new LabException("docs/cluster.md cannot be read", e);
        }
    }

    /// What stands in the recipe's file, with the names that a host of the lab has for things.
    private String file(NetworkNamespace host, String firstLine, String nextFile) {
        int from = recipe.indexOf("    " + firstLine);
        int until = nextFile.isEmpty() ? recipe.length() : recipe.indexOf("    " + nextFile);
        List<String> lines =
                recipe.substring(from, until)
                        .lines()
                        .takeWhile(line -> line.isEmpty() || line.startsWith("    "))
                        .toList();
        return onHost(host, String.join("\n", lines).stripIndent() + "\n")
                .replace("192.0.2.10/24", TightPair.SHARED + "/24")
                .replace("eth0", "outside");
    }

    private String onHost(NetworkNamespace host, String text) {
        return text.replace(WEIGHT, lab.file(host.host() + "/weight").toString());
    }

    private Path hook(NetworkNamespace host) {
        Path hook =
                lab.write(
                        host.host() + "/shared-address",
                        file(host, "#!/bin/sh", "# /etc/keepalived"));
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        return hook;
    }

    private void startKeepalived(NetworkNamespace host) {
        String keepalived = Component.KEEPALIVED.require().toString();
        String configuration =
                lab.write(
                                host.host() + "/keepalived.conf",
                                file(host, "# /etc/keepalived/keepalived.conf", ""))
                        .toString();
        assertThat(
                        host.command(keepalived, "--use-file", configuration, "--config-test")
                                .run()
                                .everything()
                                .lines())
                .noneMatch(line -> line.contains("(postern)") || line.contains("keepalived.conf"));
        host.start(
                "keepalived",
                keepalived,
                "--use-file",
                configuration,
                "--vrrp",
                "--dont-fork",
                "--log-console",
                "--no-syslog",
                "--pid",
                lab.file(host.host() + ".keepalived.pid").toString(),
                "--vrrp_pid",
                lab.file(host.host() + ".vrrp.pid").toString());
    }

    private void awaitAddressAlone(NetworkNamespace with, NetworkNamespace without) {
        Await.until(
                with + " alone has the shared address",
                SOON,
                () -> TightPair.hasSharedAddress(with) && !TightPair.hasSharedAddress(without));
    }

    private void awaitService() {
        Await.until("the client reaches lanhost", SOON, pair::clientReachesLanhost);
    }

    @Test
    void theAddressFollowsTheMemberThatServes() {
        startKeepalived(net.gwA());
        startKeepalived(net.gwB());
        PosternDaemon a = pair.activeA();
        PosternDaemon b = pair.standbyB();
        awaitAddressAlone(net.gwA(), net.gwB());
        PosternDaemon client = PosternDaemon.client(net.client(), TightPair.CLIENT);
        client.awaitLine(SecureDomain.SWITCHED, SOON);
        awaitService();
        TightPair.awaitRecords(net.gwB(), "gw-a.lab", 1);
        int connected = client.process().mark();

        a.process().signal(LabProcess.Signal.TERM);
        assertThat(TightPair.taken(b, 0)).isEqualTo(1);
        awaitAddressAlone(net.gwB(), net.gwA());
        awaitService();

        a.restart().awaitLine(SecureDomain.GATEWAY_READY, SOON);
        TightPair.awaitRecords(net.gwA(), "gw-b.lab", 1);
        b.crash();
        // What the unit does then.
        Matcher stopPost = STOP_POST.matcher(recipe);
        assertThat(stopPost.find()).isTrue();
        net.gwB().exec("/bin/sh", "-c", onHost(net.gwB(), stopPost.group(1)));
        awaitAddressAlone(net.gwA(), net.gwB());
        awaitService();
        assertThat(client.process().output().stream().skip(connected))
                .noneMatch(line -> line.contains("\"event\":\"switch"));
    }
}
