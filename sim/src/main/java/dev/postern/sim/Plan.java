package dev.postern.sim;

import dev.postern.ike.failover.AuxiliaryPolicy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Everything that decides a run: given the same plan, two runs are the same octet by octet.
///
/// @param seed of every stream of chance
/// @param safetyMillis how long faults may happen; then everything is healed
/// @param ticketLifetimeSeconds how long tickets are good
/// @param keyExchange whether every resume carries KEi and KEr
/// @param byReference sessions are kept in the gateways' store, and clients hold references
/// @param alliance what the gateways are to each other
/// @param auxiliary what clients hold ready at other gateways
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
        Alliance alliance,
        AuxiliaryPolicy auxiliary,
        int movesPerHour,
        Lifetimes lifetimes,
        Terms terms,
        List<Fault> faults) {
    /// More moves than anybody makes in a run: one has many faults in a minute, and who may move
    /// twenty times in an hour would soon stay where nobody is.
    public static final int MANY_MOVES = 1_000;

    private static final int TICKET_SECONDS = 600;
    private static final String SITE = "site-";

    public Plan {
        faults = List.copyOf(faults);
    }

    /// As usual: gateways on their own, tickets by value for ten minutes, the usual terms, SAs that
    /// nobody rekeys, clients that may move as often as they like; and nothing goes wrong.
    public static Builder builder(long seed, int gateways, int clients, int safetyMillis) {
        return new Builder(
                new Plan(
                        seed,
                        gateways,
                        clients,
                        safetyMillis,
                        TICKET_SECONDS,
                        false,
                        false,
                        Alliance.NONE,
                        AuxiliaryPolicy.NONE,
                        MANY_MOVES,
                        Lifetimes.UNLIMITED,
                        Terms.USUAL,
                        List.of()));
    }

    /// This one, to be changed.
    public Builder toBuilder() {
        return new Builder(this);
    }

    /// At how many sites the gateways are a cluster each; 0 where each is on its own.
    public int sites() {
        return alliance.sites();
    }

    /// The number of the site that a gateway is at: they are at each in turn.
    public int siteOf(int gateway) {
        return gateway % Math.max(1, sites());
    }

    /// The name of a site.
    public static String siteName(int number) {
        return SITE + number;
    }

    static int siteNumber(String name) {
        return Integer.parseInt(name.substring(SITE.length()));
    }

    /// The names of the sites that a gateway is not at.
    Set<String> otherSites(int gateway) {
        Set<String> others = new TreeSet<>();
        for (int site = 0; site < sites(); site++) {
            if (site != siteOf(gateway)) {
                others.add(siteName(site));
            }
        }
        return others;
    }

    /// The names of the gateways at the site of one of them.
    Set<String> siteMates(int gateway) {
        Set<String> mates = new TreeSet<>();
        for (int other = 0; other < gateways; other++) {
            if (siteOf(other) == siteOf(gateway)) {
                mates.add(Domain.gatewayName(other));
            }
        }
        return mates;
    }

    /// At how many addresses clients find gateways: one where the members share it.
    int fronts() {
        return alliance.contending() ? 1 : gateways;
    }

    /// Behind which of these a gateway is.
    int front(int gateway) {
        return alliance.contending() ? 0 : gateway;
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
        return toBuilder().faults(others).build();
    }

    /// One line for the run, one for whatever is not as usual, one for each fault.
    public String describe() {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(": ");
        text.append(gateways).append(" gateways, ").append(clients).append(" clients, ");
        text.append(safetyMillis / 1000).append(" s with faults, sessions by ");
        text.append(byReference ? "reference" : "value").append(" for ");
        text.append(ticketLifetimeSeconds).append(" s");
        text.append(keyExchange ? ", resumes with KE\n" : "\n");
        text.append(alliance.describe());
        if (movesPerHour < MANY_MOVES) {
            text.append("  a client moves ").append(movesPerHour).append(" times an hour\n");
        }
        if (auxiliary.sessions() > 0) {
            text.append("  clients hold a session ready at another gateway\n");
        }
        text.append(terms.describe());
        text.append(lifetimes.describe());
        faults.forEach(fault -> text.append("  ").append(fault.describe()).append('\n'));
        return text.toString();
    }

    /// A plan in the making.
    public static final class Builder {
        private final long seed;
        private int gateways;
        private int clients;
        private int safetyMillis;
        private int ticketLifetimeSeconds;
        private boolean keyExchange;
        private boolean byReference;
        private Alliance alliance;
        private AuxiliaryPolicy auxiliary;
        private int movesPerHour;
        private Lifetimes lifetimes;
        private Terms terms;
        private List<Fault> faults;

        private Builder(Plan plan) {
            seed = plan.seed;
            gateways = plan.gateways;
            clients = plan.clients;
            safetyMillis = plan.safetyMillis;
            ticketLifetimeSeconds = plan.ticketLifetimeSeconds;
            keyExchange = plan.keyExchange;
            byReference = plan.byReference;
            alliance = plan.alliance;
            auxiliary = plan.auxiliary;
            movesPerHour = plan.movesPerHour;
            lifetimes = plan.lifetimes;
            terms = plan.terms;
            faults = plan.faults;
        }

        public Builder gateways(int value) {
            gateways = value;
            return this;
        }

        public Builder clients(int value) {
            clients = value;
            return this;
        }

        public Builder safetyMillis(int value) {
            safetyMillis = value;
            return this;
        }

        public Builder ticketLifetimeSeconds(int value) {
            ticketLifetimeSeconds = value;
            return this;
        }

        public Builder keyExchange(boolean value) {
            keyExchange = value;
            return this;
        }

        public Builder byReference(boolean value) {
            byReference = value;
            return this;
        }

        public Builder alliance(Alliance value) {
            alliance = value;
            return this;
        }

        public Builder auxiliary(AuxiliaryPolicy value) {
            auxiliary = value;
            return this;
        }

        public Builder movesPerHour(int value) {
            movesPerHour = value;
            return this;
        }

        public Builder lifetimes(Lifetimes value) {
            lifetimes = value;
            return this;
        }

        public Builder terms(Terms value) {
            terms = value;
            return this;
        }

        public Builder faults(List<Fault> value) {
            faults = value;
            return this;
        }

        public Plan build() {
            return new Plan(
                    seed,
                    gateways,
                    clients,
                    safetyMillis,
                    ticketLifetimeSeconds,
                    keyExchange,
                    byReference,
                    alliance,
                    auxiliary,
                    movesPerHour,
                    lifetimes,
                    terms,
                    faults);
        }
    }
}
