package dev.postern.lab;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The two gateways of the failover topology behind one address that they share, 192.0.2.9, and
/// what a client sees of them.
final class TightPair {
    static final String SHARED = "192.0.2.9";
    static final String GATEWAY = "gw.lab";
    static final String ACTIVE = "\"event\":\"standby-active\"";
    static final String PASSIVE = "\"event\":\"standby-passive\"";
    static final String TAKEN = "\"event\":\"takeover-completed\"";
    static final String CLIENT =
            """
            identity = "client.lab"
            psk = "%s"
            secure-domain = "lab"
            remote-subnets = ["10.1.0.0/24"]
            [[gateway]]
            identity = "gw.lab"
            address = "192.0.2.9"
            [inside]
            mode = "tun"
            [liveness]
            idle = "60s"
            traffic-silence = "never"
            [log]
            format = "json"
            """
                    .formatted(SecureDomain.PRE_SHARED_KEY);
    private static final Pattern TAKEN_COUNT = Pattern.compile("\"taken\":(\\d+)");

    private final FailoverTopology net;
    private final ClusterDomain cluster;
    private final Function<NetworkNamespace, String> mover;

    TightPair(Lab lab, FailoverTopology net) {
        this(lab, net, _ -> "device = \"outside\"");
    }

    /// @param mover the line of `[standby]` that says who moves the shared address on a host
    TightPair(Lab lab, FailoverTopology net, Function<NetworkNamespace, String> mover) {
        this.net = net;
        this.cluster = new ClusterDomain(lab, net);
        this.mover = mover;
    }

    /// Starts gateway A and waits until it serves.
    PosternDaemon activeA() {
        PosternDaemon a = gateway(net.gwA(), "gw-a.lab", 1);
        a.awaitLine(ACTIVE, SecureDomain.SOON);
        return a;
    }

    /// Starts gateway B beside it.
    PosternDaemon standbyB() {
        PosternDaemon b = gateway(net.gwB(), "gw-b.lab", 2);
        ClusterDomain.awaitBoth(b);
        return b;
    }

    private PosternDaemon gateway(NetworkNamespace host, String node, int member) {
        String toml =
                """
                identity = "gw.lab"
                secure-domain = "lab"
                member = %1$d
                tgs-keys = "%2$s"
                [listen]
                addresses = ["192.0.2.9"]
                [standby]
                addresses = ["192.0.2.9/24"]
                %4$s
                [inside]
                mode = "tun"
                [pool.clients]
                addresses = "10.1.0.192/26"
                assign = "10.1.0.2%1$d0-10.1.0.2%1$d9"
                [profile.clients]
                pool = "clients"
                local-subnets = ["10.1.0.0/24"]
                ike-suites = ["aes128gcm16-prfsha256-x25519", "aes128-sha256-x25519"]
                [[profile.clients.peer]]
                id = "client.lab"
                psk = "%3$s"
                [log]
                format = "json"
                [status]
                address = "127.0.0.1:9500"
                """
                        .formatted(
                                member,
                                cluster.domain().tgsKeys(host),
                                SecureDomain.PRE_SHARED_KEY,
                                mover.apply(host));
        PosternDaemon gateway =
                PosternDaemon.gateway(
                        host, toml + SecureDomain.PROXY_NEIGHBOUR + cluster.tables(host, node));
        gateway.awaitLine(SecureDomain.GATEWAY_READY, SecureDomain.SOON);
        return gateway;
    }

    boolean clientReachesLanhost() {
        return cluster.domain().clientReachesLanhost();
    }

    static String standby(NetworkNamespace host) {
        return ClusterDomain.ctl(host, "standby", "--json");
    }

    /// Waits until a host holds what it needs to carry on with the client of a node.
    static void awaitRecords(NetworkNamespace host, String node, int count) {
        Await.until(
                host + " holds " + count + " records of " + node,
                SecureDomain.SOON,
                () -> standby(host).contains("\"" + node + "\":" + count));
    }

    static boolean hasSharedAddress(NetworkNamespace host) {
        return host.ip("-4", "address", "show", "dev", "outside").contains(SHARED + "/");
    }

    /// Sessions that the last takeover of a daemon carried on with.
    static int taken(PosternDaemon daemon, int mark) {
        String line = daemon.process().awaitLineAfter(mark, TAKEN, SecureDomain.SOON);
        Matcher matcher = TAKEN_COUNT.matcher(line);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    /// A figure of a gateway's `/metrics`.
    static long metric(NetworkNamespace host, String label) {
        String text =
                host.exec(
                        "/bin/bash",
                        "-c",
                        "exec 3<>/dev/tcp/127.0.0.1/9500;"
                                + " printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3");
        Matcher matcher =
                Pattern.compile("postern_ike_total\\{what=\"" + label + "\"} (\\d+)").matcher(text);
        if (!matcher.find()) {
            throw new LabException("no metric " + label + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    /// ESP packets of the shared address whose explicit IV came before under the same SPI.
    static List<String> repeatedIvs(List<DissectedPacket> packets) {
        Map<String, Integer> seen = new HashMap<>();
        return packets.stream()
                .map(packet -> packet.first("udp.payload").replace(":", ""))
                .filter(octets -> octets.length() > 32 && !octets.startsWith("00000000"))
                .map(octets -> octets.substring(0, 8) + octets.substring(16, 32))
                .filter(key -> seen.merge(key, 1, Integer::sum) > 1)
                .toList();
    }
}
