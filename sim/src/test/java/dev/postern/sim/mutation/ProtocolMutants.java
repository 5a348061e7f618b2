package dev.postern.sim.mutation;

import dev.postern.sim.Family;

import java.lang.classfile.CodeBuilder;
import java.util.Set;
import java.util.stream.Stream;

/// Mutated builds that break what one client and one gateway owe each other.
final class ProtocolMutants {
    private static final String IKE = "dev.postern.ike.";

    static final Mutation REPLAY_WINDOW =
            Mutation.body(
                    "dev.postern.esp.ReplayWindow",
                    "accepts",
                    "the replay window accepts everything",
                    Bodies::returnTrue);

    private ProtocolMutants() {}

    static Stream<Mutant> all() {
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
                                        "byFirstRequest",
                                        "a first message is never recognized",
                                        Bodies::returnNull)
                                .and(
                                        Mutation.body(
                                                IKE + "exchange.AuthenticRequest",
                                                "isAttemptedAgain",
                                                "nor by its session and SPI",
                                                code -> code.iconst_0().ireturn()))),
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
                        Family.WANDERING,
                        Mutation.result(
                                IKE + "exchange.AuthenticRequest",
                                "judgeFreshness",
                                "isEstablished",
                                "the switch count of a confirmed IKE SA is not compared",
                                0)),
                new Mutant(
                        "switch counts rise",
                        100,
                        Family.WANDERING,
                        Mutation.body(
                                "dev.postern.ticket.store.StoredSession",
                                "raised",
                                "the store lets a switch count through without keeping it",
                                code -> code.aload(0).areturn())),
                new Mutant("no ESP sequence number is delivered twice", 20, REPLAY_WINDOW),
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
                                Bodies::returnCopyOfText)),
                new Mutant(
                        "no secret in a datagram",
                        5,
                        Mutation.body(
                                "dev.postern.ticket.TgsKey",
                                "spi",
                                "a TGS key is named by its own first octets",
                                Bodies::returnStartOfSecret)),
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
                                Bodies::returnTrue)),
                new Mutant(
                        "no traffic to an unproven peer",
                        200,
                        Mutation.body(
                                "dev.postern.esp.EspSaParameters",
                                "standing",
                                "a provisional SA seals at once",
                                Bodies::returnConfirmed)),
                new Mutant(
                        "a client sends from its own inner address only",
                        60,
                        Mutation.body(
                                "dev.postern.esp.InboundSa",
                                "allows",
                                "inner packets are not held against the selectors",
                                Bodies::returnTrue)),
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
                                Bodies::returnTrue)),
                new Mutant(
                        "a revoked session is not revived",
                        200,
                        Mutation.result(
                                IKE + "exchange.RevokedCertificates",
                                "refusalOf",
                                "covers",
                                "a ticket is not looked up among the revocations",
                                0)),
                new Mutant(
                        "who can resume tries that first",
                        20,
                        Mutation.body(
                                IKE + "failover.HeldSession",
                                "canResume",
                                "a client knows nothing of its ticket",
                                code -> code.iconst_0().ireturn())),
                new Mutant(
                        "what a later version has added is kept",
                        400,
                        Mutation.emptyList(
                                IKE + "sa.EstablishedSession",
                                "of",
                                "unknownPayloads",
                                "a resume leaves out what it does not know")),
                new Mutant(
                        "what a later version has added is kept",
                        200,
                        Mutation.emptyList(
                                IKE + "exchange.StandbySnapshot",
                                "of",
                                "unknown",
                                "a takeover leaves out what it does not know")),
                new Mutant(
                        "a resume asks nothing of AAA",
                        200,
                        Mutation.nothing(
                                IKE + "exchange.AuthResponder",
                                "onPayloads",
                                Set.of("resumed", "find"),
                                "EAP proves who resumes as well")),
                new Mutant(
                        "no internal errors",
                        1,
                        Mutation.body(
                                IKE + "negotiate.IkeSuite",
                                "keyExchange",
                                "a suite has no key exchange method",
                                Bodies::returnNull)),
                new Mutant(
                        "after healing everybody is connected",
                        20,
                        Mutation.body(
                                IKE + "failover.Course",
                                "onSilent",
                                "a client never leaves a silent gateway",
                                CodeBuilder::return_)),
                new Mutant(
                        "no (key, nonce) seals twice",
                        5,
                        Family.WANDERING,
                        Mutation.emptied(
                                "dev.postern.ticket.SealedTickets",
                                "derive",
                                "copyOfRange",
                                16,
                                "a ticket's salt is left out of its key")),
                new Mutant(
                        "time goes on",
                        5,
                        Family.ORDINARY,
                        Mutation.body(
                                IKE + "failover.FailoverClient",
                                "nextDeadline",
                                "a client's deadline never passes",
                                code -> code.lconst_0().lreturn())));
    }
}
