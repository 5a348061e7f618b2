package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ResumptionSecret;

/// Writes the keys of a resume exchange down for a protocol analyser, where the configuration asks
/// for it.
final class ResumeKeyLog {
    private ResumeKeyLog() {}

    static void request(
            Turn turn, IkeSuite suite, SecretBytes rs, long spiI, int gatewaySwitchCount) {
        if (turn.configuration().logsKeys()) {
            turn.add(
                    new Effect.LogKeys(
                            ResumptionSecret.requestLogEntry(suite, rs, spiI, gatewaySwitchCount)));
        }
    }

    static void response(
            Turn turn,
            IkeSuite suite,
            SecretBytes rs,
            long spiI,
            long spiR,
            int gatewaySwitchCount) {
        if (turn.configuration().logsKeys()) {
            turn.add(
                    new Effect.LogKeys(
                            ResumptionSecret.responseLogEntry(
                                    suite, rs, spiI, spiR, gatewaySwitchCount)));
        }
    }
}
