package dev.postern.lab.matrix;

import dev.postern.lab.FailoverTopology;
import dev.postern.lab.Lab;
import dev.postern.lab.NetworkNamespace;

/// A subnet behind the client, and the client's second uplink, through a router of another provider:
///
///     host .100 --- 10.2.0.0/24 --- .1 client .10 --- outside
///                                           .10 --- 198.51.100.0/24 --- .1 provider --- outside
final class BranchOffice {
    private static final String SECOND_UPLINK = "198.51.100.0/24";

    private BranchOffice() {}

    /// @return the host of the branch office
    static NetworkNamespace create(Lab lab, FailoverTopology net) {
        NetworkNamespace client = net.client().forwarding();
        NetworkNamespace host = lab.host("branch");
        lab.join(client, "office", host, "office");
        client.address("office", "10.2.0.1/24");
        host.address("office", "10.2.0.100/24").route("default", "10.2.0.1");

        NetworkNamespace provider = lab.host("provider").forwarding();
        lab.join(client, "second", provider, "second");
        client.address("second", "198.51.100.10/24");
        provider.address("second", "198.51.100.1/24");
        net.outside().attach(provider, "outside");
        provider.address("outside", "192.0.2.254/24");
        // Used when the first uplink, and with it its own route, has gone.
        client.ip("route", "add", "192.0.2.0/24", "via", "198.51.100.1", "metric", "1000");
        net.gwA().route(SECOND_UPLINK, "192.0.2.254");
        net.gwB().route(SECOND_UPLINK, "192.0.2.254");
        return host;
    }
}
