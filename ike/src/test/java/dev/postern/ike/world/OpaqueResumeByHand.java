package dev.postern.ike.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.Prf;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.sa.SkProtection;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// An RFC 5723 resume led by the hand.
public final class OpaqueResumeByHand {
    public Identity identity;
    public Octets ticket;
    public byte[] secret;
    public long spiI;
    private final World world;
    private final Node gateway;
    private final ResumableSession session;
    private final IkeSuite suite;
    private final Entropy entropy;
    private final InetSocketAddress address;
    private final byte[] ni;
    private byte[] request = new byte[0];
    private @Nullable Message response;
    private @Nullable IkeKeys keys;

    public OpaqueResumeByHand(World world, Node gateway, ResumableSession session, int number) {
        this.world = world;
        this.gateway = gateway;
        this.session = session;
        this.entropy = new SeededEntropy(9000 + number);
        this.address = Net.port4500(Net.ip(203, 0, 113, 150 + number));
        this.spiI = Octets.of(entropy.octets(8)).toLong(0);
        this.ni = entropy.octets(32);
        this.ticket = session.ticket();
        this.secret = session.session().secret().expose().clone();
        this.identity = session.session().initiator();
        IkeSuite chosen = IkeSuite.ofChosen(session.session().ikeProposal());
        if (chosen == null) {
            throw new AssertionError("the session has no suite");
        }
        this.suite = chosen;
    }

    public byte[] first(List<Payload> payloads) {
        return MessageCodec.encode(
                new Header(spiI, 0, ExchangeType.IKE_SESSION_RESUME, true, false, 0), payloads);
    }

    /// Exactly Ni and N(TICKET_OPAQUE), as libreswan sends it.
    public List<Datagram> sendFirst() {
        request =
                first(
                        List.of(
                                new Payload.Nonce(Octets.of(ni)),
                                Payload.Notify.of(NotifyType.TICKET_OPAQUE, ticket)));
        return send(request);
    }

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

    public OpaqueResumeByHand begin() {
        List<Datagram> back = sendFirst();
        assertThat(back).hasSize(1);
        Message answer = back.getFirst().message();
        response = answer;
        Prf prf = suite.prf();
        byte[] skeyseed =
                prf.compute(secret, "Resumption".getBytes(StandardCharsets.US_ASCII), ni, nr());
        keys =
                IkeKeys.derive(
                        suite,
                        skeyseed,
                        new IkeKeys.Context(
                                spiI,
                                answer.header().spiR(),
                                ni,
                                nr(),
                                true,
                                new IvPrefix(9, 0),
                                false));
        return this;
    }

    private Message response() {
        if (response == null) {
            throw new AssertionError("the first exchange has not happened");
        }
        return response;
    }

    private IkeKeys keys() {
        if (keys == null) {
            throw new AssertionError("there are no keys yet");
        }
        return keys;
    }

    private byte[] nr() {
        return InitiatorByHand.find(response().payloads(), Payload.Nonce.class).data().array();
    }

    public List<Payload> authPayloads(boolean shortForm) {
        Prf prf = suite.prf();
        byte[] skPi = keys().skPi().expose();
        byte[] auth =
                shortForm
                        ? prf.compute(skPi, request)
                        : prf.compute(skPi, request, nr(), prf.compute(skPi, identity.body()));
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.IdInitiator(identity));
        payloads.add(new Payload.Authentication(2, Octets.of(auth)));
        payloads.add(
                new Payload.Configuration(
                        Payload.Configuration.REQUEST,
                        List.of(
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_ADDRESS,
                                        Octets.EMPTY))));
        payloads.add(InitiatorByHand.esp(0xc0ffee77));
        payloads.add(new Payload.TsInitiator(List.of(Net.subnet(0, 0, 0, 0, 0))));
        payloads.add(new Payload.TsResponder(List.of(Net.subnet(0, 0, 0, 0, 0))));
        return payloads;
    }

    /// The gateway's AUTH, computed by hand.
    public Octets expectedAnswer(boolean shortForm) {
        Prf prf = suite.prf();
        byte[] skPr = keys().skPr().expose();
        byte[] message = response().octets().array();
        return Octets.of(
                shortForm
                        ? prf.compute(skPr, message)
                        : prf.compute(
                                skPr,
                                message,
                                ni,
                                prf.compute(skPr, session.session().responder().body())));
    }

    public List<Datagram> sendAuth(List<Payload> payloads) {
        Header header =
                new Header(spiI, response().header().spiR(), ExchangeType.IKE_AUTH, true, false, 1);
        return send(
                SkProtection.seal(
                        header,
                        List.of(),
                        payloads,
                        keys().outbound(),
                        keys().outboundIvs(),
                        entropy));
    }

    public List<Payload> auth(List<Payload> payloads) {
        List<Datagram> back = sendAuth(payloads);
        assertThat(back).hasSize(1);
        Message message = back.getFirst().message();
        Payload.Encrypted sk = message.encrypted();
        if (sk != null
                && SkProtection.open(message, sk, keys().inbound())
                        instanceof SkProtection.Opened.Authentic authentic) {
            return authentic.payloads();
        }
        throw new AssertionError("the answer is not under our keys");
    }
}
