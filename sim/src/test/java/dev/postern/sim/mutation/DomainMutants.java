package dev.postern.sim.mutation;

import dev.postern.sim.Family;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.stream.Stream;

/// Mutated builds that break what the gateways of a domain owe each other and their clients.
final class DomainMutants {
    private static final String CLUSTER = "dev.postern.cluster.";
    private static final String IKE = "dev.postern.ike.";

    private DomainMutants() {}

    static Stream<Mutant> all() {
        return Stream.of(
                new Mutant(
                        "no inner address at two clients",
                        30,
                        Mutation.body(
                                CLUSTER + "PoolLeases",
                                "nextFree",
                                "every session is given the same address",
                                Bodies::returnOneAddress)),
                new Mutant(
                        "no client is taken for another",
                        60,
                        Mutation.body(
                                "dev.postern.ticket.Session",
                                "authenticatedIdentity",
                                "every session is the first client's",
                                Bodies::returnOneIdentity)),
                clustered(
                        "a cluster gives no inner address twice",
                        Mutation.body(
                                CLUSTER + "PoolLeases",
                                "nextFree",
                                "every gateway gives the same address",
                                Bodies::returnOneAddress)),
                clustered(
                        "one side of a split goes on",
                        Mutation.body(
                                CLUSTER + "Electorate",
                                "elects",
                                "every side of a split goes on",
                                Bodies::returnTrue)),
                clustered(
                        "each owner has an epoch of its own",
                        Mutation.body(
                                CLUSTER + "Fields",
                                "number",
                                "epochs are not read",
                                code -> code.lload(2).lreturn())),
                new Mutant(
                        "a client moves no more often than its bound",
                        200,
                        Family.CLUSTERED,
                        Mutation.body(
                                IKE + "failover.Calm",
                                "mayMoveAt",
                                "a client moves whenever it wants to",
                                code -> code.lconst_0().lreturn())),
                new Mutant(
                        "a standby lets nothing in",
                        20,
                        Family.CONTENDED,
                        Mutation.unwritten(
                                CLUSTER + "StandbyConduct",
                                "standDown",
                                "epoch",
                                "a member that stands down leaves its gate open")),
                contended(
                        Mutation.body(
                                CLUSTER + "StandbyRole",
                                "reasonToEnd",
                                "a member serves on whatever it sees",
                                Bodies::returnNull)),
                contended(
                        Mutation.body(
                                CLUSTER + "StandbyRole",
                                "isOurTurn",
                                "it is never a member's turn once it has served",
                                code ->
                                        code.aload(0)
                                                .getfield(
                                                        ClassDesc.of(CLUSTER + "StandbyRole"),
                                                        "outdated",
                                                        ConstantDescs.CD_boolean)
                                                .iconst_1()
                                                .ixor()
                                                .ireturn())),
                hot(
                        "no session is lost by a hot takeover",
                        Mutation.body(
                                IKE + "exchange.TakeOver",
                                "restore",
                                "no record becomes an IKE SA",
                                code -> code.iconst_0().ireturn())),
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
                        Family.LOOSE,
                        Mutation.body(
                                IKE + "voucher.VoucherAnchor",
                                "hasSigned",
                                "a voucher's signer is not looked at",
                                Bodies::returnTrue)),
                strangers(
                        Mutation.body(
                                "dev.postern.voucher.VoucherReader",
                                "verifies",
                                "a voucher's signature is not verified",
                                Bodies::returnTrue)),
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
                                code -> code.loadConstant(4_000_000_000L).lreturn())));
    }

    private static Mutant strangers(Mutation mutation) {
        return new Mutant(
                "no client moves to a gateway outside its domain", 60, Family.LOOSE, mutation);
    }

    private static Mutant clustered(String claim, Mutation mutation) {
        return new Mutant(claim, 40, Family.CLUSTERED, mutation);
    }

    private static Mutant contended(Mutation mutation) {
        return new Mutant("one member serves the shared addresses", 20, Family.CONTENDED, mutation);
    }

    private static Mutant hot(String claim, Mutation mutation) {
        return new Mutant(claim, 20, Family.HOT, mutation);
    }
}
