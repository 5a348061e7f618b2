package dev.postern.ike.profile;

import dev.postern.crypto.PayloadCipher;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.sa.ResumptionSecret;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.world.Datagram;
import dev.postern.wire.Message;
import dev.postern.wire.MessageId;
import dev.postern.wire.Payload;

import java.util.List;

/// Reads what a client has put under SK.
final class RequestReader {
    private RequestReader() {}

    static List<Payload> open(Datagram request, ResumableSession session) {
        Message message = request.message();
        IkeSuite suite = IkeSuite.ofChosen(session.session().ikeProposal());
        Payload.Encrypted sk = message.encrypted();
        if (suite == null || sk == null) {
            throw new AssertionError("this is no resume request");
        }
        int count = MessageId.gatewaySwitchCount(message.header().messageId());
        try (PayloadCipher cipher =
                ResumptionSecret.requestCipher(
                        suite, session.session().secret(), message.header().spiI(), count)) {
            if (SkProtection.open(message, sk, cipher)
                    instanceof SkProtection.Opened.Authentic authentic) {
                return authentic.payloads();
            }
        }
        throw new AssertionError("the request is not under the request keys");
    }
}
