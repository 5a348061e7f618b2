package dev.postern.ike.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.SharedKeyAuthentication;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkfProtection;
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

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An initiator that a test leads by the hand: it says what it is told to, also what no peer should
/// say, under the right keys.
public final class InitiatorByHand {
    public final IkeSuite suite = Suites.IKE_DEFAULT.getFirst();
    public Identity identity = Identity.fqdn("c07.example");
    public SecretBytes preSharedKey = GatewaySettings.key("correct horse battery staple");
    public long spiI;
    public final byte[] ni;
    public final KeyAgreement keyAgreement;
    public final InetSocketAddress address;
    private final World world;
    private final Node gateway;
    private final Entropy entropy;
    private byte[] initRequest = new byte[0];
    private @Nullable Message initResponse;
    private @Nullable IkeKeys keys;

    /// IntAuth of RFC 9242, for AUTH.
    public byte[] intAuth = new byte[0];

    private int intermediates;

    public InitiatorByHand(World world, Node gateway, int number) {
        this.world = world;
        this.gateway = gateway;
        this.entropy = new SeededEntropy(1000 + number);
        this.address = Net.port4500(Net.ip(203, 0, 113, number));
        this.spiI = Octets.of(entropy.octets(8)).toLong(0);
        this.ni = entropy.octets(32);
        this.keyAgreement = suite.keyExchange().generate(entropy);
    }

    /// Hands octets to the gateway and returns what it sends back while they settle.
    public List<Datagram> send(byte[] octets) {
        int before = world.carried().size();
        world.deliver(new Datagram(address, gateway.address(), octets));
        world.settle();
        List<Datagram> back = new ArrayList<>();
        for (Datagram datagram : world.carried().subList(before, world.carried().size())) {
            if (datagram.to().equals(address)) {
                back.add(datagram);
            }
        }
        return back;
    }

    /// SAi1, KEi, Ni.
    public List<Payload> initPayloads() {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.SecurityAssociation(List.of(suite.toProposal(1))));
        payloads.add(keyExchange(keyAgreement.publicData()));
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        return payloads;
    }

    public Payload.KeyExchange keyExchange(byte[] data) {
        return new Payload.KeyExchange(suite.keyExchange().transformId(), Octets.of(data));
    }

    public byte[] init(List<Payload> payloads) {
        return MessageCodec.encode(
                new Header(spiI, 0, ExchangeType.IKE_SA_INIT, true, false, 0), payloads);
    }

    /// The IKE_SA_INIT exchange; afterwards there are keys.
    public InitiatorByHand begin() {
        return begin(initPayloads());
    }

    public InitiatorByHand begin(List<Payload> payloads) {
        initRequest = init(payloads);
        List<Datagram> back = send(initRequest);
        assertThat(back).as("answer to IKE_SA_INIT").hasSize(1);
        Message response = back.getFirst().message();
        initResponse = response;
        Payload.KeyExchange ke = find(response.payloads(), Payload.KeyExchange.class);
        try (SecretBytes shared = keyAgreement.agree(ke.data().array())) {
            byte[] skeyseed = KeyDerivation.skeyseed(suite.prf(), ni, nr(), shared.expose());
            keys =
                    IkeKeys.derive(
                            suite,
                            skeyseed,
                            new IkeKeys.Context(
                                    spiI, spiR(), ni, nr(), true, new IvPrefix(9, 0), false));
        } catch (InvalidKeyExchangeException e) {
            throw new AssertionError("the gateway's KEr is unusable", e);
        }
        return this;
    }

    /// The next additional key exchange, written from the text of RFC 9242 section 3.3.2 and RFC
    /// 9370 section 2.2.2; afterwards there are new keys, and [#intAuth] is complete.
    public InitiatorByHand additionalKeyExchange(KeyExchangeMethod method) {
        KeyAgreement own = method.generate(entropy);
        Payload.KeyExchange ke =
                new Payload.KeyExchange(method.transformId(), Octets.of(own.publicData()));
        int messageId = ++intermediates;
        byte[] sent = plain(0x08, messageId, ke);
        Payload.KeyExchange answer =
                find(
                        request(ExchangeType.IKE_INTERMEDIATE, messageId, List.of(ke)),
                        Payload.KeyExchange.class);
        byte[] received = plain(0x20, messageId, answer);
        Prf prf = suite.prf();
        IkeKeys before = keys();
        ByteBuffer both = ByteBuffer.allocate(2 * prf.length() + 4);
        int half = Math.max(0, intAuth.length - 4) / 2;
        byte[] sentBefore = Arrays.copyOf(intAuth, half);
        byte[] receivedBefore = Arrays.copyOfRange(intAuth, half, 2 * half);
        both.put(prf.compute(before.skPi().expose(), sentBefore, sent));
        both.put(prf.compute(before.skPr().expose(), receivedBefore, received));
        intAuth = both.putInt(messageId + 1).array();
        try (SecretBytes shared = own.agree(answer.data().array())) {
            byte[] skeyseed = prf.compute(before.skD().expose(), shared.expose(), ni, nr());
            keys =
                    IkeKeys.derive(
                            suite,
                            skeyseed,
                            new IkeKeys.Context(
                                    spiI, spiR(), ni, nr(), true, new IvPrefix(9, 0), false));
        } catch (InvalidKeyExchangeException e) {
            throw new AssertionError("the gateway's KEr is unusable", e);
        }
        return this;
    }

    /// prf(SK_d, parts).
    public byte[] prfOfSkD(byte[]... parts) {
        return suite.prf().compute(keys().skD().expose(), parts);
    }

    /// prf+(SK_d, parts).
    public byte[] prfPlusOfSkD(int length, byte[]... parts) {
        return suite.prf().plus(keys().skD().expose(), length, parts);
    }

    /// A | P of an IKE_INTERMEDIATE message with one KE payload.
    private byte[] plain(int flags, int messageId, Payload.KeyExchange ke) {
        int inner = 8 + ke.data().length();
        return ByteBuffer.allocate(28 + 4 + inner)
                .putLong(spiI)
                .putLong(spiR())
                .put(new byte[] {46, 0x20, 43, (byte) flags})
                .putInt(messageId)
                .putInt(28 + 4 + inner)
                .put(new byte[] {34, 0})
                .putShort((short) (4 + inner))
                .put(new byte[] {0, 0})
                .putShort((short) inner)
                .putShort((short) ke.method())
                .putShort((short) 0)
                .put(ke.data().array())
                .array();
    }

    public byte[] initRequest() {
        return initRequest;
    }

    public Message initResponse() {
        if (initResponse == null) {
            throw new AssertionError("IKE_SA_INIT has not been answered");
        }
        return initResponse;
    }

    public long spiR() {
        return initResponse().header().spiR();
    }

    private byte[] nr() {
        return find(initResponse().payloads(), Payload.Nonce.class).data().array();
    }

    private IkeKeys keys() {
        if (keys == null) {
            throw new AssertionError("there are no keys before IKE_SA_INIT");
        }
        return keys;
    }

    /// SK_d of the IKE SA.
    public byte[] skD() {
        return keys().skD().expose().clone();
    }

    public Payload.Authentication auth() {
        SignedOctets signed = new SignedOctets(initRequest, nr(), identity.body(), intAuth);
        byte[] auth =
                SharedKeyAuthentication.preShared(suite.prf(), preSharedKey, keys().skPi(), signed);
        return new Payload.Authentication(Payload.Authentication.SHARED_KEY, Octets.of(auth));
    }

    /// What libreswan sends after an RFC 5723 resume, out of place here.
    public Payload.Authentication shortFormAuth() {
        return new Payload.Authentication(
                Payload.Authentication.SHARED_KEY,
                Octets.of(suite.prf().compute(keys().skPi().expose(), initRequest)));
    }

    /// IDi, AUTH, CP(CFG_REQUEST), SAi2, TSi, TSr.
    public List<Payload> authPayloads() {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.IdInitiator(identity));
        payloads.add(auth());
        payloads.add(
                new Payload.Configuration(
                        Payload.Configuration.REQUEST,
                        List.of(
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_ADDRESS,
                                        Octets.EMPTY))));
        payloads.add(esp(0xc0ffee01));
        payloads.add(new Payload.TsInitiator(List.of(Net.subnet(0, 0, 0, 0, 0))));
        payloads.add(new Payload.TsResponder(List.of(Net.subnet(0, 0, 0, 0, 0))));
        return payloads;
    }

    public static Payload.SecurityAssociation esp(int spi) {
        return new Payload.SecurityAssociation(
                List.of(Suites.ESP_DEFAULT.getFirst().toProposal(1, Octets.ofInt(spi))));
    }

    /// These payloads with TSi and TSr replaced.
    public static List<Payload> withSelectors(
            List<Payload> payloads, TrafficSelector tsI, TrafficSelector tsR) {
        List<Payload> changed = new ArrayList<>(payloads);
        changed.removeIf(p -> p instanceof Payload.TsInitiator || p instanceof Payload.TsResponder);
        changed.add(new Payload.TsInitiator(List.of(tsI)));
        changed.add(new Payload.TsResponder(List.of(tsR)));
        return changed;
    }

    /// Both initial exchanges.
    public InitiatorByHand establish() {
        begin();
        List<Payload> answer = request(ExchangeType.IKE_AUTH, 1, authPayloads());
        assertThat(Message.find(answer, Payload.Authentication.class)).isNotNull();
        return this;
    }

    /// A message under SK.
    public byte[] seal(
            ExchangeType exchange, boolean response, int messageId, List<Payload> payloads) {
        Header header = new Header(spiI, spiR(), exchange, true, response, messageId);
        return SkProtection.seal(
                header, List.of(), payloads, keys().outbound(), keys().outboundIvs(), entropy);
    }

    /// A request under SK in fragments of at most `limit` octets.
    public List<byte[]> sealFragments(
            ExchangeType exchange, int messageId, List<Payload> payloads, int limit) {
        Header header = new Header(spiI, spiR(), exchange, true, false, messageId);
        return new ArrayList<>(
                SkfProtection.seal(
                        header, payloads, keys().outbound(), keys().outboundIvs(), entropy, limit));
    }

    /// One fragment of a request, with whatever it says.
    public byte[] sealFragment(
            ExchangeType exchange,
            int messageId,
            int firstInner,
            int number,
            int total,
            byte[] piece) {
        Header header = new Header(spiI, spiR(), exchange, true, false, messageId);
        return SkfProtection.seal(
                header,
                firstInner,
                number,
                total,
                piece,
                keys().outbound(),
                keys().outboundIvs(),
                entropy);
    }

    /// Sends a request and opens its one answer.
    public List<Payload> request(ExchangeType exchange, int messageId, List<Payload> payloads) {
        List<Datagram> back = send(seal(exchange, false, messageId, payloads));
        assertThat(back).as("answer to %s", exchange).hasSize(1);
        assertThat(back.getFirst().header().messageId()).isEqualTo(messageId);
        assertThat(back.getFirst().header().response()).isTrue();
        return open(back.getFirst());
    }

    /// The protected payloads of a message from the gateway.
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

    public static <P extends Payload> P find(List<Payload> payloads, Class<P> type) {
        P found = Message.find(payloads, type);
        if (found == null) {
            throw new AssertionError("no " + type.getSimpleName() + " among " + payloads);
        }
        return found;
    }

    /// The type of the only payload, which is a notification.
    public static int onlyNotify(List<Payload> payloads) {
        assertThat(payloads).hasSize(1);
        assertThat(payloads.getFirst()).isInstanceOf(Payload.Notify.class);
        return find(payloads, Payload.Notify.class).type();
    }
}
