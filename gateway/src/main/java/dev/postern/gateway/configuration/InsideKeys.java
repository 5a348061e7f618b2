package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;

import dev.postern.net.Prefix;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/// What a gateway file says of the side behind it: the device or host that packets come out at, and
/// how their way back is made known.
final class InsideKeys {
    /// Words of `inside.mode`.
    enum InsideMode {
        TUN,
        ENDPOINT
    }

    /// Words of `return-path.mode`.
    enum ReturnPathMode {
        PROXY_NEIGHBOUR,
        ROUTE,
        HOOK,
        NONE
    }

    static final Key<InsideMode> INSIDE_MODE =
            defaulted(
                    "mode",
                    BasicTypes.choice(InsideMode.values()),
                    "\"tun\"",
                    "Whether packets go to the kernel by a TUN device, or to a host inside the"
                            + " process that answers echo requests and needs no privilege.");
    static final Key<String> TUN =
            defaulted("tun", NetworkTypes.device(), "\"postern0\"", "Name of the TUN device.");
    static final Key<Integer> MTU =
            defaulted(
                    "mtu",
                    BasicTypes.integer(576, 65_535),
                    "1400",
                    "Largest inner packet, in octets.");
    static final Key<Boolean> CLAMP_MSS =
            defaulted(
                    "clamp-mss",
                    BasicTypes.flag(),
                    "true",
                    "Whether the segment size that the ends of a TCP connection offer each other is"
                            + " lowered, in both directions, to what mtu has room for.");
    static final Key<List<Prefix>> TUN_ADDRESSES =
            defaulted(
                    "tun-addresses",
                    BasicTypes.list(NetworkTypes.interfaceAddress(), 0),
                    "[]",
                    "Addresses that the TUN device itself is given.");
    static final Key<List<InetAddress>> ENDPOINT_ADDRESSES =
            optional(
                    "endpoint-addresses",
                    BasicTypes.list(NetworkTypes.address(), 1),
                    "[\"10.1.0.1\"]",
                    "Addresses of the host inside the process; required with mode endpoint.");
    static final Key<Integer> ENDPOINT_UDP_PORT =
            defaulted(
                    "endpoint-udp-port",
                    BasicTypes.integer(1, 65_535),
                    "7",
                    "Port where the host inside the process echoes UDP.");
    static final Shape INSIDE =
            Shape.single(
                    "inside",
                    "Where packets go once they have left the tunnel.",
                    List.of(
                            INSIDE_MODE,
                            TUN,
                            MTU,
                            CLAMP_MSS,
                            SharedKeys.COPY_DSCP,
                            TUN_ADDRESSES,
                            ENDPOINT_ADDRESSES,
                            ENDPOINT_UDP_PORT));

    static final Key<ReturnPathMode> RETURN_PATH_MODE =
            optional(
                    "mode",
                    BasicTypes.choice(ReturnPathMode.values()),
                    "\"proxy-neighbour\"",
                    "What is put in place for each client: a route alone, to its address or to the"
                            + " networks that it brings; the route and an answer for its"
                            + " address on the shared network (proxy ARP and neighbour"
                            + " discovery); the route and a call of a program; or nothing."
                            + " Missing: route with a TUN device, else none.");
    static final Key<String> RETURN_PATH_DEVICE =
            optional(
                    "device",
                    NetworkTypes.device(),
                    "\"lan0\"",
                    "The interface of the network that the gateways share; required with mode"
                            + " proxy-neighbour.");
    static final Key<Boolean> RETURN_PATH_ANNOUNCE =
            defaulted(
                    "announce",
                    BasicTypes.flag(),
                    "true",
                    "Whether a new client is announced on that network at once.");
    static final Key<Path> RETURN_PATH_HOOK =
            optional(
                    "hook",
                    BasicTypes.path(),
                    "\"/usr/local/sbin/announce-client\"",
                    "The program that is called with `add ADDRESS` and `del ADDRESS`, or with a"
                            + " network such as 10.2.0.0/24 in place of the address; required with"
                            + " mode hook.");
    static final Shape RETURN_PATH =
            Shape.single(
                    "return-path",
                    "How hosts behind the gateway find its clients.",
                    List.of(
                            RETURN_PATH_MODE,
                            RETURN_PATH_DEVICE,
                            RETURN_PATH_ANNOUNCE,
                            RETURN_PATH_HOOK));

    private InsideKeys() {}
}
