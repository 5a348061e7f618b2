package dev.postern.sim;

import java.util.ArrayList;
import java.util.List;

/// Everything that decides a run: given the same plan, two runs are the same octet by octet.
///
/// @param safetyMillis how long faults may happen; then everything is healed
/// @param ticketLifetimeSeconds how long tickets are good
/// @param keyExchange whether every resume carries KEi and KEr
/// @param byReference sessions are kept in the gateways' store, and clients hold references
/// @param sites over how many sites the gateways stand in one cluster; 0 where each is on its own
/// @param movesPerHour how often a client moves from one gateway to another at most
/// @param lifetimes how often SAs are rekeyed
/// @param terms what the parties agree on
public record Plan(
        long seed,
        int gateways,
        int clients,
        int safetyMillis,
        int ticketLifetimeSeconds,
        boolean keyExchange,
        boolean byReference,
        int sites,
        int movesPerHour,
        Lifetimes lifetimes,
        Terms terms,
        List<Fault> faults) {
    /// More moves than anybody makes in a run: one has many faults in a minute, and who may move
    /// twenty times in an hour would soon stay where nobody is.
    public static final int MANY_MOVES = 1_000;

    public Plan {
        faults = List.copyOf(faults);
    }

    /// Of gateways on their own under the usual terms, and clients that may move as often as they
    /// like.
    public Plan(
            long seed,
            int gateways,
            int clients,
            int safetyMillis,
            int ticketLifetimeSeconds,
            boolean keyExchange,
            boolean byReference,
            Lifetimes lifetimes,
            List<Fault> faults) {
        this(
                seed,
                gateways,
                clients,
                safetyMillis,
                ticketLifetimeSeconds,
                keyExchange,
                byReference,
                0,
                MANY_MOVES,
                lifetimes,
                Terms.USUAL,
                faults);
    }

    /// Whether the data plane of a client sends from its own addresses alone.
    boolean isHonest(int client) {
        return faults.stream()
                .noneMatch(fault ->
                        fault instanceof Fault.Spoofing spoofing && spoofing.client() == client);
    }

    /// The same without the fault at this index.
    public Plan without(int index) {
        List<Fault> fewer = new ArrayList<>(faults);
        fewer.remove(index);
        return withFaults(fewer);
    }

    public Plan withFaults(List<Fault> others) {
        return with(clients, safetyMillis, others);
    }

    public Plan withClients(int fewer) {
        return with(fewer, safetyMillis, faults);
    }

    public Plan withSafetyMillis(int shorter) {
        return with(clients, shorter, faults);
    }

    /// The same run under other terms.
    public Plan under(Terms others) {
        return new Plan(
                seed,
                gateways,
                clients,
                safetyMillis,
                ticketLifetimeSeconds,
                keyExchange,
                byReference,
                sites,
                movesPerHour,
                lifetimes,
                others,
                faults);
    }

    private Plan with(int newClients, int newSafetyMillis, List<Fault> newFaults) {
        return new Plan(
                seed,
                gateways,
                newClients,
                newSafetyMillis,
                ticketLifetimeSeconds,
                keyExchange,
                byReference,
                sites,
                movesPerHour,
                lifetimes,
                terms,
                newFaults);
    }

    /// One line for the run, one for each fault.
    public String describe() {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(": ");
        text.append(gateways).append(" gateways, ").append(clients).append(" clients, ");
        text.append(safetyMillis / 1000).append(" s with faults, sessions by ");
        text.append(byReference ? "reference" : "value").append(" for ");
        text.append(ticketLifetimeSeconds).append(" s");
        text.append(keyExchange ? ", resumes with KE\n" : "\n");
        if (sites > 0) {
            text.append("  the gateways are a cluster over ").append(sites).append(" site");
            text.append(sites == 1 ? "\n" : "s\n");
        }
        if (movesPerHour < MANY_MOVES) {
            text.append("  a client moves ").append(movesPerHour).append(" times an hour\n");
        }
        if (Domain.auxiliary(seed).sessions() > 0) {
            text.append("  clients hold a session ready at another gateway\n");
        }
        text.append(terms.describe());
        text.append(lifetimes.describe());
        faults.forEach(fault -> text.append("  ").append(fault.describe()).append('\n'));
        return text.toString();
    }
}
