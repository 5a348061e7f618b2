/// A whole secure domain in one loop: production endpoints, failover clients and data planes with real
/// cryptography; clocks, network, NATs, leases and faults as values. Everything follows from a seed.
///
///     seed --> PlanMaker --> Plan --> Simulation --> Happenings --> Checkers, Trace
///                                         |
///              Faults, Conditions, Attacker --> Network <--> SimulatedGateway, SimulatedClient
///
/// A run has three parts. While it is safe to say that things go wrong, checkers hold every claim after
/// every step; then faults end and everything runs; then everybody must be connected within a bound.
/// `check` has one file per claim. A failing seed is looked at with `postern replay SEED --shrink`.
@NullMarked
package dev.postern.sim;

import org.jspecify.annotations.NullMarked;
