package dev.postern.sim.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.sim.Checker;
import dev.postern.sim.Checkers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.classfile.CodeBuilder;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Each claim is broken by a mutated build within a stated number of seeds, and by no seed of the
/// build as it is (`SwarmTest` runs them all).
class CheckersCanFailTest {
    static Stream<Mutant> mutants() {
        return Stream.concat(ProtocolMutants.all(), DomainMutants.all());
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void aMutatedBuildIsCaught(Mutant mutant) {
        MutatedBuild build = new MutatedBuild(mutant.mutation());
        LongFunction<String> simulator = build.entrance(RunSeed.class);
        Set<String> broken = new TreeSet<>();
        for (int n = 0; n < mutant.seeds() && !broken.contains(mutant.claim()); n++) {
            long seed = mutant.runs().seed(mutant.first() + n);
            String claim = simulator.apply(seed);
            if (!claim.isEmpty()) {
                broken.add(claim);
                if (claim.equals(mutant.claim())) {
                    System.out.println(mutant + ": caught by seed " + seed);
                }
            }
        }
        assertThat(build.isApplied()).as("the class %s is there", mutant).isTrue();
        assertThat(broken).as("claims that broke").contains(mutant.claim());
    }

    @Test
    void everyClaimHasItsMutant() {
        Set<String> claims =
                Checkers.all().stream().map(Checker::claim).collect(Collectors.toSet());
        claims.addAll(Checkers.OF_THE_RUN);
        assertThat(mutants().map(Mutant::claim)).containsAll(claims);
        assertThat(mutants().map(Mutant::toString)).doesNotHaveDuplicates();
    }

    @Test
    void aMutationOfCodeThatIsGoneFailsLoudly() {
        Mutation gone =
                Mutation.body(
                        "dev.postern.crypto.IvPrefix",
                        "ivOfYesterday",
                        "nothing",
                        CodeBuilder::return_);
        assertThatThrownBy(() -> new MutatedBuild(gone).entrance(RunSeed.class).apply(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing to mutate in dev.postern.crypto.IvPrefix");
    }
}
