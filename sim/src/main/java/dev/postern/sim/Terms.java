package dev.postern.sim;

import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.SuiteNames;

import java.util.List;

/// What the parties of a run agree on. In most runs it is [#USUAL]; in the others each term is
/// drawn for itself, by a stream of chance of its own: the faults of a plan are the same under any
/// terms.
///
/// @param proof how clients prove who they are
/// @param rfc5723 whether sessions are resumed in two round trips (RFC 5723), not in one
/// @param fragmentSize octets of the largest packet with a protected message, RFC 7383
public record Terms(
        Proof proof, String ikeSuite, String espSuite, boolean rfc5723, int fragmentSize) {
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
            new Terms(Proof.PRE_SHARED_KEY, USUAL_IKE_SUITE, USUAL_ESP_SUITE, false, USUAL_SIZE);

    /// Of a thousand runs those under the usual terms; of the others those where a term is another.
    private static final int AS_USUAL = 600;

    private static final int ANOTHER = 350;

    /// The one way of resuming in which an IKE_AUTH follows that might go to AAA.
    private static final int RFC_5723_WITH_EAP = 500;

    static Terms of(long seed) {
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
                dice.permille(ANOTHER) ? dice.between(300, 700) : USUAL_SIZE);
    }

    /// Whether IKE_INTERMEDIATE brings a second key exchange (RFC 9370).
    public boolean isHybrid() {
        return ikeSuite.endsWith(HYBRID);
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
                + "\n";
    }
}
