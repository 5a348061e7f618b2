package dev.postern.sim;

/// What the gateways of a domain are to each other, beside sharing its keys.
///
/// @param sites at how many sites they are a cluster each; 0 where each is on its own
/// @param vouching whether they hold each other's word and records, and call the clients of one
///   that is lost
/// @param contending whether clients find them at one address alone, for which they contend
/// @param siteLostAfterMillis after which a site that is out of sight counts as lost; 0 where an
///   operator alone says that
/// @param addresses how many inner addresses each of them has to give
public record Alliance(
        int sites, boolean vouching, boolean contending, int siteLostAfterMillis, int addresses) {
    private static final int ADDRESSES = 24;

    /// Two sites of four members and four clients run short of them now and then.
    private static final int FEW_ADDRESSES = 2;

    /// Each is on its own.
    public static final Alliance NONE = of(0, false, false);

    /// Each is on its own, and may stand in for another at its own address.
    public static final Alliance LOOSE = of(0, true, false);

    public Alliance {
        if (contending && sites == 0) {
            throw new IllegalArgumentException("who contends is a member of a cluster");
        }
    }

    private static Alliance of(int sites, boolean vouching, boolean contending) {
        return new Alliance(sites, vouching, contending, 0, ADDRESSES);
    }

    /// Two sites of one domain, which have few addresses.
    static Alliance twoSites(int lostAfterMillis) {
        return new Alliance(2, false, false, lostAfterMillis, FEW_ADDRESSES);
    }

    /// A loose cluster at one site: whoever is lost has a member that stands in for it.
    static Alliance substitutes() {
        return of(1, true, false);
    }

    /// A cluster at each site; [#NONE] for no site.
    public static Alliance cluster(int sites) {
        return of(sites, false, false);
    }

    /// One tight cluster at one site: behind an address that its members share, and contend for.
    static Alliance contenders() {
        return of(1, false, true);
    }

    /// For the plan's description, in lines; empty where each is on its own.
    String describe() {
        StringBuilder text = new StringBuilder();
        if (sites > 0) {
            text.append("  the gateways are a cluster");
            text.append(sites == 1 ? "" : " at each of " + sites + " sites");
            if (siteLostAfterMillis > 0) {
                text.append(", which count as lost after ").append(siteLostAfterMillis);
                text.append(" ms out of sight");
            }
            text.append(contending ? ", and contend for the address that they share\n" : "\n");
        }
        if (vouching) {
            text.append("  the gateways vouch for each other, and call each other's clients\n");
        }
        return text.toString();
    }
}
