package dev.postern.sim.mutation;

import dev.postern.sim.Family;

import java.lang.classfile.CodeBuilder;
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
                        "a ticket's key is at every member that its gateway sees",
                        Mutation.body(
                                CLUSTER + "SharedTgsKeys",
                                "isNewsFor",
                                "nobody tells of the keys that it makes",
                                code -> code.iconst_0().ireturn())),
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
                        "what one member revokes all have revoked in the end",
                        20,
                        Family.SITES,
                        Mutation.body(
                                CLUSTER + "CommonKnowledge",
                                "learn",
                                "nobody keeps what others revoke",
                                CodeBuilder::return_)),
                ofSites(
                        "an address is kept at another site only where its own is fenced",
                        Mutation.body(
                                CLUSTER + "SiteConduct",
                                "isFenced",
                                "every site counts as lost",
                                Bodies::returnTrue)),
                ofSites(
                        "what a site has lost to another it gives to nobody new",
                        Mutation.body(
                                CLUSTER + "LentAddresses",
                                "isElsewhere",
                                "a site takes what it has lost for its own",
                                code -> code.iconst_0().ireturn())),
                new Mutant(
                        "a client moves no more often than its bound",
                        200,
                        Family.CLUSTERED,
                        Mutation.body(
                                IKE + "failover.Calm",
                                "mayMoveAt",
                                "a client moves whenever it wants to",
                                code -> code.lconst_0().lreturn())),
                passive(
                        Mutation.unwritten(
                                CLUSTER + "StandbyConduct",
                                "standDown",
                                "epoch",
                                "a member that stands down leaves its gate open")),
                passive(
                        Mutation.body(
                                CLUSTER + "StandbyConduct",
                                "admits",
                                "a standby's gate is open",
                                Bodies::returnTrue)),
                passive(
                        Mutation.body(
                                IKE + "exchange.StandbyReplication",
                                "standDown",
                                "who stands down keeps its IKE SAs",
                                CodeBuilder::return_)),
                new Mutant(
                        "no (key, nonce) seals twice",
                        20,
                        Family.CONTENDED,
                        Mutation.body(
                                "dev.postern.crypto.IvPrefix",
                                "iv",
                                "IVs do not name the epoch",
                                Bodies::returnIvOfMember)),
                contended(
                        Mutation.body(
                                CLUSTER + "StandbyRole",
                                "reasonToEnd",
                                "a member serves on whatever it sees",
                                Bodies::returnNull)),
                new Mutant(
                        "after healing everybody is connected",
                        1,
                        Family.CONTENDED,
                        Mutation.body(
                                CLUSTER + "StandbyRole",
                                "isOurTurn",
                                "it is never a member's turn",
                                code -> code.iconst_0().ireturn())),
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
                        "no ESP sequence number is delivered twice",
                        201,
                        100,
                        Family.CONTENDED,
                        Mutation.body(
                                CLUSTER + "SessionTakeover",
                                "isOutdated",
                                "a member that was away trusts its records",
                                code -> code.iconst_0().ireturn())),
                new Mutant(
                        "no client moves to a gateway outside its domain",
                        20,
                        Family.LOOSE,
                        Mutation.body(
                                IKE + "voucher.VoucherAnchor",
                                "hasSigned",
                                "a voucher's signer is not looked at",
                                Bodies::returnTrue)),
                new Mutant(
                        "only a lost member's clients are called, by its one successor",
                        60,
                        Family.LOOSE,
                        Mutation.body(
                                CLUSTER + "LooseConduct",
                                "isBack",
                                "who is back stays lost",
                                CodeBuilder::return_)),
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

    private static Mutant ofSites(String claim, Mutation mutation) {
        return new Mutant(claim, 40, Family.SITES, mutation);
    }

    private static Mutant passive(Mutation mutation) {
        return new Mutant("a standby lets nothing in", 20, Family.CONTENDED, mutation);
    }

    private static Mutant contended(Mutation mutation) {
        return new Mutant("one member serves the shared addresses", 20, Family.CONTENDED, mutation);
    }

    private static Mutant hot(String claim, Mutation mutation) {
        return new Mutant(claim, 20, Family.HOT, mutation);
    }
}
