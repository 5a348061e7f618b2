package dev.postern.sim.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.sim.Checker;
import dev.postern.sim.Checkers;
import dev.postern.sim.PlanMaker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Each claim is broken by a mutated build within a stated number of seeds, and by no seed of the
/// build as it is (`SwarmTest` runs them all).
class CheckersCanFailTest {
    private static final String CLUSTER = "dev.postern.cluster.";
    private static final String IKE = "dev.postern.ike.";

    /// Which runs a mutant is looked for in ([PlanMaker]).
    enum Runs {
        ORDINARY(0),
        WANDERING(0),
        HOT(PlanMaker.FIRST_HOT),
        LOOSE(PlanMaker.FIRST_LOOSE),
        CLUSTERED(PlanMaker.FIRST_CLUSTERED);

        private final long first;

        Runs(long first) {
            this.first = first;
        }

        /// @param n 1 for the first
        long seed(long n) {
            return this == WANDERING ? -n : first + n;
        }
    }

    /// A production build that was changed in one place.
    ///
    /// @param claim the claim that the build must break
    /// @param seeds within which it has to be caught
    record Mutant(String claim, int seeds, Runs runs, Mutation mutation) {
        Mutant(String claim, int seeds, Mutation mutation) {
            this(claim, seeds, Runs.ORDINARY, mutation);
        }

        @Override
        public String toString() {
            return claim + ", where " + mutation;
        }
    }

    static Stream<Mutant> mutants() {
        return Stream.of(
                new Mutant(
                        "no (key, nonce) seals twice",
                        1,
                        Mutation.body(
                                "dev.postern.crypto.IvPrefix",
                                "iv",
                                "the IV counter stands still",
                                code -> code.lconst_0().lreturn())),
                new Mutant(
                        "one request revives a session once",
                        100,
                        Mutation.body(
                                IKE + "exchange.SaTable",
                                "byFirstMessageSpi",
                                "a first message is never recognized",
                                CheckersCanFailTest::returnNull)),
                new Mutant(
                        "only what serves carries packets",
                        60,
                        Mutation.body(
                                IKE + "failover.Auxiliary",
                                "holdsBack",
                                "a session that stands by is used at once",
                                code -> code.iconst_0().ireturn())),
                new Mutant(
                        "switch counts rise",
                        200,
                        Runs.WANDERING,
                        Mutation.result(
                                IKE + "exchange.AuthenticRequest",
                                "judgeSession",
                                "isEstablished",
                                "the switch count of a confirmed IKE SA is not compared",
                                0)),
                new Mutant(
                        "no ESP sequence number is delivered twice",
                        20,
                        Mutation.body(
                                "dev.postern.esp.ReplayWindow",
                                "accepts",
                                "the replay window accepts everything",
                                CheckersCanFailTest::returnTrue)),
                new Mutant(
                        "inner packets arrive as they were sent",
                        1,
                        Mutation.body(
                                "dev.postern.esp.InnerPacket",
                                "length",
                                "packets are cut short",
                                code -> code.loadConstant(40).ireturn())),
                new Mutant(
                        "no secret in a datagram",
                        20,
                        Mutation.body(
                                "dev.postern.crypto.AesGcm",
                                "seal",
                                "tickets are not sealed",
                                CheckersCanFailTest::returnCopyOfText)),
                new Mutant(
                        "the SAD mirrors the Child SAs",
                        5,
                        Mutation.omission(
                                IKE + "exchange.ChildSas",
                                "end",
                                "add",
                                "an IKE SA that ends leaves its Child SAs behind")),
                new Mutant(
                        "no traffic to an unproven peer",
                        200,
                        Mutation.body(
                                IKE + "sa.SharedKeyAuthentication",
                                "verify",
                                "AUTH is not compared",
                                CheckersCanFailTest::returnTrue)),
                new Mutant(
                        "no ping-pong beyond the bound",
                        100,
                        Mutation.body(
                                IKE + "failover.RetryPolicy",
                                "wait",
                                "a client does not wait between its rounds",
                                code -> code.lconst_1().lreturn())),
                new Mutant(
                        "half-open state stays bounded",
                        200,
                        Mutation.body(
                                IKE + "exchange.Admission",
                                "ofFullExchange",
                                "everybody is admitted",
                                CheckersCanFailTest::returnTrue)),
                new Mutant(
                        "no inner address at two clients",
                        5,
                        Mutation.body(
                                CLUSTER + "PoolLeases",
                                "nextFree",
                                "every session is given the same address",
                                CheckersCanFailTest::returnOneAddress)),
                clustered(
                        "a cluster gives no inner address twice",
                        Mutation.body(
                                CLUSTER + "PoolLeases",
                                "nextFree",
                                "every gateway gives the same address",
                                CheckersCanFailTest::returnOneAddress)),
                clustered(
                        "one side of a split goes on",
                        Mutation.body(
                                CLUSTER + "Electorate",
                                "elects",
                                "every side of a split goes on",
                                CheckersCanFailTest::returnTrue)),
                clustered(
                        "each owner has an epoch of its own",
                        Mutation.body(
                                CLUSTER + "Fields",
                                "number",
                                "epochs are not read",
                                code -> code.lload(2).lreturn())),
                clustered(
                        "a client moves no more often than its bound",
                        Mutation.body(
                                IKE + "failover.Calm",
                                "mayMoveAt",
                                "a client moves whenever it wants to",
                                code -> code.lconst_0().lreturn())),
                new Mutant(
                        "a revoked session is not revived",
                        200,
                        Mutation.result(
                                IKE + "exchange.AuthenticRequest",
                                "judgeSession",
                                "covers",
                                "a ticket is not looked up among the revocations",
                                0)),
                new Mutant(
                        "no internal errors",
                        1,
                        Mutation.body(
                                IKE + "negotiate.IkeSuite",
                                "keyExchange",
                                "a suite has no key exchange method",
                                CheckersCanFailTest::returnNull)),
                new Mutant(
                        "after healing everybody is connected",
                        20,
                        Mutation.body(
                                IKE + "failover.Course",
                                "onSilent",
                                "a client never leaves a silent gateway",
                                CodeBuilder::return_)),
                hot(
                        "no session is lost by a hot takeover",
                        Mutation.body(
                                "dev.postern.sim.StandbyShelf",
                                "records",
                                "the standby has kept nothing",
                                CheckersCanFailTest::returnNothing)),
                hot(
                        "no (key, nonce) seals twice",
                        Mutation.body(
                                "dev.postern.crypto.IvPrefix",
                                "iv",
                                "IVs name neither member nor epoch",
                                code -> code.lload(1).lreturn())),
                hot(
                        "no ESP sequence number is delivered twice",
                        Mutation.body(
                                IKE + "exchange.SequenceLeap",
                                "of",
                                "replay counters do not leap",
                                code -> code.lconst_0().lreturn())),
                new Mutant(
                        "no client moves to a gateway outside its domain",
                        20,
                        Runs.LOOSE,
                        Mutation.body(
                                IKE + "voucher.VoucherAnchor",
                                "hasSigned",
                                "a voucher's signer is not looked at",
                                CheckersCanFailTest::returnTrue)),
                strangers(
                        Mutation.body(
                                "dev.postern.voucher.VoucherReader",
                                "verifies",
                                "a voucher's signature is not verified",
                                CheckersCanFailTest::returnTrue)),
                strangers(
                        Mutation.result(
                                IKE + "voucher.VoucherChain",
                                "judgeLinks",
                                "contains",
                                "a voucher for one gateway is good for any",
                                1)),
                strangers(
                        Mutation.result(
                                IKE + "voucher.VoucherChain",
                                "judgeLinks",
                                "equals",
                                "a voucher's domain is not compared",
                                1)),
                strangers(
                        Mutation.body(
                                IKE + "voucher.Voucher",
                                "expiresAt",
                                "vouchers do not expire",
                                code -> code.loadConstant(4_000_000_000L).lreturn())),
                new Mutant(
                        "no (key, nonce) seals twice",
                        5,
                        Runs.WANDERING,
                        Mutation.emptied(
                                "dev.postern.ticket.SealedTickets",
                                "derive",
                                "copyOfRange",
                                16,
                                "a ticket's salt is left out of its key")),
                new Mutant(
                        "time goes on",
                        5,
                        Runs.ORDINARY,
                        Mutation.body(
                                IKE + "failover.FailoverClient",
                                "nextDeadline",
                                "a client's deadline never passes",
                                code -> code.lconst_0().lreturn())));
    }

    private static Mutant strangers(Mutation mutation) {
        return new Mutant(
                "no client moves to a gateway outside its domain", 60, Runs.LOOSE, mutation);
    }

    private static Mutant clustered(String claim, Mutation mutation) {
        return new Mutant(claim, 40, Runs.CLUSTERED, mutation);
    }

    private static Mutant hot(String claim, Mutation mutation) {
        return new Mutant(claim, 20, Runs.HOT, mutation);
    }

    private static void returnNothing(CodeBuilder code) {
        ClassDesc list = ClassDesc.of("java.util.List");
        code.invokestatic(list, "of", MethodTypeDesc.of(list), true).areturn();
    }

    /// Of `AesGcm.seal(key, nonce, aad, plaintext)`.
    private static final int PLAINTEXT = 3;

    private static void returnTrue(CodeBuilder code) {
        code.iconst_1().ireturn();
    }

    private static void returnNull(CodeBuilder code) {
        code.aconst_null().areturn();
    }

    private static void returnOneAddress(CodeBuilder code) {
        ClassDesc address = ClassDesc.of("java.net.InetAddress");
        code.ldc("10.77.0.2")
                .invokestatic(
                        address, "ofLiteral", MethodTypeDesc.of(address, ConstantDescs.CD_String))
                .areturn();
    }

    private static void returnCopyOfText(CodeBuilder code) {
        ClassDesc octets = ConstantDescs.CD_byte.arrayType();
        code.aload(PLAINTEXT)
                .invokevirtual(octets, "clone", MethodTypeDesc.of(ConstantDescs.CD_Object))
                .checkcast(octets)
                .areturn();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void aMutatedBuildIsCaught(Mutant mutant) {
        MutatedBuild build = new MutatedBuild(mutant.mutation());
        LongFunction<String> simulator = build.entrance(RunSeed.class);
        Set<String> broken = new TreeSet<>();
        for (long n = 1; n <= mutant.seeds() && !broken.contains(mutant.claim()); n++) {
            long seed = mutant.runs().seed(n);
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
