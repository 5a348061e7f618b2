package dev.postern.cluster;

import java.net.InetAddress;
import java.util.Collection;

/// What a gateway may give of the inner addresses that it has, as far as others have a say in it.
public interface LeasePermits {
    /// A gateway of its own may give everything.
    LeasePermits ALL =
            new LeasePermits() {
                @Override
                public boolean prepare(
                        Collection<InetAddress> wanted,
                        Collection<InetAddress> rested,
                        Runnable then) {
                    return true;
                }

                @Override
                public boolean keep(InetAddress address) {
                    return true;
                }

                @Override
                public boolean reuse(InetAddress address) {
                    return true;
                }

                @Override
                public boolean fresh(InetAddress address) {
                    return true;
                }

                @Override
                public void released(Collection<InetAddress> addresses) {}
            };

    /// Asks the others for the addresses that need their word.
    ///
    /// @param wanted what the client had, by its ticket
    /// @param rested what earlier sessions had, that it may get
    /// @param then runs on any thread once the others have said what they say
    /// @return true where there is nothing to ask, and nothing will run
    boolean prepare(Collection<InetAddress> wanted, Collection<InetAddress> rested, Runnable then);

    /// Whether a client may have what its ticket speaks of.
    boolean keep(InetAddress address);

    /// Whether somebody may have what an earlier session had.
    boolean reuse(InetAddress address);

    /// Whether it is worth asking the others, by [#prepare], for what an earlier session had: it is
    /// with none of them, as far as is known here.
    default boolean isAtHome(InetAddress address) {
        return true;
    }

    /// Whether somebody may have what nobody has had here.
    boolean fresh(InetAddress address);

    /// The last IKE SA with these addresses has ended here.
    void released(Collection<InetAddress> addresses);
}
