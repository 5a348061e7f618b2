package dev.postern.ike.sa;

import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.wire.WireWriter;

/// IntAuth of RFC 9242 section 3.3.2, which puts every IKE_INTERMEDIATE message of both sides under
/// AUTH:
///
///     IntAuth_in = prf(SK_pin, IntAuth_i(n-1) | message)     IntAuth_rn likewise with SK_prn
///     IntAuth    = IntAuth_iN | IntAuth_rN | IKE_AUTH_MID
///
/// A message counts as it was before it was sealed and cut; SK_pn are of the generation of keys that
/// sealed it.
public final class IntAuth {
    private byte[] initiator = new byte[0];
    private byte[] responder = new byte[0];
    private int exchanges;

    /// Takes the request of the next exchange.
    public void addRequest(Prf prf, SecretBytes skPi, byte[] message) {
        initiator = prf.compute(skPi.expose(), initiator, message);
    }

    /// Takes its response, which completes the exchange.
    public void addResponse(Prf prf, SecretBytes skPr, byte[] message) {
        responder = prf.compute(skPr.expose(), responder, message);
        exchanges++;
    }

    /// Exchanges that are complete.
    public int exchanges() {
        return exchanges;
    }

    /// IKE_AUTH_MID: IKE_SA_INIT had 0, the intermediate exchanges what followed.
    public int firstAuthMessageId() {
        return 1 + exchanges;
    }

    /// What AUTH and SH are made over; empty where there was no exchange.
    public byte[] octets() {
        if (exchanges == 0) {
            return new byte[0];
        }
        return new WireWriter(initiator.length + responder.length + 4)
                .octets(initiator)
                .octets(responder)
                .i32(firstAuthMessageId())
                .finish();
    }
}
