package dev.postern.ike.sa;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.IkeSuite;

import java.net.InetAddress;

/// Keys that an operator has asked to be written down for a protocol analyser. They exist only
/// where the configuration says so.
public sealed interface KeyLogEntry {
    /// The keys of one IKE SA or of one direction of a resume exchange.
    ///
    /// @param spiR 0 for the request of a resume, which is protected before the responder has
    ///   chosen its SPI
    /// @param resumeResponse the keys of a resume's response, which share the SPIs of the IKE SA
    ///   that follows
    record IkeKeysEntry(
            long spiI,
            long spiR,
            boolean resumeResponse,
            EncryptionAlgorithm encryption,
            IntegrityAlgorithm integrity,
            SecretBytes skEi,
            SecretBytes skEr,
            SecretBytes skAi,
            SecretBytes skAr)
            implements KeyLogEntry {}

    /// The key of one direction of a Child SA.
    record EspKeyEntry(
            InetAddress source,
            InetAddress destination,
            int spi,
            EncryptionAlgorithm encryption,
            SecretBytes key)
            implements KeyLogEntry {}

    static KeyLogEntry ofIkeSa(
            long spiI,
            long spiR,
            IkeSuite suite,
            byte[] skEi,
            byte[] skEr,
            byte[] skAi,
            byte[] skAr) {
        return new IkeKeysEntry(
                spiI,
                spiR,
                false,
                suite.encryption(),
                suite.integrity(),
                SecretBytes.copyOf(skEi),
                SecretBytes.copyOf(skEr),
                SecretBytes.copyOf(skAi),
                SecretBytes.copyOf(skAr));
    }
}
