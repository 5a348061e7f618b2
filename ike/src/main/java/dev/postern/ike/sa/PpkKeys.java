package dev.postern.ike.sa;

import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;

/// SK_d, SK_pi and SK_pr, which a post-quantum pre-shared key goes into (RFC 8784 section 3):
///
///     SK_d = prf+(PPK, SK_d'), SK_pi = prf+(PPK, SK_pi'), SK_pr = prf+(PPK, SK_pr')
public record PpkKeys(SecretBytes skD, SecretBytes skPi, SecretBytes skPr)
        implements AutoCloseable {
    /// The keys of an IKE SA with the key in them; the IKE SA keeps its own.
    public static PpkKeys mix(Prf prf, SecretBytes ppk, IkeKeys keys) {
        return new PpkKeys(
                mix(prf, ppk, keys.skD()), mix(prf, ppk, keys.skPi()), mix(prf, ppk, keys.skPr()));
    }

    private static SecretBytes mix(Prf prf, SecretBytes ppk, SecretBytes key) {
        return SecretBytes.owning(prf.plus(ppk.expose(), prf.length(), key.expose()));
    }

    @Override
    public void close() {
        skD.close();
        skPi.close();
        skPr.close();
    }
}
