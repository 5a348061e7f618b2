package dev.postern.ike.exchange;

import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IkeKeys;

/// What an additional key exchange makes of the keys (RFC 9370 section 2.2.2):
///
///     SKEYSEED(n) = prf(SK_d(n-1), SK(n) | Ni | Nr)
final class IntermediateKeys {
    private IntermediateKeys() {}

    /// Takes the secret of an additional key exchange into the keys; those before are wiped.
    static void update(
            Turn turn, IkeSa sa, IkeSuite suite, SecretBytes shared, byte[] ni, byte[] nr) {
        byte[] skeyseed =
                KeyDerivation.rekeyedSkeyseed(
                        suite.prf(), sa.keys().skD().expose(), shared.expose(), ni, nr);
        IkeKeys.Context context =
                new IkeKeys.Context(
                        sa.spiI(),
                        sa.spiR(),
                        ni,
                        nr,
                        sa.isInitiator(),
                        turn.configuration().ivPrefix(),
                        turn.configuration().logsKeys(),
                        !sa.isInitiator() && turn.configuration().standby().isCluster());
        sa.forgetKeys();
        sa.setKeys(turn, IkeKeys.derive(suite, skeyseed, context));
    }
}
