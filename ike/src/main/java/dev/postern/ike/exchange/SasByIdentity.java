package dev.postern.ike.exchange;

import dev.postern.ike.sa.EstablishedSession;
import dev.postern.wire.Identity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The authenticated IKE SAs of one endpoint by the client's identity. Most identities have one.
final class SasByIdentity {
    private final Map<Identity, List<IkeSa>> sas = new HashMap<>();

    /// Of whom a new IKE SA waits for an old one to go. Few, and for a moment: whoever goes looks
    /// here first, so that an identity which many share costs nothing with each IKE SA that ends.
    private final Set<Identity> waiting = new HashSet<>();

    void add(IkeSa sa) {
        EstablishedSession session = sa.session();
        if (session != null) {
            sas.computeIfAbsent(InitialContact.owner(sa, session), _ -> new ArrayList<>(1)).add(sa);
        }
    }

    void remove(IkeSa sa) {
        EstablishedSession session = sa.session();
        if (session != null) {
            sas.computeIfPresent(
                    InitialContact.owner(sa, session),
                    (owner, held) -> {
                        held.remove(sa);
                        if (held.isEmpty()) {
                            waiting.remove(owner);
                            return null;
                        }
                        return held;
                    });
        }
    }

    List<IkeSa> of(Identity identity) {
        return List.copyOf(sas.getOrDefault(identity, List.of()));
    }

    /// Notes whether an IKE SA of this identity waits for another to go.
    void await(Identity identity, boolean waits) {
        if (waits) {
            waiting.add(identity);
        } else {
            waiting.remove(identity);
        }
    }

    boolean awaits(Identity identity) {
        return waiting.contains(identity);
    }
}
