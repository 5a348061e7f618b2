package dev.postern.ike.states;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.Standing;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;

/// One IKE SA in the state that is looked at.
///
/// @param handle its name at `node`; its peer has the same number with the other sign
/// @param spi its own SPI at `node`: while it is rekeyed, others have its name too
/// @param lost the message that the exchange under way waits for, in fragments; empty where none is
/// @param asked the question that rests; null where none does
record Situation(
        World world,
        Node node,
        long handle,
        long spi,
        List<Datagram> lost,
        Effect.@Nullable Raise asked) {
    private static final int SK = 46;
    private static final int GARBAGE = 60;

    /// What is not in the table any more is in the last state of all.
    private static final String GONE = "Closed";

    /// The IKE SA of this name.
    static Situation of(World world, Node node, long handle) {
        List<Standing> named = node.endpoint().standings(handle);
        long spi = named.isEmpty() ? 0 : named.getFirst().localSpi();
        return new Situation(world, node, handle, spi, List.of(), null);
    }

    /// Another IKE SA of the same name.
    Situation inState(String state) {
        Standing found =
                node.endpoint().standings(handle).stream()
                        .filter(each -> each.state().equals(state))
                        .findFirst()
                        .orElseThrow();
        return new Situation(world, node, handle, found.localSpi(), lost, asked);
    }

    /// With a message that its peer, or it, has sent and that did not arrive.
    Situation waitingFor(List<Datagram> message) {
        return new Situation(world, node, handle, spi, List.copyOf(message), asked);
    }

    /// With the question that was raised last.
    Situation unanswered() {
        Effect.Raise last = null;
        for (Effect effect : node.effects()) {
            if (effect instanceof Effect.Raise raise) {
                last = raise;
            }
        }
        return new Situation(world, node, handle, spi, lost, last);
    }

    String state() {
        Standing own = own();
        return own == null ? GONE : own.state();
    }

    @Nullable Standing own() {
        return node.endpoint().standings(handle).stream()
                .filter(each -> each.localSpi() == spi)
                .findFirst()
                .orElse(null);
    }

    private List<String> beside() {
        return node.endpoint().standings(handle).stream()
                .filter(each -> each.localSpi() != spi)
                .map(Standing::state)
                .sorted()
                .toList();
    }

    /// What comes of a message under the IKE SA's SPIs that its peer did not make.
    String afterForged(ExchangeType exchange, boolean response) {
        Header last = world.carried().getLast().header();
        Standing own = own();
        boolean initiator = own == null ? last.fromInitiator() : own.initiator();
        long peerSpi = own == null ? 1 : own.peerSpi();
        int flags = (initiator ? 0 : 0x08) | (response ? 0x20 : 0);
        byte[] octets =
                ByteBuffer.allocate(Header.LENGTH + 4 + GARBAGE)
                        .putLong(initiator ? spi : peerSpi)
                        .putLong(initiator ? peerSpi : spi)
                        .put((byte) SK)
                        .put((byte) 0x20)
                        .put((byte) exchange.code())
                        .put((byte) flags)
                        .putInt(last.spiI() == spi || last.spiR() == spi ? last.messageId() : 0)
                        .putInt(Header.LENGTH + 4 + GARBAGE)
                        .put((byte) 0)
                        .put((byte) 0)
                        .putShort((short) (4 + GARBAGE))
                        .array();
        return after(arriving(octets));
    }

    private InetSocketAddress peerOf() {
        Datagram last = world.carried().getLast();
        return last.from().equals(node.address()) ? last.to() : last.from();
    }

    /// Its peer, of which there is none where the gateway is another one.
    private @Nullable Node peer() {
        return world.nodes().stream()
                .filter(other -> other.address().equals(peerOf()))
                .findFirst()
                .orElse(null);
    }

    /// The peer's own next message of the exchange under way; null where none is.
    @Nullable Input next() {
        if (lost.isEmpty()) {
            return null;
        }
        return lost.getFirst().to().equals(node.address())
                ? lastFragment(lost)
                : lastFragment(sentDuring(() -> lost.forEach(world::deliver)));
    }

    /// The peer's last message, which arrived before; null where none did.
    @Nullable Input again() {
        for (Datagram datagram : world.carried().reversed()) {
            boolean isOurs = datagram.header().spiI() == spi || datagram.header().spiR() == spi;
            if (datagram.to().equals(node.address()) && !lost.contains(datagram) && isOurs) {
                return arriving(datagram);
            }
        }
        return null;
    }

    /// What the peer sends first of its own accord; null where it sends nothing.
    @Nullable Input afterPeer(Ordered order) {
        Node peer = peer();
        if (peer == null || peer.endpoint().standings(-handle).isEmpty()) {
            return null;
        }
        Input input = order.of(peer, -handle);
        return input == null ? null : lastFragment(sentDuring(() -> peer.give(input)));
    }

    private List<Datagram> sentDuring(Runnable action) {
        List<Datagram> sent = new ArrayList<>();
        world.setFate(datagram -> {
            if (datagram.to().equals(node.address())) {
                sent.add(datagram);
            }
            return Fate.lost();
        });
        action.run();
        world.settle();
        return sent;
    }

    /// The first message of these, of which all fragments but the last have arrived then.
    private @Nullable Input lastFragment(List<Datagram> sent) {
        if (sent.isEmpty()) {
            return null;
        }
        int id = sent.getFirst().header().messageId();
        List<Datagram> fragments =
                sent.stream().filter(each -> each.header().messageId() == id).toList();
        fragments.subList(0, fragments.size() - 1).forEach(world::deliver);
        return arriving(fragments.getLast());
    }

    private static Input arriving(Datagram datagram) {
        Path path = new Path(datagram.to(), datagram.from(), true);
        return new Input.Datagram(path, datagram.octets().clone());
    }

    /// A message that claims to come from the peer.
    Input arriving(byte[] octets) {
        return new Input.Datagram(pathFromPeer(), octets);
    }

    Path pathFromPeer() {
        return new Path(node.address(), peerOf(), true);
    }

    /// What comes of letting this time pass without a word from the peer.
    String afterSilence(Duration duration) {
        Map<Counter, Long> before = counts();
        int effects = node.effects().size();
        world.setFate(_ -> List.of());
        world.advance(duration);
        return told(before, node.effects().subList(effects, node.effects().size()));
    }

    String after(Input input) {
        Map<Counter, Long> before = counts();
        return told(before, node.give(input));
    }

    private String told(Map<Counter, Long> before, List<Effect> effects) {
        TreeSet<String> kinds = new TreeSet<>();
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Emit emit -> kinds.add(emit.event().getClass().getSimpleName());
                // Only so that a test can seal what the peer would not.
                case Effect.LogKeys _ -> {}
                case Effect other -> kinds.add(other.getClass().getSimpleName());
            }
        }
        TreeSet<String> counted = new TreeSet<>();
        for (Counter counter : Counter.values()) {
            if (node.count(counter) > before.getOrDefault(counter, 0L)) {
                counted.add(counter.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
        }
        StringJoiner told = new StringJoiner("; ");
        if (!kinds.isEmpty()) {
            told.add(String.join(", ", kinds));
        }
        if (!counted.isEmpty()) {
            told.add("*" + String.join(", ", counted) + "*");
        }
        List<String> beside = beside();
        told.add(
                "-> " + state() + (beside.isEmpty() ? "" : " beside " + String.join(", ", beside)));
        return told.toString();
    }

    private Map<Counter, Long> counts() {
        Map<Counter, Long> counts = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            counts.put(counter, node.count(counter));
        }
        return counts;
    }

    /// Something that a node is told to do.
    @FunctionalInterface
    interface Ordered {
        /// Null where it makes no sense for this node.
        @Nullable Input of(Node node, long handle);
    }
}
