package dev.postern.sim.scenario;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.PayloadCipher;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ike.sa.IvSequence;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.sa.ResumptionSecret;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A 1-RTT resume by somebody who has a client's session and ticket, and a mind of his own about
/// what is first under SK.
final class ResumeByHand {
    private static final long SPI_I = 0x0123_4567_89ab_cdefL;
    private static final int ESP_SPI = 0xc0ffee;
    private static final int NONCE_LENGTH = 32;

    private final ResumableSession session;
    private final IkeSuite suite;
    private final Entropy entropy;

    ResumeByHand(ResumableSession session) {
        this.session = session;
        Random random = new Random(SPI_I);
        this.entropy = random::nextBytes;
        IkeSuite chosen = IkeSuite.ofChosen(session.session().ikeProposal());
        if (chosen == null) {
            throw new AssertionError("the session has no suite");
        }
        this.suite = chosen;
    }

    /// The request, with these payloads before what belongs into it.
    byte[] request(Payload... first) {
        List<Payload> inner = new ArrayList<>(List.of(first));
        inner.add(new Payload.IdResponder(Identity.fqdn("vpn.example")));
        inner.add(
                new Payload.SecurityAssociation(
                        List.of(
                                SuiteNames.espSuite("aes256gcm16")
                                        .toProposal(1, Octets.ofInt(ESP_SPI)))));
        inner.add(new Payload.Nonce(Octets.of(entropy.octets(NONCE_LENGTH))));
        Octets ticket = session.ticket();
        byte[] lifetimeAndTicket =
                new WireWriter(4 + ticket.length()).i32(0).octets(ticket).finish();
        List<Payload> clear =
                List.of(Payload.Notify.of(NotifyType.IKEV2_TICKET, Octets.of(lifetimeAndTicket)));
        int messageId = MessageId.of(session.nextSwitchCount(), 0);
        Header header =
                new Header(SPI_I, 0, ExchangeType.IKE_SESSION_RESUME_1RTT, true, false, messageId);
        try (PayloadCipher cipher =
                ResumptionSecret.requestCipher(
                        suite, session.session().secret(), SPI_I, session.nextSwitchCount())) {
            IvSequence ivs = new IvSequence(new IvPrefix(0, 0));
            return SkProtection.seal(header, clear, inner, cipher, ivs, entropy);
        }
    }

    /// What is under SK in the gateway's answer.
    List<Payload> open(byte[] response) throws MalformedException {
        Message message = MessageCodec.decode(response);
        Payload.Encrypted sk = message.encrypted();
        if (sk == null) {
            throw new AssertionError("nothing of the answer is under SK");
        }
        try (PayloadCipher cipher =
                ResumptionSecret.responseCipher(
                        suite,
                        session.session().secret(),
                        SPI_I,
                        message.header().spiR(),
                        session.nextSwitchCount())) {
            if (SkProtection.open(message, sk, cipher) instanceof Opened.Authentic authentic) {
                return authentic.payloads();
            }
        }
        throw new AssertionError("the answer is not under the response keys");
    }
}
