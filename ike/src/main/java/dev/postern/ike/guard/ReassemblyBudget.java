package dev.postern.ike.guard;

import dev.postern.ike.Now;
import dev.postern.ike.sa.Reassembly;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Bounds what all incomplete messages of an endpoint take together. What is oldest goes first: who
/// floods displaces itself, and who is displaced sends its fragments again.
public final class ReassemblyBudget {
    /// How long fragments are kept (RFC 7383 section 2.6: as long as a sender would go on).
    static final long LIFETIME_NANOS = 30 * Now.NANOS_PER_SECOND;

    private final long limit;
    private final Map<Reassembly, Long> costs = new LinkedHashMap<>();
    private long held;

    public ReassemblyBudget(long limit) {
        this.limit = limit;
    }

    /// Octets that incomplete messages take now.
    public long held() {
        return held;
    }

    /// Notes what a message takes now, and makes room for it.
    public void charge(Reassembly reassembly, long nowNanos) {
        Long before = costs.put(reassembly, reassembly.cost());
        held += reassembly.cost() - (before == null ? 0 : before);
        Iterator<Map.Entry<Reassembly, Long>> oldest = costs.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Reassembly, Long> entry = oldest.next();
            boolean expired = nowNanos - entry.getKey().startedAt() > LIFETIME_NANOS;
            if (!expired && held <= limit) {
                return;
            }
            entry.getKey().discard();
            held -= entry.getValue();
            oldest.remove();
        }
    }

    public void release(Reassembly reassembly) {
        Long cost = costs.remove(reassembly);
        held -= cost == null ? 0 : cost;
    }
}
