package dev.postern.esp;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;

/// A pair of ESP SAs (RFC 4301 section 4.4.2) as the control plane installs it: what a Child SA
/// negotiated, and where its peer is.
///
/// @param inboundSpi ours: the peer writes it; names the pair in every later call
/// @param outboundSpi the peer's
/// @param algorithm an AEAD
/// @param inboundKey key | salt as KEYMAT yields them; copied by the install, wiped by the caller
/// @param outboundKey as `inboundKey`
/// @param ivPrefix of the packets that we seal
/// @param local the selectors of our side, `remote` those of the peer's
/// @param localAddress our outer address and port, `peerAddress` the peer's; both resolved
/// @param replayWindow in packets, at least 64; `DEFAULT_REPLAY_WINDOW` where nothing is configured
/// @param transport null in tunnel mode
/// @param standing whether the pair takes outbound traffic at once
/// @param sequences where their numbering begins
public record EspSaParameters(
        int inboundSpi,
        int outboundSpi,
        EncryptionAlgorithm algorithm,
        SecretBytes inboundKey,
        SecretBytes outboundKey,
        boolean extendedSequenceNumbers,
        IvPrefix ivPrefix,
        List<Selector> local,
        List<Selector> remote,
        InetSocketAddress localAddress,
        InetSocketAddress peerAddress,
        int replayWindow,
        @Nullable TransportMode transport,
        Standing standing,
        Sequences sequences) {

    public static final int DEFAULT_REPLAY_WINDOW = 4096;

    /// Whether an SA pair has been proven to be in use by its peer.
    public enum Standing {
        /// Opens what arrives but sends nothing and displaces nothing until it is confirmed.
        PROVISIONAL,
        /// Takes the outbound traffic of its selectors, also from an older pair with the same ones.
        CONFIRMED
    }

    /// Where the numbering of a pair begins.
    ///
    /// @param lastOutbound the last sequence number that may have been used before, by this host or
    ///   one that it takes over from; 0 for a new pair
    /// @param inboundFloor sequence numbers up to this one may have been delivered before and are
    ///   refused; 0 for a new pair
    public record Sequences(long lastOutbound, long inboundFloor) {
        /// Nothing has gone through the pair.
        public static final Sequences NEW = new Sequences(0, 0);
    }

    public EspSaParameters {
        local = List.copyOf(local);
        remote = List.copyOf(remote);
        if (!algorithm.isAead()) {
            throw new IllegalArgumentException(algorithm + " is not an AEAD");
        }
        int wanted = algorithm.keyMaterialLength();
        if (inboundKey.length() != wanted || outboundKey.length() != wanted) {
            throw new IllegalArgumentException(
                    "key material of %d and %d octets where %s takes %d"
                            .formatted(
                                    inboundKey.length(), outboundKey.length(), algorithm, wanted));
        }
        if (isReserved(inboundSpi) || isReserved(outboundSpi)) {
            throw new IllegalArgumentException("SPIs up to 255 are reserved");
        }
        if (local.isEmpty() || remote.isEmpty()) {
            throw new IllegalArgumentException("an SA without selectors takes no traffic");
        }
    }

    /// RFC 4303 section 2.1.
    private static boolean isReserved(int spi) {
        return Integer.compareUnsigned(spi, 255) <= 0;
    }
}
