package dev.postern.fuzz;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The endpoints of a neighbourhood: who they are and what they agree on.
final class Neighbours {
    static final Identity GATEWAY = Identity.fqdn("gw.example");
    static final Identity CLIENT = Identity.fqdn("client.example");
    static final Identity BYSTANDER = Identity.fqdn("bystander.example");
    static final List<IkeSuite> IKE = List.of(SuiteNames.ikeSuite("aes256gcm16-prfsha256-x25519"));
    private static final List<EspSuite> ESP = List.of(SuiteNames.espSuite("aes256gcm16"));

    private Neighbours() {}

    private static SealedTickets tickets() {
        byte[] secret = new CountingEntropy(77).octets(TgsKey.SECRET_LENGTH);
        TgsKey key = new TgsKey(7, SecretBytes.owning(secret), 0, TgsKey.UNLIMITED);
        return new SealedTickets(TgsKeyRing.of(List.of(key)));
    }

    private static SecretBytes key(Identity identity) {
        return SecretBytes.owning(new CountingEntropy(identity.hashCode()).octets(32));
    }

    private static ResumptionPolicy resumption() {
        return new ResumptionPolicy(
                true,
                true,
                3600,
                ResumptionPolicy.KeyExchangeInResume.NEVER,
                ResumptionPolicy.Rfc5723Auth.BOTH);
    }

    private static ResponderProfile responder() {
        return ResponderProfile.builder("all")
                .preSharedKeys(Map.of(CLIENT, key(CLIENT), BYSTANDER, key(BYSTANDER)))
                .ikeSuites(IKE)
                .espSuites(ESP)
                .assignsAddresses(true)
                .localSelectors(
                        List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 16)))
                .resumption(resumption())
                .life(LifePolicy.UNLIMITED)
                .build();
    }

    static InitiatorProfile initiator(Identity self) {
        return InitiatorProfile.builder("all", self)
                .namedGateway(GATEWAY)
                .acceptedGateways(List.of(GATEWAY))
                .secureDomain("example")
                .preSharedKey(key(self))
                .ikeSuites(IKE)
                .espSuites(ESP)
                .requestAddresses(true)
                .remoteSelectors(
                        List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 16)))
                .resumption(resumption())
                .exchangeSchedule(RetransmissionSchedule.QUICK)
                .life(LifePolicy.UNLIMITED)
                .build();
    }

    static EndpointConfiguration.Builder configuration(
            int number, Identity name, NetworkPolicy network) {
        return EndpointConfiguration.builder(name, "example", new IvPrefix(number, 0))
                .network(network);
    }

    static IkeEndpoint endpoint(EndpointConfiguration configuration) {
        return new IkeEndpoint(
                configuration,
                new CountingEntropy(configuration.ivPrefix().member()),
                bug -> {
                    throw bug;
                });
    }

    /// The gateway, or another member of its cluster.
    static IkeEndpoint member(int number, NetworkPolicy network) {
        return endpoint(
                configuration(number, GATEWAY, network)
                        .profiles(List.of(responder()))
                        .tickets(tickets())
                        .standby(StandbyPolicy.DEFAULT.protecting(Set.of("all")))
                        .secrets(new EndpointSecrets(List.of(key(GATEWAY)), Map.of()))
                        .build());
    }
}
