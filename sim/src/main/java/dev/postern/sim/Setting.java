package dev.postern.sim;

import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.failover.AuxiliaryPolicy;

/// What a [Scenario] begins with: gateways `gw-a` and on, clients `c1` and on, which prefer them in
/// turn, and whatever else is not as usual.
///
/// @param sites over how many sites the gateways are a cluster; 0 where each is on its own
/// @param standby what clients speak of RFC 6311
/// @param auxiliary what clients hold ready at another gateway
public record Setting(
        int gateways,
        int clients,
        Kept kept,
        int sites,
        Terms terms,
        Lifetimes lifetimes,
        StandbyPolicy standby,
        AuxiliaryPolicy auxiliary) {
    /// Where sessions are.
    public enum Kept {
        BY_VALUE,
        /// The same, with KEi and KEr in each resume.
        BY_VALUE_WITH_KEY_EXCHANGE,
        /// In the gateways' store.
        BY_REFERENCE,
        /// By value; and gateways have each other's word and records, and an address each.
        LOOSE
    }

    /// As usual: tickets by value, gateways on their own, pre-shared keys.
    public static Setting of(int gateways, int clients) {
        return new Setting(
                gateways,
                clients,
                Kept.BY_VALUE,
                0,
                Terms.USUAL,
                Lifetimes.UNLIMITED,
                StandbyPolicy.DEFAULT,
                AuxiliaryPolicy.NONE);
    }

    public Setting kept(Kept other) {
        return new Setting(gateways, clients, other, sites, terms, lifetimes, standby, auxiliary);
    }

    /// One cluster over so many sites, in turn.
    public Setting clusteredOver(int number) {
        return new Setting(gateways, clients, kept, number, terms, lifetimes, standby, auxiliary);
    }

    public Setting under(Terms other) {
        return new Setting(gateways, clients, kept, sites, other, lifetimes, standby, auxiliary);
    }

    public Setting living(Lifetimes other) {
        return new Setting(gateways, clients, kept, sites, terms, other, standby, auxiliary);
    }

    public Setting speaking(StandbyPolicy other) {
        return new Setting(gateways, clients, kept, sites, terms, lifetimes, other, auxiliary);
    }

    public Setting holdingReady(AuxiliaryPolicy other) {
        return new Setting(gateways, clients, kept, sites, terms, lifetimes, standby, other);
    }

    /// A run without faults of its own.
    Plan plan(long seed) {
        return Plan.builder(seed, gateways, clients, 0)
                .keyExchange(kept == Kept.BY_VALUE_WITH_KEY_EXCHANGE)
                .byReference(kept == Kept.BY_REFERENCE)
                .alliance(kept == Kept.LOOSE ? Alliance.LOOSE : Alliance.cluster(sites))
                .auxiliary(auxiliary)
                .lifetimes(lifetimes)
                .terms(terms)
                .build();
    }
}
