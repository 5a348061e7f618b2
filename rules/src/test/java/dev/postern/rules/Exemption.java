package dev.postern.rules;

import java.util.List;
import java.util.regex.Pattern;

/// A class that may mention what its module must not, and why.
///
/// @param type the class, with everything nested in it
/// @param reference matches the whole of each reference that is allowed
record Exemption(String type, Pattern reference, String reason) {
    static final List<Exemption> ALL =
            List.of(
                    exempt(
                            "dev.postern.ike.Counters",
                            "java\\.util\\.concurrent\\.atomic\\.AtomicLong.*",
                            "one shard counts, the thread that serves metrics reads"));

    boolean covers(String type, String mentioned) {
        return (type.equals(this.type) || type.startsWith(this.type + "$"))
                && reference.matcher(mentioned).matches();
    }

    private static Exemption exempt(String type, String reference, String reason) {
        return new Exemption(type, Pattern.compile(reference), reason);
    }
}
