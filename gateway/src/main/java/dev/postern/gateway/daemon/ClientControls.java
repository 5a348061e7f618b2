package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.GatewayAddress;
import dev.postern.gateway.configuration.IdentityText;
import dev.postern.gateway.daemon.LoopQuestions.Question;
import dev.postern.gateway.daemon.LoopQuestions.Reply;
import dev.postern.gateway.daemon.LoopQuestions.UnansweredException;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.gateway.discovery.Ways;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Path;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.GatewayOverview;
import dev.postern.ike.failover.GatewayReference;
import dev.postern.ike.failover.Rank;
import dev.postern.wire.Identity;

import java.net.InetSocketAddress;
import java.util.List;

/// What an application can have its client do. From any thread.
public final class ClientControls {
    private final ClientConfiguration configuration;
    private final FailoverClient client;
    private final EndpointLoop loop;
    private final LoopQuestions questions;
    private final DataPlane dataPlane;
    private final Ways ways;

    ClientControls(
            ClientConfiguration configuration,
            FailoverClient client,
            EndpointLoop loop,
            DataPlane dataPlane,
            Ways ways) {
        this.configuration = configuration;
        this.client = client;
        this.loop = loop;
        this.questions = new LoopQuestions(loop);
        this.dataPlane = dataPlane;
        this.ways = ways;
    }

    public void suspect() {
        loop.offer(now -> client.suspect(now, Event.Suspicion.APPLICATION));
    }

    public void switchTo(String gateway) {
        GatewayReference named = GatewayAddress.reference(gateway);
        loop.offer(now -> client.switchTo(now, named));
    }

    public void park() {
        loop.offer(client::park);
    }

    public void wake() {
        loop.offer(client::wake);
    }

    public void send(byte[] packet) {
        dataPlane.sendInner(packet);
    }

    /// @throws IllegalArgumentException where the gateway is none that this client may use
    /// @throws IllegalStateException where there are too many
    public void add(String identity, InetSocketAddress address, Rank rank) {
        Identity expected = IdentityText.parse(identity);
        List<Identity> accepted =
                configuration
                        .initiatorProfile(configuration.gateways().getFirst())
                        .acceptedGateways();
        if (!accepted.contains(expected)) {
            throw new IllegalArgumentException(
                    "gateway \""
                            + identity
                            + "\" is none that this client accepts; legal are "
                            + accepted
                            + ", and discovery.identities of "
                            + configuration.file()
                            + " adds others");
        }
        Path path = address.isUnresolved() ? null : ways.to(address);
        if (path == null) {
            throw new IllegalArgumentException(
                    "gateway address "
                            + address
                            + (address.isUnresolved()
                                    ? " is not resolved"
                                    : " cannot be reached from this host"));
        }
        boolean added =
                ask(now -> {
                    List<Effect> effects =
                            client.addGateway(
                                    now, new GatewayCandidate(identity, expected, path), rank);
                    return new Reply<>(effects != null, effects == null ? List.of() : effects);
                });
        if (!added) {
            throw new IllegalStateException(
                    "this application has added as many gateways as it may;"
                            + " removeGateway takes one back");
        }
    }

    /// @return whether there was one at this address
    public boolean remove(InetSocketAddress address) {
        return ask(_ -> new Reply<>(client.removeGateway(address), List.of()));
    }

    public GatewayOverview gateways() {
        return ask(now -> new Reply<>(client.gateways(now), List.of()));
    }

    private <T> T ask(Question<T> question) {
        try {
            return questions.ask(question);
        } catch (UnansweredException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
