package dev.postern.sim;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// What the network does at the moment: the faults that hold.
final class Conditions {
    private final List<Fault> holding = new ArrayList<>();

    void begin(Fault fault) {
        holding.add(fault);
    }

    void end(Fault fault) {
        holding.remove(fault);
    }

    void clear() {
        holding.clear();
    }

    /// Whether a gateway's datagrams to or from a client are stopped.
    boolean stops(int gateway, int client, boolean towardsClient) {
        for (Fault fault : holding) {
            boolean stopped =
                    switch (fault) {
                        case Fault.Partition p -> meets(p.gateway(), p.client(), gateway, client);
                        case Fault.OneWayLoss p ->
                                p.towardsClient() == towardsClient
                                        && meets(p.gateway(), p.client(), gateway, client);
                        default -> false;
                    };
            if (stopped) {
                return true;
            }
        }
        return false;
    }

    private static boolean meets(int ofGateway, int ofClient, int gateway, int client) {
        return (ofGateway < 0 || ofGateway == gateway) && (ofClient < 0 || ofClient == client);
    }

    int lossPermille() {
        return sum(Fault.Loss.class, fault -> ((Fault.Loss) fault).permille());
    }

    int extraMillis() {
        return sum(Fault.Delay.class, fault -> ((Fault.Delay) fault).extraMillis());
    }

    int duplicationPermille() {
        return sum(Fault.Duplication.class, fault -> ((Fault.Duplication) fault).permille());
    }

    int spreadMillis() {
        return sum(Fault.Reordering.class, fault -> ((Fault.Reordering) fault).spreadMillis());
    }

    boolean poolsAreExhausted() {
        return holding.stream().anyMatch(Fault.PoolsExhausted.class::isInstance);
    }

    /// Why this gateway forwards nothing at the moment, or null.
    Fault.@Nullable UplinkLost uplinkOf(int gateway) {
        for (Fault fault : holding) {
            if (fault instanceof Fault.UplinkLost lost && lost.gateway() == gateway) {
                return lost;
            }
        }
        return null;
    }

    /// The fault that the session store has at the moment, or null.
    Fault.@Nullable SlowStore store() {
        for (Fault fault : holding) {
            if (fault instanceof Fault.SlowStore slow) {
                return slow;
            }
        }
        return null;
    }

    boolean storeMixesUp() {
        return holding.stream().anyMatch(Fault.StoreMixUp.class::isInstance);
    }

    /// The fault that the AAA server has at the moment, or null.
    Fault.@Nullable SlowAaa aaa() {
        for (Fault fault : holding) {
            if (fault instanceof Fault.SlowAaa slow) {
                return slow;
            }
        }
        return null;
    }

    int tamperingPermille() {
        return sum(Fault.Tampering.class, fault -> ((Fault.Tampering) fault).permille());
    }

    int answersDroppedPermille() {
        return sum(Fault.AnswersDropped.class, fault -> ((Fault.AnswersDropped) fault).permille());
    }

    private int sum(Class<? extends Fault> kind, ToIntFunction<Fault> value) {
        int sum = 0;
        for (Fault fault : holding) {
            sum += kind.isInstance(fault) ? value.applyAsInt(fault) : 0;
        }
        return sum;
    }
}
