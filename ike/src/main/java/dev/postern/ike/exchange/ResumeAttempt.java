package dev.postern.ike.exchange;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.PayloadCipher;
import dev.postern.ike.Counter;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IvSequence;
import dev.postern.ike.sa.ResumptionSecret;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ticket.Session;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.List;

/// One resume request whose ticket has opened, and how it is refused: under the response keys of a
/// fresh, random SPIr, so that no two answers ever share a key. A refusal creates no IKE SA.
record ResumeAttempt(
        Turn turn,
        Path path,
        Message message,
        Session session,
        IkeSuite suite,
        int gatewaySwitchCount) {

    /// What the profile has for this session's peer.
    ResumptionPolicy policy(ResponderProfile profile) {
        return profile.resumption().of(session.authenticatedIdentity());
    }

    void refuse(NotifyType type, Counter counter) {
        refuse(Payload.Notify.of(type), counter);
    }

    void refuse(NotifyType type, Octets data, Counter counter) {
        refuse(Payload.Notify.of(type, data), counter);
    }

    private void refuse(Payload.Notify notify, Counter counter) {
        turn.count(counter);
        long spiR = turn.newIkeSpi();
        turn.send(path, seal(spiR, List.of(notify), turn.entropy()));
        logResponseKeys(spiR);
    }

    PayloadCipher requestCipher() {
        return ResumptionSecret.requestCipher(
                suite, session.secret(), message.header().spiI(), gatewaySwitchCount);
    }

    void logRequestKeys() {
        ResumeKeyLog.request(
                turn, suite, session.secret(), message.header().spiI(), gatewaySwitchCount);
    }

    void logResponseKeys(long spiR) {
        ResumeKeyLog.response(
                turn, suite, session.secret(), message.header().spiI(), spiR, gatewaySwitchCount);
    }

    PayloadCipher responseCipher(long spiR) {
        return ResumptionSecret.responseCipher(
                suite, session.secret(), message.header().spiI(), spiR, gatewaySwitchCount);
    }

    /// The response with these payloads under SK.
    byte[] seal(long spiR, List<Payload> payloads, Entropy entropy) {
        try (PayloadCipher cipher = responseCipher(spiR)) {
            return seal(cipher, spiR, payloads, entropy);
        }
    }

    /// The same, where the session's secret is gone already.
    ///
    /// @param cipher from [#responseCipher] with this SPIr
    byte[] seal(PayloadCipher cipher, long spiR, List<Payload> payloads, Entropy entropy) {
        Header header = message.header().toResponse().withSpiR(spiR);
        IvSequence ivs = new IvSequence(turn.configuration().ivPrefix());
        return SkProtection.seal(header, List.of(), payloads, cipher, ivs, entropy);
    }
}
