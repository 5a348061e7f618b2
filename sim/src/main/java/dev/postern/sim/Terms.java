package dev.postern.sim;

import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.SuiteNames;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What the parties of a run agree on. In most runs it is [#USUAL]; in the others each term is
/// drawn for itself, by a stream of chance of its own: the faults of a plan are the same under any
/// terms.
///
/// @param proof how clients prove who they are
/// @param rfc5723 whether sessions are resumed in two round trips (RFC 5723), not in one
/// @param fragmentSize octets of the largest packet with a protected message, RFC 7383
/// @param extras what else is not as in most runs
public record Terms(
        Proof proof,
        String ikeSuite,
        String espSuite,
        boolean rfc5723,
        int fragmentSize,
        Set<Extra> extras) {
    /// What a run may have beside everything else.
    public enum Extra {
        /// A post-quantum pre-shared key, without which there is no IKE SA (RFC 8784).
        PPK,
        /// IKE_AUTH goes without a Child SA (RFC 6023).
        CHILDLESS,
        /// Between a client and the gateway itself, without a tunnel; nobody has an inner address.
        TRANSPORT,
        /// Each client is the gateway of a branch office: a network of its own is behind it.
        BRANCH,
        /// Outside there is IPv6; behind branch offices too.
        IPV6
    }

    /// How a client proves who it is, and how its gateway.
    public enum Proof {
        PRE_SHARED_KEY,
        /// Both by certificates.
        CERTIFICATE,
        /// EAP-MSCHAPv2, after the gateway's certificate.
        EAP
    }

    private static final String USUAL_IKE_SUITE = "aes256gcm16-prfsha384-x25519";
    private static final String HYBRID = "-mlkem768";

    private static final List<String> IKE_SUITES =
            List.of(
                    USUAL_IKE_SUITE + HYBRID,
                    "aes128gcm16-prfsha256-x25519",
                    "aes256gcm16-prfsha512-ecp256",
                    "chacha20poly1305-prfsha256-x25519",
                    "aes256-sha512-x25519",
                    "aes128-sha256-ecp256");

    private static final String USUAL_ESP_SUITE = "aes256gcm16";

    private static final List<String> ESP_SUITES =
            List.of("aes128gcm16", "aes256gcm16-esn", "chacha20poly1305", "chacha20poly1305-esn");

    private static final int USUAL_SIZE = 1280;

    /// A pre-shared key, one suite, one round trip, and packets that hold any message.
    public static final Terms USUAL =
            new Terms(
                    Proof.PRE_SHARED_KEY,
                    USUAL_IKE_SUITE,
                    USUAL_ESP_SUITE,
                    false,
                    USUAL_SIZE,
                    Set.of());

    /// Of a thousand runs those under the usual terms; of the others those where a term is another.
    private static final int AS_USUAL = 600;

    private static final int ANOTHER = 350;

    /// The one way of resuming in which an IKE_AUTH follows that might go to AAA.
    private static final int RFC_5723_WITH_EAP = 500;

    /// Of a thousand runs those with an extra, for each.
    private static final int EXTRA = 80;

    public Terms {
        extras = Set.copyOf(extras);
        if (extras.contains(Extra.TRANSPORT) && extras.contains(Extra.BRANCH)) {
            throw new IllegalArgumentException("a network behind a client needs a tunnel");
        }
    }

    /// The usual ones but for these.
    public static Terms by(Proof proof, Extra... extras) {
        return new Terms(
                proof, USUAL_IKE_SUITE, USUAL_ESP_SUITE, false, USUAL_SIZE, Set.of(extras));
    }

    static Terms of(long seed) {
        Terms agreed = withoutExtras(seed);
        Dice dice = Dice.of(seed, "extras");
        Set<Extra> extras = EnumSet.noneOf(Extra.class);
        for (Extra extra : Extra.values()) {
            if (dice.permille(EXTRA)) {
                extras.add(extra);
            }
        }
        if (extras.contains(Extra.TRANSPORT)) {
            extras.remove(Extra.BRANCH);
        }
        return new Terms(
                agreed.proof,
                agreed.ikeSuite,
                agreed.espSuite,
                agreed.rfc5723,
                agreed.fragmentSize,
                extras);
    }

    private static Terms withoutExtras(long seed) {
        Dice dice = Dice.of(seed, "terms");
        if (dice.permille(AS_USUAL)) {
            return USUAL;
        }
        Proof proof = dice.pick(List.of(Proof.values()));
        return new Terms(
                proof,
                dice.permille(ANOTHER) ? dice.pick(IKE_SUITES) : USUAL_IKE_SUITE,
                dice.permille(ANOTHER) ? dice.pick(ESP_SUITES) : USUAL_ESP_SUITE,
                dice.permille(proof == Proof.EAP ? RFC_5723_WITH_EAP : ANOTHER),
                dice.permille(ANOTHER) ? dice.between(300, 700) : USUAL_SIZE,
                Set.of());
    }

    /// Whether IKE_INTERMEDIATE brings a second key exchange (RFC 9370).
    public boolean isHybrid() {
        return ikeSuite.endsWith(HYBRID);
    }

    boolean has(Extra extra) {
        return extras.contains(extra);
    }

    /// Whether gateways give clients their inner addresses.
    boolean assignsAddresses() {
        return !has(Extra.TRANSPORT) && !has(Extra.BRANCH);
    }

    /// Where everybody is.
    Addresses addresses() {
        return has(Extra.IPV6) ? Addresses.V6 : Addresses.V4;
    }

    List<IkeSuite> ikeSuites() {
        return List.of(SuiteNames.ikeSuite(ikeSuite));
    }

    List<EspSuite> espSuites() {
        return List.of(SuiteNames.espSuite(espSuite));
    }

    /// For the plan's description; empty for what is usual.
    String describe() {
        if (equals(USUAL)) {
            return "";
        }
        String proven =
                switch (proof) {
                    case PRE_SHARED_KEY -> "pre-shared keys";
                    case CERTIFICATE -> "certificates";
                    case EAP -> "EAP-MSCHAPv2";
                };
        return "  clients have "
                + proven
                + " and "
                + ikeSuite
                + ", ESP has "
                + espSuite
                + (rfc5723 ? ", they resume as in RFC 5723" : "")
                + (fragmentSize < USUAL_SIZE ? ", packets of " + fragmentSize + " octets" : "")
                + (extras.isEmpty() ? "" : ", with " + new TreeSet<>(extras))
                + "\n";
    }
}
