package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;
import static dev.postern.gateway.configuration.Key.required;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.PpkPolicy;
import dev.postern.ike.PpkPolicy.Ppk;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Post-quantum pre-shared keys: the tables `ppk` of a client and of a gateway's profiles.
final class PpkTable {
    /// RFC 8784 section 6: at least 256 bits of entropy.
    private static final int SHORTEST_GOOD = 32;

    private static final KeyType<String> NAME =
            BasicTypes.name(
                    "key name",
                    "1 to 64 letters, digits and . _ @ -",
                    Pattern.compile("[A-Za-z0-9._@-]{1,64}"));
    private static final Key<String> ID =
            required(
                    "id",
                    NAME,
                    "\"office\"",
                    "The key's name, which both peers know (PPK_ID_FIXED, RFC 8784).");
    private static final Key<Boolean> REQUIRED =
            defaulted(
                    "required",
                    BasicTypes.flag(),
                    "true",
                    "Whether a gateway that does not use the key is left.");
    private static final Key<List<Identity>> PEERS =
            optional(
                    "peers",
                    BasicTypes.list(NetworkTypes.identity(), 1),
                    "[\"alice@example\"]",
                    "Whose key it is. Missing: everybody's.");
    private static final String WHAT =
            "protects against who records now and has a quantum computer later. The key itself"
                    + " stands in one of psk-file, psk and psk-hex, with 32 octets or more.";

    /// Of a profile.
    static final Key<Boolean> PROFILE_REQUIRED =
            defaulted(
                    "ppk-required",
                    BasicTypes.flag(),
                    "false",
                    "Whether peers without a key of `[[profile.NAME.ppk]]` are refused, and"
                            + " sessions that began without one are not resumed.");

    static final Shape CLIENT =
            Shape.single(
                    "ppk",
                    "A post-quantum pre-shared key beside other credentials (RFC 8784): it " + WHAT,
                    List.of(ID, REQUIRED, SharedKeys.PSK, SharedKeys.PSK_HEX, SharedKeys.PSK_FILE));
    static final Shape PROFILE =
            Shape.repeated(
                    "ppk",
                    "A post-quantum pre-shared key of peers of this profile (RFC 8784): it " + WHAT,
                    List.of(ID, PEERS, SharedKeys.PSK, SharedKeys.PSK_HEX, SharedKeys.PSK_FILE));

    private PpkTable() {}

    /// Null where the client has none.
    static @Nullable PpkPolicy ofClient(Section top) {
        Section table = top.single(CLIENT);
        boolean there =
                table.has(ID)
                        || table.has(SharedKeys.PSK)
                        || table.has(SharedKeys.PSK_HEX)
                        || table.has(SharedKeys.PSK_FILE);
        return there ? new PpkPolicy(List.of(read(table, List.of())), table.get(REQUIRED)) : null;
    }

    /// Null where a profile has none.
    static @Nullable PpkPolicy ofProfile(Section profile) {
        List<Ppk> keys = new ArrayList<>();
        Map<Octets, String> seen = new HashMap<>();
        for (Section table : profile.repeated(PROFILE)) {
            @Nullable List<Identity> peers = table.optional(PEERS);
            Ppk ppk = read(table, peers == null ? List.of() : peers);
            keys.add(ppk);
            String earlier = seen.putIfAbsent(ppk.id(), "another table");
            if (earlier != null && table.sound(ID)) {
                table.place(ID).contradicts("names a key of " + earlier + "; legal is each once");
            }
        }
        boolean required = profile.get(PROFILE_REQUIRED);
        if (required && keys.isEmpty()) {
            profile.place(PROFILE_REQUIRED)
                    .contradicts("has no key to require; legal with a table [[profile.NAME.ppk]]");
        }
        return keys.isEmpty() ? null : new PpkPolicy(keys, required);
    }

    private static Ppk read(Section table, List<Identity> peers) {
        SecretBytes key = PskReader.read(table);
        Key<?> named = PskReader.present(table);
        if (table.has(named) && key.length() < SHORTEST_GOOD) {
            table.place(named)
                    .warn(
                            "the key has fewer than "
                                    + SHORTEST_GOOD
                                    + " octets, and a quantum computer can guess it; make one with:"
                                    + " openssl rand -base64 48");
        }
        return Ppk.named(table.get(ID), key, peers);
    }
}
