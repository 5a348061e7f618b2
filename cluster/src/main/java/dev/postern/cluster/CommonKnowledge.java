package dev.postern.cluster;

import dev.postern.ticket.Revocation;
import dev.postern.ticket.RevocationText;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TgsKeyRing;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What all members of a secure domain are to know, at every site: revocations and TGS keys. Each
/// keeps them for itself too, so that any of them can begin alone; what one has and the others do
/// not is said, and what is heard is kept:
///
///     revocation/NAME   one line of a list of revocations, the latest of its subject
///     tgs-keys          a file of keys, the union of all members'
///     tgs-key-end/SPI   when a key has ended
///
/// The end of a key outlives the key, for a member that was away may come back with it as it was.
/// Single-threaded; without I/O of its own.
public final class CommonKnowledge {
    /// What names of words about revocations begin with.
    public static final String REVOCATION = "revocation/";

    public static final String TGS_KEYS = "tgs-keys";
    private static final String TGS_KEY_END = "tgs-key-end/";
    private static final int END = 1;

    /// How long the end of a key is known.
    private static final long ENDS_KEPT_SECONDS = 366L * 86_400;

    private static final int LEAST_SECONDS = 60;

    /// What the members say to each other: of each name the last word.
    public interface Words {
        /// Null where nobody has said anything.
        byte @Nullable [] get(String name);

        void put(String name, byte[] value);

        /// @param seconds for which it is worth knowing
        void put(String name, byte[] value, long seconds);
    }

    /// What one member keeps for itself.
    public interface Own {
        List<Revocation> revocations();

        /// Another one has revoked this.
        void learn(Revocation revocation);

        /// Null where this member has none, or they cannot be read now.
        @Nullable TgsKeyRing keys();

        /// @return whether they are kept
        boolean replaceKeys(TgsKeyRing keys);

        /// Another one has said a revocation that is not understood.
        void notUnderstood(String revocation);
    }

    private final Words words;
    private final Own own;
    private final long keptForSeconds;
    private final SharedRevocations revocations = new SharedRevocations();

    /// @param keptForSeconds how long a revocation is worth knowing
    public CommonKnowledge(Words words, Own own, long keptForSeconds) {
        this.words = words;
        this.own = own;
        this.keptForSeconds = keptForSeconds;
    }

    /// Another member has said this.
    ///
    /// @param nowSeconds since 1970, here as elsewhere
    public void heard(String name, byte[] value, long nowSeconds) {
        if (name.startsWith(REVOCATION)) {
            learn(value);
        } else if (name.equals(TGS_KEYS)) {
            reconcileKeys(nowSeconds);
        }
    }

    private void learn(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (RevocationText.parse(text)
                instanceof RevocationText.Parsed.Valid(List<Revocation> one)) {
            for (Revocation revocation : one) {
                if (revocations.learn(revocation)) {
                    own.learn(revocation);
                } else {
                    // A site that has begun anew was not believed, and is told what it had said.
                    publish(revocations.known(revocation));
                }
            }
        } else {
            own.notUnderstood(text.strip());
        }
    }

    /// Says what this member has and the others may not: after it has come to them, or they to it.
    public void reconcile(long nowSeconds) {
        own.revocations().forEach(this::publish);
        reconcileKeys(nowSeconds);
    }

    /// Says a revocation of ours, where the others do not know it or an earlier one of its subject.
    public void publish(Revocation revocation) {
        String name = REVOCATION + SharedRevocations.name(revocation);
        byte[] known = words.get(name);
        revocations.learn(revocation);
        if (known == null || instantOf(known) < revocation.instant()) {
            words.put(
                    name,
                    RevocationText.write(List.of(revocation)).getBytes(StandardCharsets.UTF_8),
                    Math.max(LEAST_SECONDS, keptForSeconds));
        }
    }

    private static long instantOf(byte[] line) {
        return RevocationText.parse(new String(line, StandardCharsets.UTF_8))
                                instanceof RevocationText.Parsed.Valid(List<Revocation> one)
                        && !one.isEmpty()
                ? one.getFirst().instant()
                : Long.MIN_VALUE;
    }

    /// Our keys and the others' become their union.
    public void reconcileKeys(long nowSeconds) {
        TgsKeyRing kept = own.keys();
        if (kept == null) {
            return;
        }
        TgsKeyRing ours = withKnownEnds(kept);
        byte[] said = words.get(TGS_KEYS);
        TgsKeyRing theirs = said == null ? null : parse(said);
        TgsKeyRing union =
                SharedTgsKeys.union(
                        ours, theirs == null ? ours : withKnownEnds(theirs), nowSeconds);
        boolean isNews =
                SharedTgsKeys.isNewsFor(kept, ours) || SharedTgsKeys.isNewsFor(ours, union);
        if (isNews && !own.replaceKeys(union)) {
            return;
        }
        sayEnds(ours, nowSeconds);
        if (theirs == null || SharedTgsKeys.isNewsFor(theirs, union)) {
            words.put(TGS_KEYS, TgsKeyFile.write(union).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /// A ring whose keys have ended where the members know that they have.
    private TgsKeyRing withKnownEnds(TgsKeyRing ring) {
        List<TgsKey> keys = new ArrayList<>(ring.keys().size());
        for (TgsKey key : ring.keys()) {
            byte[] said = words.get(endOf(key));
            Fields end = said == null ? null : Fields.decode(said);
            keys.add(end == null ? key : key.retiredAt(end.number(END, TgsKey.UNLIMITED)));
        }
        return TgsKeyRing.of(keys);
    }

    private void sayEnds(TgsKeyRing ring, long nowSeconds) {
        for (TgsKey key : ring.keys()) {
            if (key.acceptUntil() <= nowSeconds && words.get(endOf(key)) == null) {
                words.put(
                        endOf(key),
                        Fields.empty().with(END, key.acceptUntil()).encode(),
                        ENDS_KEPT_SECONDS);
            }
        }
    }

    private static String endOf(TgsKey key) {
        return TGS_KEY_END + HexFormat.of().toHexDigits(key.spi());
    }

    private static @Nullable TgsKeyRing parse(byte[] said) {
        return TgsKeyFile.parse(new String(said, StandardCharsets.US_ASCII))
                        instanceof TgsKeyFile.Parsed.Valid(TgsKeyRing ring)
                ? ring
                : null;
    }

    /// Drops revocations from before no ticket is good any more.
    public void forget(long nowSeconds) {
        revocations.forget(nowSeconds - keptForSeconds);
    }
}
