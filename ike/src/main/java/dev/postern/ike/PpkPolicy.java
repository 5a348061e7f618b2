package dev.postern.ike;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The post-quantum pre-shared keys of a profile (RFC 8784).
///
/// @param keys a client has one, a gateway any number
/// @param required whether there is no IKE SA without one of them
public record PpkPolicy(List<Ppk> keys, boolean required) {
    /// PPK_ID_FIXED (RFC 8784 section 5.1).
    private static final int FIXED = 2;

    /// One key.
    ///
    /// @param id PPK_ID with its type
    /// @param key kept, not copied
    /// @param peers whose it is; empty for everybody
    public record Ppk(Octets id, SecretBytes key, List<Identity> peers) {
        public Ppk {
            peers = List.copyOf(peers);
        }

        /// With a name in words, PPK_ID_FIXED.
        public static Ppk named(String name, SecretBytes key, List<Identity> peers) {
            byte[] octets = name.getBytes(StandardCharsets.UTF_8);
            return new Ppk(
                    Octets.of(new WireWriter(1 + octets.length).u8(FIXED).octets(octets).finish()),
                    key,
                    peers);
        }

        /// Never prints the key.
        @Override
        public String toString() {
            return "Ppk[" + id.hex() + "]";
        }
    }

    public PpkPolicy {
        keys = List.copyOf(keys);
    }

    /// The key of this name that this peer may use; null for none.
    public @Nullable Ppk find(Octets id, Identity peer) {
        for (Ppk ppk : keys) {
            if (ppk.id().equals(id) && (ppk.peers().isEmpty() || ppk.peers().contains(peer))) {
                return ppk;
            }
        }
        return null;
    }
}
