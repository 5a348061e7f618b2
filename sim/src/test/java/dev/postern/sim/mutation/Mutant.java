package dev.postern.sim.mutation;

import dev.postern.sim.Family;

/// A production build that was changed in one place.
///
/// @param claim the claim that the build must break
/// @param first number of the seed at which the search begins: later than 1 where what shows the
///   claim is rare
/// @param seeds within which it has to be caught
/// @param runs in which it is looked for
record Mutant(String claim, int first, int seeds, Family runs, Mutation mutation) {
    Mutant(String claim, int seeds, Family runs, Mutation mutation) {
        this(claim, 1, seeds, runs, mutation);
    }

    Mutant(String claim, int seeds, Mutation mutation) {
        this(claim, seeds, Family.ORDINARY, mutation);
    }

    @Override
    public String toString() {
        return claim + ", where " + mutation;
    }
}
