package dev.postern.sim;

import dev.postern.ike.LifePolicy;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.ike.Lifetime;
import dev.postern.ike.Now;

import java.util.List;
import java.util.Locale;

/// How long SAs live in a run (RFC 7296 section 2.8). In half of the runs nothing is rekeyed; in
/// the others each side rekeys IKE SAs, Child SAs or both every few seconds, in some of them both
/// sides at once, so that requests collide.
///
/// @param gateway what gateways do
/// @param client what clients do
public record Lifetimes(LifePolicy gateway, LifePolicy client) {
    /// Of a thousand runs those with rekeying, and of these those in which requests collide.
    private static final int SHORT_LIVED = 500;

    private static final int COLLIDING = 300;

    /// Lifetimes in a thousand with a hard limit, at which an SA that could not be rekeyed ends.
    private static final int HARD = 500;

    /// Nothing is rekeyed.
    public static final Lifetimes UNLIMITED =
            new Lifetimes(LifePolicy.UNLIMITED, LifePolicy.UNLIMITED);

    static Lifetimes of(long seed) {
        Dice dice = Dice.of(seed, "lives");
        if (!dice.permille(SHORT_LIVED)) {
            return UNLIMITED;
        }
        // Where one side demanded what the other refuses, no Child SA could be rekeyed.
        ChildKeyExchange use = dice.pick(List.of(ChildKeyExchange.values()));
        LifePolicy gateway = policy(dice, use);
        LifePolicy client = policy(dice, use);
        if (dice.permille(COLLIDING)) {
            Lifetime ikeSa = lifetime(dice, 3_000, 9_000, 0);
            Lifetime childSa = lifetime(dice, 2_000, 6_000, 0);
            return new Lifetimes(
                    gateway.withLifetimes(ikeSa, childSa), client.withLifetimes(ikeSa, childSa));
        }
        return new Lifetimes(gateway, client);
    }

    private static LifePolicy policy(Dice dice, ChildKeyExchange use) {
        Lifetime ikeSa = lifetime(dice, 3_000, 15_000, 10);
        Lifetime childSa = lifetime(dice, 2_000, 10_000, 10);
        return LifePolicy.UNLIMITED
                .withLifetimes(
                        dice.permille(300) ? Lifetime.UNLIMITED : ikeSa,
                        dice.permille(300) ? Lifetime.UNLIMITED : childSa)
                .withChildKeyExchange(use);
    }

    /// @param jitterPercent of the lifetime; 0 where both sides shall rekey at the same moment
    private static Lifetime lifetime(Dice dice, int least, int most, int jitterPercent) {
        long nanos = dice.between(least, most) * Now.NANOS_PER_MILLI;
        boolean ends = dice.permille(HARD);
        return new Lifetime(nanos, nanos * jitterPercent / 100, ends ? 2 * nanos : 0, 0, 0, 0, 0);
    }

    /// For the plan's description; empty where nothing is rekeyed.
    String describe() {
        return equals(UNLIMITED)
                ? ""
                : "  gateways rekey " + describe(gateway) + ", clients " + describe(client) + "\n";
    }

    private static String describe(LifePolicy policy) {
        return "IKE SAs "
                + describe(policy.ikeSa())
                + " and Child SAs "
                + describe(policy.childSa());
    }

    private static String describe(Lifetime life) {
        return life.rekeyNanos() == 0
                ? "never"
                : String.format(
                        Locale.ROOT,
                        "after %.1f s%s",
                        life.rekeyNanos() / 1e9,
                        life.hardNanos() == 0 ? "" : " (end at " + life.hardNanos() / 1e9 + " s)");
    }
}
