package dev.postern.lab.matrix;

import dev.postern.lab.Lab;
import dev.postern.lab.LabAuthority;
import dev.postern.lab.NetworkNamespace;

/// The tables of a gateway that has others of its cluster beside it.
///
/// @param gateways the letters of all members
/// @param isOfTwoSites whether the third one is of a site of its own
record ClusterTables(Lab lab, LabAuthority authority, String gateways, boolean isOfTwoSites) {
    /// The address that the members of a tight cluster share, and who they are to clients.
    static final String SHARED_ADDRESS = "192.0.2.9";

    static final String SHARED_IDENTITY = "gw.lab";

    static final String TIGHT =
            """
            [standby]
            addresses = ["192.0.2.9/24"]
            device = "outside"
            """;

    static final String LOOSE =
            """
            [standby]
            mode = "loose"
            """;

    /// Certificate, key and trust of a name, as several tables want them.
    static String certificate(LabAuthority authority, String name) {
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

    String of(NetworkNamespace host, char letter) {
        StringBuilder toml =
                new StringBuilder(
                        """
                        [cluster]
                        name = "lab"
                        node = "%s"
                        state = "%s"
                        """
                                .formatted(
                                        Station.identity(letter),
                                        lab.file(host.host() + ".voters")));
        toml.append(certificate(authority, Station.identity(letter)));
        gateways.chars().forEach(each -> toml.append(member((char) each)));
        return toml.toString();
    }

    private String member(char letter) {
        String member =
                """
                [[cluster.member]]
                node = "%s"
                address = "10.1.0.%d:7800"
                """
                        .formatted(Station.identity(letter), Station.number(letter));
        return isOfTwoSites
                ? member
                        + """
                        site = "%s"
                        bridge = "10.1.0.%d:7801"
                        """
                                .formatted(letter == 'c' ? "west" : "east", Station.number(letter))
                : member;
    }
}
