package dev.postern.gateway.configuration;

import dev.postern.ike.GatewayName;
import dev.postern.ike.failover.AuxiliaryPolicy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a client will do, in sentences.
final class ClientSummary {
    private ClientSummary() {}

    static List<String> of(ClientConfiguration client) {
        List<String> lines = new ArrayList<>();
        lines.add(
                client.identity()
                        + " connects to the domain "
                        + client.secureDomain()
                        + ": "
                        + GatewaySummary.list(
                                client.gateways().stream().map(ClientSummary::gateway).toList())
                        + inOrder(client.gateways()));
        lines.add(
                client.isTransport()
                        ? "It protects what goes between this host and its gateway."
                        : (client.requestsAddress()
                                        ? "It asks for an address"
                                        : "It brings " + GatewaySummary.list(client.localSubnets()))
                                + " and reaches "
                                + GatewaySummary.list(client.remoteSubnets())
                                + ".");
        for (ChildSettings child : client.furtherChildSas()) {
            lines.add(
                    "By the Child SA "
                            + child.name()
                            + " it reaches "
                            + GatewaySummary.list(child.remoteSubnets())
                            + (child.localSubnets().isEmpty()
                                    ? ""
                                    : " from " + GatewaySummary.list(child.localSubnets()))
                            + ".");
        }
        if (client.certificates() != null) {
            lines.add("It " + CertificateSummary.of(client.certificates(), "gateways"));
        }
        lines.add(inside(client.inside()));
        lines.add(
                "A session "
                        + GatewaySummary.resumption(
                                client.resumption(), ", which follows within minutes")
                        + (client.setsUpAhead() ? ", and rests until the first packet" : "")
                        + "; the gateway is checked after "
                        + duration(client.trafficSilence())
                        + " without an answer to traffic and after "
                        + duration(Duration.ofNanos(client.liveness().idleNanos()))
                        + " of silence.");
        if (client.auxiliary().sessions() > 0) {
            lines.add(
                    "Up to "
                            + client.auxiliary().sessions()
                            + " further sessions stand by at other gateways; when ours is lost, "
                            + (client.auxiliary().use() == AuxiliaryPolicy.Use.AT_ONCE
                                    ? "one of them carries on at once."
                                    : "one of them carries on if none resumes the session."));
        }
        if (!client.host().servers().isEmpty() && client.host().usesResolver()) {
            lines.add(
                    (client.host().domains().isEmpty()
                                    ? "All names"
                                    : "Names in " + GatewaySummary.list(client.host().domains()))
                            + " are asked for at "
                            + GatewaySummary.list(
                                    client.host().servers().stream()
                                            .map(InetAddress::getHostAddress)
                                            .toList())
                            + " while the tunnel stands.");
        }
        if (client.ticket() != null) {
            lines.add(
                    "When it ends it parks the session, whose ticket is in "
                            + client.ticket().file()
                            + ", and resumes it when it starts again.");
        }
        lines.add(GatewaySummary.log(client.log()));
        return lines;
    }

    private static String inOrder(List<ClientConfiguration.Gateway> gateways) {
        List<Integer> priorities = gateways.stream().map(each -> each.rank().priority()).toList();
        boolean rising = priorities.stream().sorted().distinct().toList().equals(priorities);
        return rising ? ", in this order." : ", by priorities " + priorities + ".";
    }

    private static String gateway(ClientConfiguration.Gateway gateway) {
        boolean service =
                gateway.name() != null && gateway.name().kind() == GatewayName.Kind.SERVICE;
        return service
                ? gateway.identity() + " by the SRV records of " + gateway.name()
                : gateway.identity()
                        + " at "
                        + gateway.address().getHostString()
                        + " port "
                        + gateway.address().getPort();
    }

    private static String inside(ClientInside inside) {
        return switch (inside) {
            case ClientInside.Tun tun ->
                    "Packets come from the TUN device "
                            + tun.device()
                            + " (MTU "
                            + tun.mtu()
                            + (tun.clampsTcp() ? "" : ", TCP not clamped to it")
                            + (tun.routes()
                                    ? ", with routes to what is reached)."
                                    : ", no routes).");
            case ClientInside.Probe probe ->
                    "A probe in the process sends "
                            + probe.protocol()
                            + " echo requests to "
                            + probe.target().getHostAddress()
                            + (probe.protocol() == ClientInside.Protocol.UDP
                                    ? " port " + probe.port()
                                    : "")
                            + " every "
                            + Durations.text(probe.interval())
                            + ".";
        };
    }

    private static String duration(Duration duration) {
        return duration.isZero() ? "no time (never)" : Durations.text(duration);
    }
}
