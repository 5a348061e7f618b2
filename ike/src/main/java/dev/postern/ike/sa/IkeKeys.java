package dev.postern.ike.sa;

import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.IkeSuite;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// The keys of one IKE SA as one peer uses them, RFC 7296 section 2.14. Closed with the IKE SA.
public final class IkeKeys implements AutoCloseable {
    private SecretBytes skD;
    private SecretBytes skPi;
    private SecretBytes skPr;
    private final PayloadCipher outbound;
    private final PayloadCipher inbound;
    private final IvSequence outboundIvs;
    private final @Nullable KeyLogEntry logEntry;
    private final @Nullable SecretBytes transportKeys;

    private IkeKeys(
            SecretBytes skD,
            SecretBytes skPi,
            SecretBytes skPr,
            PayloadCipher outbound,
            PayloadCipher inbound,
            IvSequence outboundIvs,
            @Nullable KeyLogEntry logEntry,
            @Nullable SecretBytes transportKeys) {
        this.skD = skD;
        this.skPi = skPi;
        this.skPr = skPr;
        this.outbound = outbound;
        this.inbound = inbound;
        this.outboundIvs = outboundIvs;
        this.logEntry = logEntry;
        this.transportKeys = transportKeys;
    }

    /// What of an exchange goes into the keys.
    ///
    /// @param initiator whether we are the original initiator
    /// @param logged whether to keep a [KeyLogEntry] for a protocol analyser
    /// @param kept whether to keep the keys themselves, for a standby
    public record Context(
            long spiI,
            long spiR,
            byte[] ni,
            byte[] nr,
            boolean initiator,
            IvPrefix ivPrefix,
            boolean logged,
            boolean kept) {
        /// Of an IKE SA without standby.
        public Context(
                long spiI,
                long spiR,
                byte[] ni,
                byte[] nr,
                boolean initiator,
                IvPrefix ivPrefix,
                boolean logged) {
            this(spiI, spiR, ni, nr, initiator, ivPrefix, logged, false);
        }
    }

    /// {SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr} = prf+(SKEYSEED, Ni | Nr | SPIi |
    /// SPIr). Wipes `skeyseed`.
    public static IkeKeys derive(IkeSuite suite, byte[] skeyseed, Context context) {
        int prfLength = suite.prf().length();
        int integrityLength = suite.integrity().keyLength();
        int encryptionLength = suite.encryption().keyMaterialLength();
        int total = 3 * prfLength + 2 * integrityLength + 2 * encryptionLength;
        byte[] material =
                KeyDerivation.ikeKeyMaterial(
                        suite.prf(),
                        skeyseed,
                        context.ni(),
                        context.nr(),
                        context.spiI(),
                        context.spiR(),
                        total);
        Cutter cutter = new Cutter(material);
        byte[] skD = cutter.next(prfLength);
        byte[] skAi = cutter.next(integrityLength);
        byte[] skAr = cutter.next(integrityLength);
        byte[] skEi = cutter.next(encryptionLength);
        byte[] skEr = cutter.next(encryptionLength);
        byte[] skPi = cutter.next(prfLength);
        byte[] skPr = cutter.next(prfLength);
        PayloadCipher initiatorCipher =
                PayloadCipher.of(suite.encryption(), suite.integrity(), skEi, skAi);
        PayloadCipher responderCipher =
                PayloadCipher.of(suite.encryption(), suite.integrity(), skEr, skAr);
        KeyLogEntry entry =
                context.logged()
                        ? KeyLogEntry.ofIkeSa(
                                context.spiI(), context.spiR(), suite, skEi, skEr, skAi, skAr)
                        : null;
        SecretBytes transport =
                context.kept()
                        ? SecretBytes.owning(
                                Arrays.copyOfRange(
                                        material, prfLength, prfLength + transportLength(suite)))
                        : null;
        for (byte[] secret : new byte[][] {skeyseed, material, skAi, skAr, skEi, skEr}) {
            Arrays.fill(secret, (byte) 0);
        }
        return new IkeKeys(
                SecretBytes.owning(skD),
                SecretBytes.owning(skPi),
                SecretBytes.owning(skPr),
                context.initiator() ? initiatorCipher : responderCipher,
                context.initiator() ? responderCipher : initiatorCipher,
                new IvSequence(context.ivPrefix()),
                entry,
                transport);
    }

    /// The keys of an IKE SA that another member had, under IVs that nobody has used.
    ///
    /// @param skD copied
    /// @param transportKeys SK_ai | SK_ar | SK_ei | SK_er; copied
    public static IkeKeys restore(
            IkeSuite suite, SecretBytes skD, SecretBytes transportKeys, Context context) {
        int integrityLength = suite.integrity().keyLength();
        int encryptionLength = suite.encryption().keyMaterialLength();
        Cutter cutter = new Cutter(transportKeys.expose());
        byte[] skAi = cutter.next(integrityLength);
        byte[] skAr = cutter.next(integrityLength);
        byte[] skEi = cutter.next(encryptionLength);
        byte[] skEr = cutter.next(encryptionLength);
        PayloadCipher initiatorCipher =
                PayloadCipher.of(suite.encryption(), suite.integrity(), skEi, skAi);
        PayloadCipher responderCipher =
                PayloadCipher.of(suite.encryption(), suite.integrity(), skEr, skAr);
        KeyLogEntry entry =
                context.logged()
                        ? KeyLogEntry.ofIkeSa(
                                context.spiI(), context.spiR(), suite, skEi, skEr, skAi, skAr)
                        : null;
        for (byte[] secret : new byte[][] {skAi, skAr, skEi, skEr}) {
            Arrays.fill(secret, (byte) 0);
        }
        // SK_pi and SK_pr have made their AUTH.
        return new IkeKeys(
                skD.copy(),
                SecretBytes.owning(new byte[0]),
                SecretBytes.owning(new byte[0]),
                context.initiator() ? initiatorCipher : responderCipher,
                context.initiator() ? responderCipher : initiatorCipher,
                new IvSequence(context.ivPrefix()),
                entry,
                context.kept() ? transportKeys.copy() : null);
    }

    /// Octets of [#transportKeys] for this suite.
    public static int transportLength(IkeSuite suite) {
        return 2 * suite.integrity().keyLength() + 2 * suite.encryption().keyMaterialLength();
    }

    /// One direction's cipher from {SK_a | SK_e}, as the resume exchange derives it.
    static PayloadCipher cipher(IkeSuite suite, Prf prf, byte[] key, byte[]... seed) {
        int integrityLength = suite.integrity().keyLength();
        int encryptionLength = suite.encryption().keyMaterialLength();
        byte[] material = prf.plus(key, integrityLength + encryptionLength, seed);
        Cutter cutter = new Cutter(material);
        byte[] skA = cutter.next(integrityLength);
        byte[] skE = cutter.next(encryptionLength);
        PayloadCipher cipher =
                PayloadCipher.of(
                        suite.encryption(),
                        suite.encryption().isAead() ? IntegrityAlgorithm.NONE : suite.integrity(),
                        skE,
                        skA);
        for (byte[] secret : new byte[][] {material, skA, skE}) {
            Arrays.fill(secret, (byte) 0);
        }
        return cipher;
    }

    /// Takes other keys over in place of SK_d, SK_pi and SK_pr.
    ///
    /// @return those before; whoever gets them closes them
    public PpkKeys exchange(PpkKeys others) {
        PpkKeys before = new PpkKeys(skD, skPi, skPr);
        skD = others.skD();
        skPi = others.skPi();
        skPr = others.skPr();
        return before;
    }

    public SecretBytes skD() {
        return skD;
    }

    public SecretBytes skPi() {
        return skPi;
    }

    public SecretBytes skPr() {
        return skPr;
    }

    public PayloadCipher outbound() {
        return outbound;
    }

    public PayloadCipher inbound() {
        return inbound;
    }

    public IvSequence outboundIvs() {
        return outboundIvs;
    }

    /// SK_ai | SK_ar | SK_ei | SK_er, where they are kept for a standby.
    public @Nullable SecretBytes transportKeys() {
        return transportKeys;
    }

    public @Nullable KeyLogEntry logEntry() {
        return logEntry;
    }

    @Override
    public void close() {
        skD.close();
        skPi.close();
        skPr.close();
        outbound.close();
        inbound.close();
        if (transportKeys != null) {
            transportKeys.close();
        }
    }

    /// Cuts key material into consecutive pieces.
    static final class Cutter {
        private final byte[] material;
        private int position;

        Cutter(byte[] material) {
            this.material = material;
        }

        byte[] next(int length) {
            byte[] piece = Arrays.copyOfRange(material, position, position + length);
            position += length;
            return piece;
        }
    }
}
