package dev.postern.ike.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.PayloadCipher;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IvSequence;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.sa.ResumptionSecret;
import dev.postern.ike.sa.SkProtection;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// A 1-RTT resume request whose every part a test may choose, in both roles.
public final class ResumeByHand {
    public long spiI;
    public long spiR;
    public int messageId;
    public int keyedCount;
    public Octets ticket;
    public @Nullable Octets cookie;
    public List<Payload> inner;
    private final ResumableSession session;
    private final IkeSuite suite;
    private final Entropy entropy;
    private final IvSequence ivs = new IvSequence(new IvPrefix(0, 0));
    private final InetSocketAddress address;

    /// The request that the holder of this session should send next.
    public ResumeByHand(ResumableSession session, Identity meant, int number) {
        this.session = session;
        this.entropy = new SeededEntropy(5000 + number);
        this.address = Net.port4500(Net.ip(203, 0, 113, 100 + number));
        this.spiI = Octets.of(entropy.octets(8)).toLong(0) & 0x00ff_ffff_ffff_ffffL;
        this.ticket = session.ticket();
        this.keyedCount = session.session().gatewaySwitchCount() + 1;
        this.messageId = MessageId.of(keyedCount, 0);
        IkeSuite chosen = IkeSuite.ofChosen(session.session().ikeProposal());
        if (chosen == null) {
            throw new AssertionError("the session has no suite");
        }
        this.suite = chosen;
        this.inner = new ArrayList<>();
        inner.add(new Payload.IdResponder(meant));
        inner.add(InitiatorByHand.esp(0xc0ffee00 + number));
        inner.add(new Payload.Nonce(Octets.of(entropy.octets(32))));
        inner.add(
                new Payload.Configuration(
                        Payload.Configuration.REQUEST,
                        List.of(
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_ADDRESS,
                                        Octets.EMPTY))));
    }

    /// Counts as this switch, in the Message ID and in the keys.
    public ResumeByHand count(int gatewaySwitchCount) {
        keyedCount = gatewaySwitchCount;
        messageId = MessageId.of(gatewaySwitchCount, 0);
        return this;
    }

    public ResumeByHand replace(Class<? extends Payload> type, Payload... others) {
        List<Payload> changed = new ArrayList<>();
        for (Payload payload : inner) {
            if (type.isInstance(payload)) {
                changed.addAll(List.of(others));
            } else {
                changed.add(payload);
            }
        }
        inner = changed;
        return this;
    }

    public InetSocketAddress address() {
        return address;
    }

    public byte[] encode() {
        List<Payload> clear = new ArrayList<>();
        if (cookie != null) {
            clear.add(Payload.Notify.of(NotifyType.COOKIE, cookie));
        }
        if (session.isReference()) {
            clear.add(Payload.Notify.of(NotifyType.IKE_SPI_PAIR, ticket));
            return encode(clear);
        }
        clear.add(
                Payload.Notify.of(
                        NotifyType.IKEV2_TICKET,
                        Octets.of(
                                new WireWriter(4 + ticket.length())
                                        .i32(0)
                                        .octets(ticket)
                                        .finish())));
        return encode(clear);
    }

    public byte[] encode(List<Payload> clear) {
        Header header =
                new Header(
                        spiI, spiR, ExchangeType.IKE_SESSION_RESUME_1RTT, true, false, messageId);
        try (PayloadCipher cipher =
                ResumptionSecret.requestCipher(
                        suite, session.session().secret(), spiI, keyedCount)) {
            return SkProtection.seal(header, clear, inner, cipher, ivs, entropy);
        }
    }

    /// Hands the request to a gateway and returns what comes back.
    public List<Datagram> send(World world, Node gateway) {
        return send(world, gateway, encode());
    }

    public List<Datagram> send(World world, Node gateway, byte[] octets) {
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

    /// Sends, expects one answer under SK, and opens it.
    public List<Payload> answer(World world, Node gateway) {
        List<Datagram> back = send(world, gateway);
        assertThat(back).as("answer to the resume request").hasSize(1);
        return open(back.getFirst());
    }

    public List<Payload> open(Datagram response) {
        Message message = response.message();
        Header header = message.header();
        assertThat(header.spiI()).isEqualTo(spiI);
        assertThat(header.response()).isTrue();
        assertThat(header.messageId()).isEqualTo(messageId);
        Payload.Encrypted sk = message.encrypted();
        assertThat(sk).as("an answer under SK").isNotNull();
        assertThat(header.spiR()).isNotZero();
        try (PayloadCipher cipher =
                ResumptionSecret.responseCipher(
                        suite, session.session().secret(), spiI, header.spiR(), keyedCount)) {
            if (sk != null
                    && SkProtection.open(message, sk, cipher)
                            instanceof SkProtection.Opened.Authentic authentic) {
                return authentic.payloads();
            }
        }
        throw new AssertionError("the answer is not under the response keys");
    }

    /// Seals an answer to a client's request as the gateway would.
    public static byte[] response(
            ResumableSession session, Header request, long spiR, List<Payload> payloads) {
        IkeSuite suite = IkeSuite.ofChosen(session.session().ikeProposal());
        if (suite == null) {
            throw new AssertionError("the session has no suite");
        }
        int count = MessageId.gatewaySwitchCount(request.messageId());
        try (PayloadCipher cipher =
                ResumptionSecret.responseCipher(
                        suite, session.session().secret(), request.spiI(), spiR, count)) {
            return SkProtection.seal(
                    request.toResponse().withSpiR(spiR),
                    List.of(),
                    payloads,
                    cipher,
                    new IvSequence(new IvPrefix(9, 0)),
                    new SeededEntropy(3));
        }
    }
}
