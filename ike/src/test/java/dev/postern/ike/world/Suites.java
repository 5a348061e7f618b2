package dev.postern.ike.world;

import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.SuiteNames;

import java.util.Arrays;
import java.util.List;

/// Algorithms and policies of the tests.
public final class Suites {
    public static final List<IkeSuite> IKE_DEFAULT = ike("aes256gcm16-prfsha384-x25519");
    public static final List<EspSuite> ESP_DEFAULT = esp("aes256gcm16");
    public static final long LIFETIME_SECONDS = 3600;
    public static final ResumptionPolicy BOTH_PROTOCOLS =
            new ResumptionPolicy(
                    true, true, LIFETIME_SECONDS, KeyExchangeInResume.NEVER, Rfc5723Auth.BOTH);
    public static final ResumptionPolicy ONE_ROUND_TRIP =
            new ResumptionPolicy(
                    true, false, LIFETIME_SECONDS, KeyExchangeInResume.NEVER, Rfc5723Auth.RFC);
    public static final ResumptionPolicy ONE_ROUND_TRIP_WITH_KE =
            new ResumptionPolicy(
                    true, false, LIFETIME_SECONDS, KeyExchangeInResume.REQUIRED, Rfc5723Auth.RFC);
    public static final ResumptionPolicy RFC_5723 =
            new ResumptionPolicy(
                    false, true, LIFETIME_SECONDS, KeyExchangeInResume.NEVER, Rfc5723Auth.RFC);

    private Suites() {}

    public static List<IkeSuite> ike(String... names) {
        return Arrays.stream(names).map(SuiteNames::ikeSuite).toList();
    }

    public static List<EspSuite> esp(String... names) {
        return Arrays.stream(names).map(SuiteNames::espSuite).toList();
    }
}
