package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.sa.IkeKeys;

/// The keys of an IKE SA at its responder, RFC 7296 section 2.14.
final class ResponderKeys {
    private ResponderKeys() {}

    /// Computes the shared secret once, however often garbage comes under this SPI.
    static boolean derive(Turn turn, IkeSa sa, HalfOpen half) {
        KeyAgreement keyAgreement = half.keyAgreement();
        if (keyAgreement == null) {
            throw new IllegalStateException("a resumed half-open IKE SA has its keys already");
        }
        try (SecretBytes shared = keyAgreement.agree(half.peerKeyData())) {
            byte[] skeyseed =
                    KeyDerivation.skeyseed(
                            half.suite().prf(), half.ni(), half.nr(), shared.expose());
            sa.setKeys(
                    turn,
                    IkeKeys.derive(
                            half.suite(), skeyseed, context(turn, sa, half.ni(), half.nr())));
            return true;
        } catch (InvalidKeyExchangeException e) {
            turn.count(Counter.DROPPED_KEY_EXCHANGE);
            sa.close(turn, CloseReason.INVALID_KE_PAYLOAD, "", true);
            return false;
        } finally {
            keyAgreement.close();
        }
    }

    /// What goes into a responder's keys beside SKEYSEED.
    static IkeKeys.Context context(Turn turn, IkeSa sa, byte[] ni, byte[] nr) {
        return new IkeKeys.Context(
                sa.spiI(),
                sa.spiR(),
                ni,
                nr,
                false,
                turn.configuration().ivPrefix(),
                turn.configuration().logsKeys(),
                turn.configuration().standby().isCluster());
    }
}
