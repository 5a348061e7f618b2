package dev.postern.ike;

import dev.postern.crypto.SecretBytes;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// Secrets of an endpoint that are no peer's way to prove itself.
///
/// @param crashDetection from which QCD tokens are made, the newest first, at most
///   [#MAXIMUM_GENERATIONS] (RFC 6290 section 5.1); empty where none are made. They have to outlive
///   a crash
/// @param ppks the post-quantum pre-shared keys by the name of the profile
public record EndpointSecrets(List<SecretBytes> crashDetection, Map<String, PpkPolicy> ppks) {
    public static final int MAXIMUM_GENERATIONS = 4;

    public static final EndpointSecrets NONE = new EndpointSecrets(List.of(), Map.of());

    public EndpointSecrets {
        crashDetection = List.copyOf(crashDetection);
        ppks = Map.copyOf(ppks);
        if (crashDetection.size() > MAXIMUM_GENERATIONS) {
            throw new IllegalArgumentException(
                    crashDetection.size()
                            + " generations of crash detection secrets, at most "
                            + MAXIMUM_GENERATIONS);
        }
    }

    /// Null where a profile has none.
    public @Nullable PpkPolicy ppk(String profile) {
        return ppks.get(profile);
    }

    /// Never prints a secret.
    @Override
    public String toString() {
        return "EndpointSecrets[" + crashDetection.size() + " generations, " + ppks.keySet() + "]";
    }
}
