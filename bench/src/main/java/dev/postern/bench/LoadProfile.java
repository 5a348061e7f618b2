package dev.postern.bench;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// How the clients of a load connect to the gateway under test: by a pre-shared key, with an inner
/// address, X25519 and AES-128-GCM.
final class LoadProfile {
    private LoadProfile() {}

    /// What its clients ask for beside the session.
    enum Tickets {
        NONE,
        ONE_ROUND_TRIP,
        RFC_5723
    }

    static InitiatorProfile.Builder of(
            Identity client, Identity gateway, String preSharedKey, Tickets tickets) {
        return InitiatorProfile.builder("bench", client)
                .namedGateway(gateway)
                .acceptedGateways(List.of(gateway))
                .secureDomain("bench")
                .preSharedKey(SecretBytes.copyOf(preSharedKey.getBytes(StandardCharsets.UTF_8)))
                .ikeSuites(
                        List.of(
                                new IkeSuite(
                                        EncryptionAlgorithm.AES_GCM_16_128,
                                        IntegrityAlgorithm.NONE,
                                        Prf.HMAC_SHA2_256,
                                        KeyExchangeMethod.X25519)))
                .espSuites(List.of(new EspSuite(EncryptionAlgorithm.AES_GCM_16_128, false)))
                .requestAddresses(true)
                .remoteSelectors(
                        List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 24)))
                .resumption(
                        new ResumptionPolicy(
                                tickets == Tickets.ONE_ROUND_TRIP,
                                tickets == Tickets.RFC_5723,
                                0,
                                ResumptionPolicy.KeyExchangeInResume.NEVER,
                                ResumptionPolicy.Rfc5723Auth.RFC))
                .life(LifePolicy.UNLIMITED);
    }
}
