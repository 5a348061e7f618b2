package dev.postern.sim.mutation;

import dev.postern.sim.PlanMaker;

/// A production build that was changed in one place.
///
/// @param claim the claim that the build must break
/// @param seeds within which it has to be caught
record Mutant(String claim, int seeds, Runs runs, Mutation mutation) {
    /// Which runs a mutant is looked for in ([PlanMaker]).
    enum Runs {
        ORDINARY(0),
        WANDERING(0),
        HOT(PlanMaker.FIRST_HOT),
        LOOSE(PlanMaker.FIRST_LOOSE),
        CLUSTERED(PlanMaker.FIRST_CLUSTERED),
        CONTENDED(PlanMaker.FIRST_CONTENDED);

        private final long first;

        Runs(long first) {
            this.first = first;
        }

        /// @param n 1 for the first
        long seed(long n) {
            return this == WANDERING ? -n : first + n;
        }
    }

    Mutant(String claim, int seeds, Mutation mutation) {
        this(claim, seeds, Runs.ORDINARY, mutation);
    }

    @Override
    public String toString() {
        return claim + ", where " + mutation;
    }
}
