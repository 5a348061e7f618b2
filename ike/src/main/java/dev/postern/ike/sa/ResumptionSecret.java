package dev.postern.ike.sa;

import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// RS and what a 1-RTT resume derives from it (failover profile, "Keys"):
///
///     RS              prf+(SK_d, "IKEv2 failover RS" | SH)
///     request keys    {SK_a | SK_e} = prf+(RS, "resume request"  | SPIi | GSC)
///     response keys   {SK_a | SK_e} = prf+(RS, "resume response" | SPIi | SPIr | GSC)
///     SKEYSEED        prf(RS, "resume SKEYSEED" | k | g^ir | Ni | Nr)
public final class ResumptionSecret {
    private static final byte[] RS = ascii("IKEv2 failover RS");
    private static final byte[] REQUEST = ascii("resume request");
    private static final byte[] RESPONSE = ascii("resume response");
    private static final byte[] SKEYSEED = ascii("resume SKEYSEED");

    private ResumptionSecret() {}

    /// RS, as long as SK_d.
    public static SecretBytes derive(Prf prf, SecretBytes skD, Octets sessionHash) {
        return SecretBytes.owning(prf.plus(skD.expose(), skD.length(), RS, sessionHash.array()));
    }

    public static PayloadCipher requestCipher(
            IkeSuite suite, SecretBytes rs, long spiI, int gatewaySwitchCount) {
        return IkeKeys.cipher(
                suite, suite.prf(), rs.expose(), REQUEST, octets(spiI), octet(gatewaySwitchCount));
    }

    public static PayloadCipher responseCipher(
            IkeSuite suite, SecretBytes rs, long spiI, long spiR, int gatewaySwitchCount) {
        return IkeKeys.cipher(
                suite,
                suite.prf(),
                rs.expose(),
                RESPONSE,
                octets(spiI),
                octets(spiR),
                octet(gatewaySwitchCount));
    }

    /// @param sharedSecret g^ir where KEi and KEr were exchanged
    public static byte[] skeyseed(
            Prf prf, SecretBytes rs, @Nullable SecretBytes sharedSecret, byte[] ni, byte[] nr) {
        byte[] secret = sharedSecret == null ? new byte[0] : sharedSecret.expose();
        return prf.compute(
                rs.expose(), SKEYSEED, octet(sharedSecret == null ? 0 : 1), secret, ni, nr);
    }

    /// The request's keys for a protocol analyser; SPIr is still 0.
    public static KeyLogEntry requestLogEntry(
            IkeSuite suite, SecretBytes rs, long spiI, int gatewaySwitchCount) {
        return logEntry(suite, rs, spiI, 0, REQUEST, octets(spiI), octet(gatewaySwitchCount));
    }

    /// The response's keys for a protocol analyser; they share both SPIs with the IKE SA that
    /// follows.
    public static KeyLogEntry responseLogEntry(
            IkeSuite suite, SecretBytes rs, long spiI, long spiR, int gatewaySwitchCount) {
        return logEntry(
                suite,
                rs,
                spiI,
                spiR,
                RESPONSE,
                octets(spiI),
                octets(spiR),
                octet(gatewaySwitchCount));
    }

    private static KeyLogEntry logEntry(
            IkeSuite suite, SecretBytes rs, long spiI, long spiR, byte[]... seed) {
        int integrity = suite.integrity().keyLength();
        int encryption = suite.encryption().keyMaterialLength();
        byte[] material = suite.prf().plus(rs.expose(), integrity + encryption, seed);
        SecretBytes skA = SecretBytes.owning(Arrays.copyOf(material, integrity));
        SecretBytes skE =
                SecretBytes.owning(Arrays.copyOfRange(material, integrity, material.length));
        Arrays.fill(material, (byte) 0);
        return new KeyLogEntry.IkeKeysEntry(
                spiI,
                spiR,
                spiR != 0,
                suite.encryption(),
                suite.integrity(),
                skE,
                skE.copy(),
                skA,
                skA.copy());
    }

    static byte[] ascii(String label) {
        return label.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] octets(long spi) {
        return Octets.ofLong(spi).array();
    }

    static byte[] octet(int value) {
        return new byte[] {(byte) value};
    }
}
