package dev.postern.sim;

/// What the gateways of a domain are to each other, beside sharing its keys.
///
/// @param sites over how many sites they are one cluster; 0 where each is on its own
/// @param vouching whether they hold each other's word and records, and call the clients of one
///   that is lost
/// @param contending whether clients find them at one address alone, for which they contend
public record Alliance(int sites, boolean vouching, boolean contending) {
    /// Each is on its own.
    public static final Alliance NONE = new Alliance(0, false, false);

    /// Each is on its own, and may stand in for another at its own address.
    public static final Alliance LOOSE = new Alliance(0, true, false);

    public Alliance {
        if (contending && sites == 0) {
            throw new IllegalArgumentException("who contends is a member of a cluster");
        }
    }

    /// A loose cluster at one site: whoever is lost has a member that stands in for it.
    static Alliance substitutes() {
        return new Alliance(1, true, false);
    }

    /// One cluster; [#NONE] over no site.
    public static Alliance cluster(int sites) {
        return new Alliance(sites, false, false);
    }

    /// One tight cluster at one site: behind an address that its members share, and contend for.
    static Alliance contenders() {
        return new Alliance(1, false, true);
    }

    /// For the plan's description, in lines; empty where each is on its own.
    String describe() {
        StringBuilder text = new StringBuilder();
        if (sites > 0) {
            text.append("  the gateways are a cluster over ").append(sites).append(" site");
            text.append(sites == 1 ? "" : "s");
            text.append(contending ? ", and contend for the address that they share\n" : "\n");
        }
        if (vouching) {
            text.append("  the gateways vouch for each other, and call each other's clients\n");
        }
        return text.toString();
    }
}
