package dev.postern.lab.matrix;

import dev.postern.lab.FailoverTopology;
import dev.postern.lab.FreeRadius;
import dev.postern.lab.Lab;
import dev.postern.lab.LabAuthority;
import dev.postern.lab.LabException;
import dev.postern.lab.NetworkNamespace;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The configurations of the gateways and of the client of one cell.
final class Settings {
    static final String USER = "alice";
    static final String PASSWORD = "correct horse battery staple";

    private static final String PRE_SHARED_KEY = "lab-psk-0123456789abcdef";

    private final Lab lab;
    private final Cell cell;
    private final String gateways;
    private final NetworkNamespace behind;
    private final LabAuthority authority;
    private final ClusterTables cluster;
    private final String tgsKey;

    /// @param gateways the letters of those that there are
    /// @param behind the host that learns from hooks where a branch office is
    Settings(Lab lab, Cell cell, String gateways, NetworkNamespace behind) {
        this.lab = lab;
        this.behind = behind;
        this.cell = cell;
        this.gateways = gateways;
        this.authority = LabAuthority.create(lab);
        this.cluster =
                new ClusterTables(lab, authority, gateways, cell.failure() == Failure.SITE_LOSS);
        byte[] spiAndKey = new byte[40];
        new SecureRandom().nextBytes(spiAndKey);
        String digits = HexFormat.of().formatHex(spiAndKey);
        this.tgsKey = "key %s %s\n".formatted(digits.substring(0, 16), digits.substring(16));
        if (cell.credential() == Credential.CERTIFICATE) {
            issue("client.lab");
        }
        if (cell.credential() == Credential.CERTIFICATE || cell.arrangement().isClustered()) {
            gateways.chars().forEach(letter -> issue(Station.identity((char) letter)));
        }
        if (isTight()) {
            issue(ClusterTables.SHARED_IDENTITY);
        }
    }

    private void issue(String name) {
        authority.issue(name, name, "ec -pkeyopt ec_paramgen_curve:P-256");
    }

    private boolean isTight() {
        return cell.arrangement() == Arrangement.TIGHT;
    }

    /// Who a gateway is to clients.
    private String identity(char letter) {
        return isTight() ? ClusterTables.SHARED_IDENTITY : Station.identity(letter);
    }

    private String address(char letter) {
        return isTight() ? ClusterTables.SHARED_ADDRESS : Station.address(letter);
    }

    private boolean isTunnel() {
        return cell.encapsulation() == Encapsulation.TUNNEL;
    }

    /// Where a gateway takes its operator's commands.
    static Path socket(NetworkNamespace host) {
        // The path of a Unix domain socket has room for 107 octets.
        return Path.of("/tmp/" + host.name() + ".sock");
    }

    String gateway(NetworkNamespace host, char letter) {
        int number = Station.number(letter);
        StringBuilder toml =
                new StringBuilder(
                        """
                        identity = "%1$s"
                        secure-domain = "lab"
                        member = %2$d
                        tgs-keys = "%3$s"
                        [listen]
                        addresses = ["%4$s"]
                        [inside]
                        mode = "tun"
                        [log]
                        format = "json"
                        [admin]
                        socket = "%5$s"
                        """
                                .formatted(
                                        identity(letter),
                                        number,
                                        lab.write(host.host() + "/tgs.keys", tgsKey),
                                        address(letter),
                                        socket(host)));
        toml.append(profile(host, number));
        toml.append(
                switch (cell.credential()) {
                    case PSK -> peer();
                    case CERTIFICATE ->
                            "[profile.clients.certificates]\n" + certificate(identity(letter));
                    case EAP -> radius(number);
                });
        toml.append(
                switch (cell.arrangement()) {
                    case BY_VALUE, BRANCH -> "";
                    case BY_REFERENCE ->
                            """
                            [profile.clients.resumption]
                            storage = "by-reference"
                            [session-store]
                            file = "%s"
                            """
                                            .formatted(lab.file(host.host() + "/sessions.db"))
                                    + cluster.of(host, letter);
                    case TIGHT -> ClusterTables.TIGHT + cluster.of(host, letter);
                    case LOOSE -> ClusterTables.LOOSE + cluster.of(host, letter);
                    case COLD ->
                            """
                            [profile.clients.resumption]
                            one-round-trip = false
                            rfc5723 = false
                            """;
                });
        gateways.chars()
                .filter(other -> other != letter && !isTight())
                .forEach(other ->
                        toml.append(
                                "[[backup]]\naddress = \"%s\"\n"
                                        .formatted(Station.address((char) other))));
        return toml.toString();
    }

    private String profile(NetworkNamespace host, int number) {
        if (!isTunnel()) {
            return "[profile.clients]\nmode = \"transport\"\n";
        }
        return isBranch() ? branchProfile(host, number) : tunnelProfile(number);
    }

    private boolean isBranch() {
        return cell.arrangement() == Arrangement.BRANCH;
    }

    /// A routing protocol would tell the hosts behind the gateways where the branch office is now;
    /// here a hook does.
    private String branchProfile(NetworkNamespace host, int number) {
        Path hook =
                lab.write(
                        host.host() + "/hook",
                        "#!/bin/sh\n[ $1 = del ] || ip -n %s route replace $2 via 10.1.0.%d\n"
                                .formatted(behind.name(), number));
        if (!hook.toFile().setExecutable(true)) {
            throw new LabException(hook + " cannot be made executable");
        }
        return """
        [return-path]
        mode = "hook"
        hook = "%s"
        [profile.clients]
        remote-subnets = ["10.2.0.0/24"]
        local-subnets = ["10.1.0.0/24"]
        """
                .formatted(hook);
    }

    private static String tunnelProfile(int number) {
        return """
        [return-path]
        mode = "proxy-neighbour"
        device = "inside"
        [pool.clients]
        addresses = "10.1.0.192/26"
        assign = "10.1.0.2%1$d0-10.1.0.2%1$d9"
        [profile.clients]
        pool = "clients"
        local-subnets = ["10.1.0.0/24"]
        """
                .formatted(number);
    }

    private static String peer() {
        return """
        [[profile.clients.peer]]
        id = "client.lab"
        psk = "%s"
        """
                .formatted(PRE_SHARED_KEY);
    }

    private String certificate(String name) {
        return ClusterTables.certificate(authority, name);
    }

    private static String radius(int number) {
        return """
        [profile.clients.eap]
        method = "radius"
        psk = "%1$s"
        [radius]
        nas-identifier = "gw-%2$d"
        nas-address = "10.1.0.%2$d"
        [[radius.server]]
        address = "%3$s"
        secret = "%4$s"
        """
                .formatted(PRE_SHARED_KEY, number, FailoverTopology.LANHOST, FreeRadius.SECRET);
    }

    String client() {
        StringBuilder toml =
                new StringBuilder("identity = \"client.lab\"\nsecure-domain = \"lab\"\n");
        if (cell.credential() != Credential.CERTIFICATE) {
            toml.append("psk = \"%s\"\n".formatted(PRE_SHARED_KEY));
        }
        toml.append(isTunnel() ? "remote-subnets = [\"10.1.0.0/24\"]\n" : "mode = \"transport\"\n");
        if (isBranch()) {
            toml.append("request-address = false\nlocal-subnets = [\"10.2.0.0/24\"]\n");
        }
        gateways.chars()
                .limit(isTight() ? 1 : gateways.length())
                .forEach(letter ->
                        toml.append(
                                "[[gateway]]\nidentity = \"%s\"\naddress = \"%s\"\n"
                                        .formatted(
                                                identity((char) letter), address((char) letter))));
        switch (cell.credential()) {
            case PSK -> {}
            case CERTIFICATE -> toml.append("[certificates]\n").append(certificate("client.lab"));
            case EAP ->
                    toml.append(
                            """
                            [eap]
                            method = "mschapv2"
                            identity = "%s"
                            password = "%s"
                            """
                                    .formatted(USER, PASSWORD));
        }
        toml.append("[resumption]\nrfc5723 = false\n");
        if (cell.arrangement() == Arrangement.COLD) {
            toml.append("one-round-trip = false\n");
        }
        if (isTight()) {
            // As examples/tight-cluster has it: the takeover is faster than a look around.
            toml.append("[liveness]\ntraffic-silence = \"5s\"\n");
        }
        return toml.append("[log]\nformat = \"json\"\n").toString();
    }
}
