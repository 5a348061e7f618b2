package dev.postern.cluster;

import java.net.InetAddress;

/// What a member knows of the other sites of its domain, as far as inner addresses go. Each site
/// gives out of its own share whatever happens to the others; a client of a site that is fenced
/// keeps its address at another one, which notes that for the time when the fenced site is back.
public interface Abroad {
    /// There are no other sites.
    Abroad NOWHERE =
            new Abroad() {
                @Override
                public boolean isFenced(String site) {
                    return false;
                }

                @Override
                public boolean hasTaken(InetAddress address) {
                    return false;
                }

                @Override
                public boolean isKnown() {
                    return true;
                }
            };

    /// Whether a site serves nobody for certain, and will not before it has been seen again.
    boolean isFenced(String site);

    /// Whether another site lets a client keep this address of our share.
    boolean hasTaken(InetAddress address);

    /// Whether we know what the other sites noted before ours began.
    boolean isKnown();
}
