package dev.postern.rules;

import java.util.List;
import java.util.regex.Pattern;

/// A class that may mention what its module must not, and why.
///
/// @param type the class, with everything nested in it
/// @param reference matches the whole of each reference that is allowed
record Exemption(String type, Pattern reference, String reason) {
    private static final String COUNTER = "java\\.util\\.concurrent\\.atomic\\.AtomicLong.*";

    /// A date that was given, in the JDK's older form; not one that is read off a clock.
    private static final String GIVEN_DATE = "java\\.util\\.Date(\\.(from|toInstant)\\(.*)?";

    static final List<Exemption> ALL =
            List.of(
                    exempt("dev.postern.ike.Counters", COUNTER, "its shard counts, others read"),
                    exempt(
                            "dev.postern.esp.VerdictCounters",
                            COUNTER,
                            "one thread counts, any reads"),
                    exempt(
                            "dev.postern.crypto.EntropyRandom",
                            "java\\.security\\.SecureRandom\\b.*",
                            "Entropy in the form that the JDK's ML-KEM asks for"),
                    exempt(
                            "dev.postern.crypto.MlKem",
                            "java\\.security\\.SecureRandom",
                            "it hands EntropyRandom to the JDK, whose parameter has this type"),
                    exempt("dev.postern.esp.InboundSa", COUNTER, "the opener counts, others read"),
                    exempt("dev.postern.esp.OutboundSa", COUNTER, "the sealer counts, others read"),
                    exempt(
                            "dev.postern.esp.PublishedTable",
                            "java\\.util\\.concurrent\\.atomic\\.AtomicReferenceArray.*",
                            "readers on the packet path see a slot by its release store"),
                    exempt(
                            "dev.postern.esp.RetiredCiphers",
                            "java\\.util\\.concurrent\\.ConcurrentLinkedQueue.*",
                            "the control thread hands ciphers to the packet thread that wipes"
                                    + " them"),
                    exempt(
                            "dev.postern.grid.StuckMerges",
                            "java\\.lang\\.(reflect\\..*|Class\\.getDeclaredField\\(.*)",
                            "the engine has no other way to what it compares after a merge"),
                    exempt(
                            "dev.postern.pki.KeptPaths",
                            GIVEN_DATE,
                            "the JDK's certificates give their validity in this form"),
                    exempt(
                            "dev.postern.pki.TrustAnchors",
                            GIVEN_DATE,
                            "the JDK's path validation takes and gives dates in this form"),
                    exempt(
                            "dev.postern.pki.RevocationEvidence",
                            GIVEN_DATE,
                            "the JDK's path validation takes and gives dates in this form"),
                    exempt(
                            "dev.postern.sim.Dice",
                            "java\\.util\\.SplittableRandom.*",
                            "every stream of a simulated run comes from its seed"));

    boolean covers(String type, String mentioned) {
        return (type.equals(this.type) || type.startsWith(this.type + "$"))
                && reference.matcher(mentioned).matches();
    }

    private static Exemption exempt(String type, String reference, String reason) {
        return new Exemption(type, Pattern.compile(reference), reason);
    }
}
