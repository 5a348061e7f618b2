package dev.postern.sim;

/// Families of runs. A seed is of the family in whose range it lies.
public enum Family {
    /// Long runs of two gateways whose clients wander between them while an attacker repeats what
    /// he has heard.
    WANDERING(Long.MIN_VALUE, "clients that wander"),
    /// Whatever may go wrong, a few kinds of it in each run.
    ORDINARY(0, "whatever may go wrong"),
    /// Gateways with a hot standby, which fail over again and again while an attacker repeats what
    /// he has heard.
    HOT(1_000_000, "hot standbys"),
    /// A loose cluster, whose gateways call each other's clients while a thief calls them too.
    LOOSE(2_000_000, "loose clusters"),
    /// A cluster whose members crash, come apart, are emptied and taken over, while clients come,
    /// go and move between them.
    CLUSTERED(3_000_000, "clusters"),
    /// A tight cluster, whose members contend for the address that they share, and carry on with
    /// each other's IKE SAs there, while they crash and come apart.
    CONTENDED(4_000_000, "members that contend for a shared address"),
    /// Two sites of one domain, a cluster each, of which one is lost, or cut off and taken for
    /// lost, and is back.
    SITES(5_000_000, "two sites with a bridge between them");

    private final long first;
    private final String about;

    Family(long first, String about) {
        this.first = first;
        this.about = about;
    }

    public static Family of(long seed) {
        Family found = WANDERING;
        for (Family each : values()) {
            found = seed >= each.first ? each : found;
        }
        return found;
    }

    /// Seed number `n` of this family, 1 for the first. Those of clients that wander go down.
    public long seed(long n) {
        return this == WANDERING ? -n : first + n;
    }

    /// What its runs are about, in a few words.
    public String about() {
        return about;
    }
}
