package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.sa.ChildSa;

import org.jspecify.annotations.Nullable;

/// A Child SA of an IKE SA, and where it stands. Owned by its [ChildSas].
final class HeldChildSa {
    /// What is to become of it.
    enum Standing {
        /// In use.
        LIVE,
        /// A successor stands; this one waits for the Delete of whoever made the successor (RFC
        /// 7296 section 2.8).
        REPLACED,
        /// Our Delete is under way or waits for its turn.
        DELETING,
        /// Deleted by both peers after a rekeying; packets that are still on their way are opened
        /// for a moment.
        LINGERING
    }

    /// 0 in [#replaces]: it replaces none.
    static final int NONE = 0;

    private final ChildSa child;
    private final int replaces;
    private Standing standing = Standing.LIVE;
    private boolean sealing;
    private long rekeyAt = Long.MAX_VALUE;
    private long endsAt = Long.MAX_VALUE;
    private @Nullable FurtherChildSa further;
    private @Nullable SelectorPolicy wish;
    private @Nullable SecretBytes keys;
    private long lastOutbound;
    private long highestInbound;
    private int doubt;

    /// @param replaces inbound SPI of the Child SA that this one rekeys
    HeldChildSa(ChildSa child, int replaces) {
        this.child = child;
        this.replaces = replaces;
    }

    /// What its client is configured to have, beside its first one; null for any other.
    @Nullable FurtherChildSa further() {
        return further;
    }

    void serve(@Nullable FurtherChildSa wanted) {
        further = wanted;
    }

    /// The selectors that it is rekeyed with: its own, or what a changed policy wants.
    SelectorPolicy wish(boolean client) {
        return wish == null ? SelectorPolicy.of(child, client) : wish;
    }

    /// Its successor is to have these selectors.
    void become(SelectorPolicy selectors) {
        wish = selectors;
    }

    /// Whether its successor is to differ from it.
    boolean becomesAnother() {
        return wish != null;
    }

    /// Inbound | outbound key material, where it is kept for a standby.
    @Nullable SecretBytes keys() {
        return keys;
    }

    void keep(SecretBytes material) {
        keys = material;
    }

    void wipe() {
        if (keys != null) {
            keys.close();
        }
    }

    /// The last sequence number that is known to be sealed.
    long lastOutbound() {
        return lastOutbound;
    }

    /// The highest sequence number that is known to be opened.
    long highestInbound() {
        return highestInbound;
    }

    /// Whether it opens nothing any more, here and at whoever carries on after us.
    boolean isClosed() {
        return highestInbound >= SequenceLeap.CLOSED;
    }

    void noteSequences(long outbound, long inbound) {
        lastOutbound = Math.max(lastOutbound, outbound);
        if (inbound > highestInbound) {
            highestInbound = inbound;
            doubt = 0;
        }
    }

    /// The peer may have leapt beyond the highest number that is known to be opened.
    ///
    /// @param takeovers by how many more whoever carries on with it has to leap
    void doubtInbound(int takeovers) {
        doubt = takeovers;
    }

    /// By how many takeovers more whoever carries on with it has to leap; 0 once a packet of the
    /// peer has told where it is.
    int doubt() {
        return doubt;
    }

    ChildSa child() {
        return child;
    }

    int inboundSpi() {
        return child.inboundSpi();
    }

    int replaces() {
        return replaces;
    }

    Standing standing() {
        return standing;
    }

    boolean isLive() {
        return standing == Standing.LIVE;
    }

    /// Whether packets go out under it.
    boolean isSealing() {
        return sealing;
    }

    void beginSealing() {
        sealing = true;
    }

    void stand(Standing next) {
        standing = next;
        rekeyAt = Long.MAX_VALUE;
    }

    /// Monotonic nanoseconds.
    long rekeyAt() {
        return rekeyAt;
    }

    /// When it ends whatever happens; monotonic nanoseconds.
    long endsAt() {
        return endsAt;
    }

    void rekeyAt(long instant) {
        rekeyAt = instant;
    }

    void endAt(long instant) {
        endsAt = instant;
    }
}
