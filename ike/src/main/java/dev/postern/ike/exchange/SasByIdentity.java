package dev.postern.ike.exchange;

import dev.postern.ike.Path;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.wire.Identity;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The authenticated IKE SAs of one endpoint by the client's identity. Most identities have one;
/// one that all clients share has all of them, and then nothing that a single client does may look
/// at each.
final class SasByIdentity {
    private final Map<Identity, SasOfIdentity> sas = new HashMap<>();

    /// Where a new IKE SA waits for an old one to go. Few, and for a moment: whoever goes looks
    /// here first.
    private final Set<Place> waiting = new HashSet<>();

    /// One client, as far as identity and outer address tell.
    private record Place(Identity identity, InetSocketAddress remote) {}

    void add(IkeSa sa) {
        EstablishedSession session = sa.session();
        if (session != null) {
            sas.computeIfAbsent(InitialContact.owner(sa, session), _ -> new SasOfIdentity())
                    .add(sa);
        }
    }

    void remove(IkeSa sa) {
        EstablishedSession session = sa.session();
        if (session != null) {
            Identity owner = InitialContact.owner(sa, session);
            sas.computeIfPresent(
                    owner,
                    (_, held) -> {
                        held.remove(sa, sa.path().remote());
                        return held.isEmpty() ? null : held;
                    });
            vacate(new Place(owner, sa.path().remote()));
        }
    }

    /// The peer of an IKE SA has another address from now on.
    void moves(IkeSa sa, Path to) {
        EstablishedSession session = sa.session();
        InetSocketAddress before = sa.path().remote();
        if (session == null || before.equals(to.remote())) {
            return;
        }
        Identity owner = InitialContact.owner(sa, session);
        SasOfIdentity held = sas.get(owner);
        if (held != null) {
            held.move(sa, before, to.remote());
        }
        if (sa.children().hasWaiting()) {
            waiting.add(new Place(owner, to.remote()));
        }
        vacate(new Place(owner, before));
    }

    private void vacate(Place place) {
        if (!waiting.isEmpty() && beside(place.identity, place.remote).isEmpty()) {
            waiting.remove(place);
        }
    }

    /// All of them, which may be many.
    List<IkeSa> of(Identity identity) {
        SasOfIdentity held = sas.get(identity);
        return held == null ? List.of() : List.copyOf(held.all());
    }

    /// Those whose peer has this address and port.
    List<IkeSa> beside(Identity identity, InetSocketAddress remote) {
        SasOfIdentity held = sas.get(identity);
        return held == null ? List.of() : held.at(remote);
    }

    /// Some of those whose peer has this address, whatever the port.
    List<IkeSa> near(Identity identity, InetAddress host) {
        SasOfIdentity held = sas.get(identity);
        return held == null ? List.of() : held.near(host);
    }

    /// Those whose peer has another address: none is copied.
    Stream<IkeSa> elsewhere(Identity identity, InetAddress host) {
        SasOfIdentity held = sas.get(identity);
        return held == null ? Stream.empty() : held.elsewhere(host);
    }

    /// Notes whether an IKE SA of this identity with a peer at this address waits for another.
    void await(Identity identity, InetSocketAddress remote, boolean waits) {
        if (waits) {
            waiting.add(new Place(identity, remote));
        } else {
            waiting.remove(new Place(identity, remote));
        }
    }

    boolean awaits(Identity identity, InetSocketAddress remote) {
        return !waiting.isEmpty() && waiting.contains(new Place(identity, remote));
    }
}
