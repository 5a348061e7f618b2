package dev.postern.lab;

/// The network that the failover tests share: two gateways between an outside and an inside.
///
///                       outside 192.0.2.0/24                inside 10.1.0.0/24
///     client .10 ---+--- .1 gwA ---------------------------- .1 gwA ---+
///                   |                                                  +--- .100 lanhost
///                   +--- .2 gwB ---------------------------- .2 gwB ---+
///
/// Both are switches with MTU 1500; every host's interfaces are `outside` and `inside`. IPv6 is
/// 2001:db8::/64 outside and fd00:1::/64 inside, with the same last numbers. The gateways forward.
/// `lanhost` has no default route: a client is reached because its address is in 10.1.0.0/24 and a
/// gateway answers for it, or by a route that the test adds.
///
/// @param client the host that has the session
/// @param gwA the gateway that serves it first
/// @param gwB the gateway that takes over
/// @param lanhost the host behind both gateways
/// @param outside the switch between the client and the gateways
/// @param inside the switch between the gateways and `lanhost`
public record FailoverTopology(
        NetworkNamespace client,
        NetworkNamespace gwA,
        NetworkNamespace gwB,
        NetworkNamespace lanhost,
        Bridge outside,
        Bridge inside) {
    public static final String CLIENT = "192.0.2.10";
    public static final String GW_A = "192.0.2.1";
    public static final String GW_B = "192.0.2.2";
    public static final String GW_A_INSIDE = "10.1.0.1";
    public static final String GW_B_INSIDE = "10.1.0.2";
    public static final String LANHOST = "10.1.0.100";
    public static final String INSIDE_NETWORK = "10.1.0.0/24";
    public static final String LANHOST_IPV6 = "fd00:1::100";

    /// Makes the hosts and cables; no daemon runs yet.
    public static FailoverTopology create(Lab lab) {
        Bridge outside = lab.bridge("out");
        Bridge inside = lab.bridge("in");
        NetworkNamespace client = lab.host("client");
        outside.attach(client, "outside");
        client.address("outside", CLIENT + "/24").address("outside", "2001:db8::10/64");
        NetworkNamespace lanhost = lab.host("lanhost");
        inside.attach(lanhost, "inside");
        lanhost.address("inside", LANHOST + "/24").address("inside", LANHOST_IPV6 + "/64");
        return new FailoverTopology(
                client,
                gateway(lab, "gwA", 1, outside, inside),
                gateway(lab, "gwB", 2, outside, inside),
                lanhost,
                outside,
                inside);
    }

    private static NetworkNamespace gateway(
            Lab lab, String name, int number, Bridge outside, Bridge inside) {
        NetworkNamespace gateway = lab.host(name).forwarding();
        outside.attach(gateway, "outside");
        inside.attach(gateway, "inside");
        return gateway.address("outside", "192.0.2.%d/24".formatted(number))
                .address("outside", "2001:db8::%d/64".formatted(number))
                .address("inside", "10.1.0.%d/24".formatted(number))
                .address("inside", "fd00:1::%d/64".formatted(number));
    }
}
