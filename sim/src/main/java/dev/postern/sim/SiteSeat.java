package dev.postern.sim;

import dev.postern.cluster.Abroad;
import dev.postern.cluster.LentAddresses;
import dev.postern.cluster.SiteConduct;
import dev.postern.cluster.TakenNote;
import dev.postern.ike.Now;

import java.net.InetAddress;
import java.util.Collection;
import java.util.function.Consumer;

/// One process's part among the sites of its domain: the production conduct, on what the members
/// say and the model of the bridge. As in the daemon it does not look while it sends a site
/// everything.
final class SiteSeat implements SiteConduct.Bridge, Abroad {
    private static final String TAKEN = "taken/";

    private final Simulation simulation;
    private final GridSeat seat;
    private final SeatWords words;
    private final SiteConduct conduct;
    private boolean sending;

    SiteSeat(Simulation simulation, GridSeat seat, SeatWords words) {
        this.simulation = simulation;
        this.seat = seat;
        this.words = words;
        Plan plan = simulation.plan();
        this.conduct =
                new SiteConduct(
                        seat.self().site(),
                        plan.otherSites(seat.index()),
                        words,
                        words,
                        this,
                        plan.alliance().siteLostAfterMillis() * Now.NANOS_PER_MILLI,
                        simulation.now());
    }

    /// Looks at the other sites from now on.
    void start() {
        if (!sending) {
            conduct.look(seat.coordinates(), seat.isPrimary(), simulation.now());
        }
        simulation
                .agenda()
                .in(
                        SiteConduct.LOOK_NANOS,
                        () -> {
                            if (lives()) {
                                start();
                            }
                        });
    }

    private boolean lives() {
        return seat.gateway().seat() == seat;
    }

    /// An operator says here that a site is lost.
    void fence(String site) {
        conduct.fence(site);
    }

    /// A member has said this.
    void heard(String name, byte[] value) {
        if (name.startsWith(TAKEN) && TakenNote.isOfAnother(value, seat.self().site())) {
            InetAddress address = InetAddress.ofLiteral(name.substring(TAKEN.length()));
            simulation.tell(new Happening.AddressTaken(seat.gateway(), address));
        }
    }

    /// A client keeps an address of another site's share here.
    void take(InetAddress address, long noteSeconds) {
        words.put(LentAddresses.taken(address), note(), noteSeconds);
    }

    /// And does not any more.
    void giveBack(InetAddress address) {
        words.takeBack(LentAddresses.taken(address), note());
    }

    private byte[] note() {
        return new TakenNote(seat.self().site(), seat.node()).encode();
    }

    /// Whether of the sites in sight this one makes the TGS keys.
    boolean isFirst() {
        return conduct.isFirst();
    }

    /// Whether what is not known here may be on its way from another site.
    boolean isCatchingUp() {
        return conduct.isCatchingUp();
    }

    @Override
    public Collection<String> inSight() {
        return simulation.bridge().inSight(seat.site());
    }

    @Override
    public void sendEverything(String site, Consumer<Boolean> then) {
        sending = true;
        simulation
                .bridge()
                .sendEverything(
                        seat.site(),
                        Plan.siteNumber(site),
                        hasAll -> {
                            sending = false;
                            if (lives()) {
                                then.accept(hasAll);
                            }
                        });
    }

    @Override
    public String nameBirth() {
        return seat.self().incarnation();
    }

    @Override
    public void fenced(String site) {
        simulation.tell(new Happening.SiteFenced(seat.gateway(), site, true));
    }

    @Override
    public void unfenced(String site) {
        simulation.tell(new Happening.SiteFenced(seat.gateway(), site, false));
    }

    @Override
    public boolean isFenced(String site) {
        return conduct.isFenced(site);
    }

    @Override
    public boolean hasTaken(InetAddress address) {
        return TakenNote.isOfAnother(words.get(LentAddresses.taken(address)), seat.self().site());
    }

    @Override
    public boolean isKnown() {
        return conduct.isCaughtUp();
    }
}
