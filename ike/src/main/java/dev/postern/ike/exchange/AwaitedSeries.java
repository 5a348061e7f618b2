package dev.postern.ike.exchange;

import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Now;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.List;

/// A series of key exchanges at its responder, RFC 9370 section 2.2.4: CREATE_CHILD_SA is answered,
/// and the peer's next IKE_FOLLOWUP_KE is awaited, for a while. Nothing is installed yet.
final class AwaitedSeries implements AutoCloseable {
    /// Section 2.2.4 finds 5 to 20 seconds appropriate; our own requests may be repeated as long.
    private static final long PATIENCE_NANOS = 20 * Now.NANOS_PER_SECOND;

    private static final int LINK_LENGTH = 8;

    /// What the series makes.
    sealed interface Outcome permits IkeSaRekeyResponder.Agreed, ChildSaResponder.Agreed {
        /// Makes it; what the last answer says beside KEr, perhaps an error.
        List<Payload> complete(Turn turn, IkeSa sa, SharedSecrets secrets);

        /// The last answer is out.
        default void answered(Turn turn, IkeSa sa) {}

        /// Inbound SPI of the Child SA that is rekeyed, or [HeldChildSa#NONE].
        int replacesChild();

        /// Whether the IKE SA itself is rekeyed.
        boolean replacesIkeSa();

        /// Nonces of the CREATE_CHILD_SA exchange.
        byte[] ni();

        byte[] nr();
    }

    private final Outcome outcome;
    private List<KeyExchangeMethod> methods;
    private SharedSecrets secrets;
    private Octets link;
    private long expiresAt;

    /// @param methods what is still to be exchanged, at least one
    /// @param secrets of what is done; taken over
    AwaitedSeries(
            Turn turn, Outcome outcome, List<KeyExchangeMethod> methods, SharedSecrets secrets) {
        this.outcome = outcome;
        this.methods = methods;
        this.secrets = secrets;
        this.link = newLink(turn);
        this.expiresAt = turn.now().nanos() + PATIENCE_NANOS;
    }

    private static Octets newLink(Turn turn) {
        return Octets.of(turn.entropy().octets(LINK_LENGTH));
    }

    Outcome outcome() {
        return outcome;
    }

    /// The method of the exchange that is awaited.
    KeyExchangeMethod method() {
        return methods.getFirst();
    }

    Octets link() {
        return link;
    }

    long expiresAt() {
        return expiresAt;
    }

    /// The awaited exchange is done. Takes its secret over.
    ///
    /// @return whether it was the last
    boolean advance(Turn turn, SecretBytes shared) {
        secrets = secrets.and(shared);
        methods = methods.subList(1, methods.size());
        link = newLink(turn);
        expiresAt = turn.now().nanos() + PATIENCE_NANOS;
        return methods.isEmpty();
    }

    SharedSecrets secrets() {
        return secrets;
    }

    /// Which of two series for the same SA goes on (section 2.2.4).
    Rival<AwaitedSeries> asRival() {
        return Rival.of(this, outcome.ni(), outcome.nr());
    }

    @Override
    public void close() {
        secrets.close();
    }
}
