package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.Now;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;

/// A peer whose signature verified and whose path is trusted waits for news of revocation; silence
/// until `expiresAt` is no news. Retransmissions of its message are passed over meanwhile.
record AwaitingRevocation(
        CertificateProof proof,
        CertificatePolicy policy,
        IkeSaState before,
        Continuation continuation,
        long expiresAt)
        implements IkeSaState, AwaitingAnswer {
    /// What goes on once revocation is judged.
    @FunctionalInterface
    interface Continuation {
        void resume(Turn turn, IkeSa sa, CertificateProof.Outcome outcome);
    }

    /// Goes on at once where nothing is open, else asks first.
    static void settle(
            Turn turn,
            IkeSa sa,
            CertificateProof proof,
            CertificatePolicy policy,
            Continuation continuation) {
        RevocationSources sources = policy.sources();
        if (proof.open() == null || sources == null) {
            continuation.resume(turn, sa, new CertificateProof.Outcome.Proven(proof));
            return;
        }
        Ask.LookUpRevocation question = proof.question(turn, sources);
        long patience = Ask.REVOCATION_PATIENCE_SECONDS * Now.NANOS_PER_SECOND;
        sa.enter(
                turn,
                new AwaitingRevocation(
                        proof, policy, sa.state(), continuation, turn.now().nanos() + patience));
        turn.ask(sa, question);
    }

    /// What goes on at the responder.
    @FunctionalInterface
    interface Settled {
        void resume(Turn turn, boolean refused);
    }

    /// The same for the proof of a peer that may have come without a certificate.
    static void settle(Turn turn, IkeSa sa, PeerProof proof, Settled settled) {
        CertificateProof certificate = proof.certificate();
        CertificatePolicy policy = proof.profile().certificates();
        if (certificate == null || policy == null) {
            settled.resume(turn, false);
            return;
        }
        settle(
                turn,
                sa,
                certificate,
                policy,
                (later, _, outcome) -> settled.resume(later, outcome.isRefused(later)));
    }

    /// Whether a stranger's IKE SA waits, and counts as half open.
    boolean isHalfOpen() {
        return before instanceof HalfOpen;
    }

    @Override
    public void onAnswer(Turn turn, IkeSa sa, Answer answer) {
        RevocationEvidence found = RevocationEvidence.NONE;
        if (answer instanceof Answer.RevocationFound(RevocationEvidence evidence)) {
            found = evidence;
        } else {
            answer.discard();
        }
        sa.enter(turn, before);
        continuation.resume(turn, sa, proof.settle(turn, policy, found));
    }

    /// Nothing came in time.
    void onSilence(Turn turn, IkeSa sa) {
        sa.forgetAnswer(turn);
        onAnswer(turn, sa, new Answer.RevocationFound(RevocationEvidence.NONE));
    }

    @Override
    public void wipe() {
        before.wipe();
    }
}
