package dev.postern.ike.world;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.SharedKeyAuthentication;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
import dev.postern.ike.sa.SkProtection;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A gateway that a test leads by the hand, towards a client that is real.
public final class GatewayByHand {
    public final Node client;
    public Identity identity = Identity.fqdn("gw-a.example");
    public SecretBytes preSharedKey = GatewaySettings.key("correct horse battery staple");
    public long spiR = 0x0123_4567_89ab_cdefL;
    public final byte[] nr;
    private final World world;
    private final Node seat;
    private final Entropy entropy = new SeededEntropy(77);
    private final IkeSuite suite = Suites.IKE_DEFAULT.getFirst();
    private final KeyAgreement keyAgreement;
    private byte[] initResponse = new byte[0];
    private @Nullable Message initRequest;
    private @Nullable IkeKeys keys;

    /// @param seat the node in whose place this gateway answers; it is switched off
    public GatewayByHand(World world, Node client, Node seat) {
        this.world = world;
        this.client = client;
        this.seat = seat;
        this.nr = entropy.octets(32);
        this.keyAgreement = suite.keyExchange().generate(entropy);
        seat.die();
    }

    /// The last message that the client has sent.
    public Datagram received() {
        for (Datagram datagram : world.carried().reversed()) {
            if (datagram.from().equals(client.address())) {
                return datagram;
            }
        }
        throw new AssertionError("the client has sent nothing");
    }

    /// Hands octets to the client and lets it act.
    public void send(byte[] octets) {
        world.deliver(new Datagram(seat.address(), client.address(), octets));
        world.settle();
    }

    /// SAr1, KEr, Nr.
    public List<Payload> initPayloads() {
        return List.of(
                new Payload.SecurityAssociation(List.of(suite.toProposal(1))),
                new Payload.KeyExchange(
                        suite.keyExchange().transformId(), Octets.of(keyAgreement.publicData())),
                new Payload.Nonce(Octets.of(nr)));
    }

    /// An answer in clear text to the client's last request.
    public byte[] clear(long spi, List<Payload> payloads) {
        Header request = received().header();
        return MessageCodec.encode(request.toResponse().withSpiR(spi), payloads);
    }

    /// Answers IKE_SA_INIT as it should be.
    public GatewayByHand begin() {
        return begin(initPayloads());
    }

    /// Answers IKE_SA_INIT with these payloads.
    public GatewayByHand begin(List<Payload> payloads) {
        Message request = received().message();
        initRequest = request;
        initResponse = clear(spiR, payloads);
        byte[] ni = InitiatorByHand.find(request.payloads(), Payload.Nonce.class).data().array();
        Payload.KeyExchange ke =
                InitiatorByHand.find(request.payloads(), Payload.KeyExchange.class);
        try (SecretBytes shared = keyAgreement.agree(ke.data().array())) {
            byte[] skeyseed = KeyDerivation.skeyseed(suite.prf(), ni, nr, shared.expose());
            keys =
                    IkeKeys.derive(
                            suite,
                            skeyseed,
                            new IkeKeys.Context(
                                    request.header().spiI(),
                                    spiR,
                                    ni,
                                    nr,
                                    false,
                                    new IvPrefix(9, 0),
                                    false));
        } catch (InvalidKeyExchangeException e) {
            throw new AssertionError("the client's KEi is unusable", e);
        }
        send(initResponse);
        return this;
    }

    private IkeKeys keys() {
        if (keys == null) {
            throw new AssertionError("there are no keys before IKE_SA_INIT");
        }
        return keys;
    }

    private Message initRequest() {
        if (initRequest == null) {
            throw new AssertionError("the client has not begun");
        }
        return initRequest;
    }

    public Payload.Authentication auth() {
        byte[] ni =
                InitiatorByHand.find(initRequest().payloads(), Payload.Nonce.class).data().array();
        SignedOctets signed = new SignedOctets(initResponse, ni, identity.body());
        return new Payload.Authentication(
                Payload.Authentication.SHARED_KEY,
                Octets.of(
                        SharedKeyAuthentication.preShared(
                                suite.prf(), preSharedKey, keys().skPr(), signed)));
    }

    /// IDr, AUTH, CP(CFG_REPLY), SAr2, TSi, TSr.
    public List<Payload> authPayloads() {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.IdResponder(identity));
        payloads.add(auth());
        payloads.add(
                new Payload.Configuration(
                        Payload.Configuration.REPLY,
                        List.of(
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_ADDRESS,
                                        Octets.of(new byte[] {10, 77, 0, 5})))));
        payloads.add(InitiatorByHand.esp(0xdecade01));
        payloads.add(new Payload.TsInitiator(List.of(TrafficSelector.host(Net.ip(10, 77, 0, 5)))));
        payloads.add(new Payload.TsResponder(List.of(Net.subnet(10, 1, 0, 0, 16))));
        return payloads;
    }

    /// A message under SK.
    public byte[] seal(
            ExchangeType exchange, boolean response, int messageId, List<Payload> payloads) {
        Header header =
                new Header(
                        initRequest().header().spiI(), spiR, exchange, false, response, messageId);
        return SkProtection.seal(
                header, List.of(), payloads, keys().outbound(), keys().outboundIvs(), entropy);
    }

    /// Answers IKE_AUTH.
    public void answerAuth(List<Payload> payloads) {
        send(seal(ExchangeType.IKE_AUTH, true, 1, payloads));
    }

    public List<Payload> open(Datagram datagram) {
        Message message = datagram.message();
        Payload.Encrypted sk = message.encrypted();
        if (sk != null
                && SkProtection.open(message, sk, keys().inbound())
                        instanceof SkProtection.Opened.Authentic authentic) {
            return authentic.payloads();
        }
        throw new AssertionError("this is not under our keys: " + message.header());
    }
}
