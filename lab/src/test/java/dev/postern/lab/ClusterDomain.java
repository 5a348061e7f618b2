package dev.postern.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// The gateways of the failover topology as members of one cluster, which talk to each other on the
/// inside network.
final class ClusterDomain {
    static final Duration SOON = SecureDomain.SOON;

    private final FailoverTopology net;
    private final SecureDomain domain;
    private final LabAuthority authority;
    private final String members;

    /// Both gateways.
    ClusterDomain(Lab lab, FailoverTopology net) {
        this(lab, net, member("gw-a.lab", 1, ""), member("gw-b.lab", 2, ""));
    }

    /// Both gateways and a third member.
    static ClusterDomain ofThree(Lab lab, FailoverTopology net) {
        return new ClusterDomain(
                lab,
                net,
                member("gw-a.lab", 1, ""),
                member("gw-b.lab", 2, ""),
                member("gw-c.lab", 3, ""));
    }

    /// Each gateway is a site, east and west.
    static ClusterDomain ofTwoSites(Lab lab, FailoverTopology net) {
        return new ClusterDomain(
                lab, net, member("gw-a.lab", 1, "east"), member("gw-b.lab", 2, "west"));
    }

    private ClusterDomain(Lab lab, FailoverTopology net, String... members) {
        this.net = net;
        this.members = String.join("", members);
        this.domain = new SecureDomain(lab, net);
        this.authority = LabAuthority.create(lab);
        for (String node : new String[] {"gw-a.lab", "gw-b.lab", "gw-c.lab"}) {
            issue(node);
        }
    }

    private static String member(String node, int number, String site) {
        String member =
                """
                [[cluster.member]]
                node = "%s"
                address = "10.1.0.%d:7800"
                """
                        .formatted(node, number);
        return site.isEmpty()
                ? member
                : member
                        + """
                        site = "%s"
                        bridge = "10.1.0.%d:7801"
                        """
                                .formatted(site, number);
    }

    SecureDomain domain() {
        return domain;
    }

    PosternDaemon gatewayA(String more) {
        return domain.gatewayA(tables(net.gwA(), "gw-a.lab") + more);
    }

    PosternDaemon gatewayB(String more) {
        return domain.gatewayB(tables(net.gwB(), "gw-b.lab") + more);
    }

    /// The tables `admin` and `cluster` of a gateway.
    String tables(NetworkNamespace host, String node) {
        return """
        [admin]
        socket = "%1$s"
        [cluster]
        name = "lab"
        node = "%2$s"
        %3$s
        state = "%4$s"
        """
                        .formatted(
                                socket(host),
                                node,
                                certificate(node),
                                host.lab().file(host.host() + ".voters"))
                + members;
    }

    /// Certificate, key and trust of a name, as several tables want them.
    String certificate(String name) {
        return """
        certificate = "%s"
        private-key = "%s"
        trust = "%s"
        """
                .formatted(
                        authority.file(name + "-chain.pem"),
                        authority.file(name + ".key"),
                        authority.file("root.pem"));
    }

    /// Issues a key and a certificate.
    void issue(String name) {
        authority.issue(name, name, "ec -pkeyopt ec_paramgen_curve:P-256");
    }

    /// Waits until a gateway has told of a primary view with both members.
    static void awaitBoth(PosternDaemon gateway) {
        awaitView(gateway, 0, "gw-a.lab", "gw-b.lab");
    }

    /// The same of these members, since a mark; in any order, for one that comes to a busy cluster
    /// may begin alone and be united with it.
    static void awaitView(PosternDaemon gateway, int mark, String... members) {
        gateway.process()
                .awaitLineAfter(
                        mark,
                        "a primary view of " + String.join(", ", members),
                        SOON,
                        line ->
                                line.contains("\"event\":\"view-changed\"")
                                        && line.contains("\"primary\":true")
                                        && Arrays.stream(members).allMatch(line::contains));
    }

    /// Waits until a member says that the cluster loses nothing with another one.
    static void awaitCopies(NetworkNamespace host) {
        Await.until(
                "every session has its copies",
                SOON,
                () -> ctl(host, "members", "--json").contains("\"copied\":true"));
    }

    /// The TGS key file of a gateway, its own.
    static Path tgsKeys(NetworkNamespace host) {
        return host.lab().file(host.host() + "/tgs.keys");
    }

    static Path socket(NetworkNamespace host) {
        // The path of a Unix domain socket has room for 107 octets.
        return Path.of("/tmp/" + host.name() + ".sock");
    }

    /// Runs `postern ctl ...` on a host.
    static String ctl(NetworkNamespace host, String... words) {
        return ctlCommand(host, words).runSuccessfully();
    }

    /// The same, whatever comes of it.
    static Command.Result ctlResult(NetworkNamespace host, String... words) {
        return ctlCommand(host, words).run();
    }

    private static Command ctlCommand(NetworkNamespace host, String... words) {
        String[] line = new String[words.length + 3];
        line[0] = "ctl";
        line[1] = words[0];
        line[2] = "--admin";
        line[3] = socket(host).toString();
        System.arraycopy(words, 1, line, 4, words.length - 1);
        return host.command(PosternDaemon.commandLine(line).toArray(new String[0]));
    }
}
