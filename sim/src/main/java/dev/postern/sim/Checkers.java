package dev.postern.sim;

import dev.postern.sim.check.AaaRests;
import dev.postern.sim.check.AddressesUnique;
import dev.postern.sim.check.BoundedState;
import dev.postern.sim.check.CalmClients;
import dev.postern.sim.check.DeliveredOnce;
import dev.postern.sim.check.InnerPacketsUnaltered;
import dev.postern.sim.check.LaterVersionsKept;
import dev.postern.sim.check.NoPingPong;
import dev.postern.sim.check.NoSecretsOnTheWire;
import dev.postern.sim.check.NoTrafficToUnproven;
import dev.postern.sim.check.NonceReuse;
import dev.postern.sim.check.OneAddressOneClient;
import dev.postern.sim.check.OneOwner;
import dev.postern.sim.check.OneRequestOneSession;
import dev.postern.sim.check.OneServes;
import dev.postern.sim.check.OneSideGoesOn;
import dev.postern.sim.check.OnlyTheFencedLose;
import dev.postern.sim.check.OnlyTheLostHaveSubstitutes;
import dev.postern.sim.check.OnlyWhatServesCarries;
import dev.postern.sim.check.PeersAreThemselves;
import dev.postern.sim.check.ResumesFirst;
import dev.postern.sim.check.RevocationsSpread;
import dev.postern.sim.check.RevokedStaysRevoked;
import dev.postern.sim.check.SadMirrorsChildSas;
import dev.postern.sim.check.SessionsKept;
import dev.postern.sim.check.SourcesOwned;
import dev.postern.sim.check.StandbyIsPassive;
import dev.postern.sim.check.StaysInTheDomain;
import dev.postern.sim.check.SwitchCountsRise;
import dev.postern.sim.check.TakenAlong;
import dev.postern.sim.check.TicketKeysShared;

import java.util.List;

/// Every claim that is checked in every run.
public final class Checkers {
    static final String NO_INTERNAL_ERRORS = "no internal errors";
    static final String TIME_GOES_ON = "time goes on";
    static final String EVERYBODY_IS_CONNECTED = "after healing everybody is connected";

    /// Claims that the run itself holds; the last one once, when all faults are over.
    public static final List<String> OF_THE_RUN =
            List.of(NO_INTERNAL_ERRORS, TIME_GOES_ON, EVERYBODY_IS_CONNECTED);

    private Checkers() {}

    public static List<Checker> all() {
        return List.of(
                new NonceReuse(),
                new OneRequestOneSession(),
                new SwitchCountsRise(),
                new DeliveredOnce(),
                new InnerPacketsUnaltered(),
                new NoSecretsOnTheWire(),
                new SadMirrorsChildSas(),
                new NoTrafficToUnproven(),
                new NoPingPong(),
                new BoundedState(),
                new AddressesUnique(),
                new OneAddressOneClient(),
                new OneSideGoesOn(),
                new OneOwner(),
                new OneServes(),
                new StandbyIsPassive(),
                new OnlyTheLostHaveSubstitutes(),
                new CalmClients(),
                new PeersAreThemselves(),
                new RevokedStaysRevoked(),
                new SessionsKept(),
                new StaysInTheDomain(),
                new OnlyWhatServesCarries(),
                new ResumesFirst(),
                new AaaRests(),
                new LaterVersionsKept(),
                new SourcesOwned(),
                new TicketKeysShared(),
                new RevocationsSpread(),
                new OnlyTheFencedLose(),
                new TakenAlong());
    }
}
