package dev.postern.ike.states;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;

/// One IKE SA in the state that is looked at.
///
/// @param handle its name at `node`
record Situation(World world, Node node, long handle) {
    private static final int SK = 46;
    private static final int GARBAGE = 60;

    String state() {
        return node.endpoint().state(handle);
    }

    /// What comes of a message under the IKE SA's SPIs that its peer did not make.
    String afterForged(ExchangeType exchange, boolean response) {
        Header last = world.carried().getLast().header();
        int flags = (isInitiator(last) ? 0 : 0x08) | (response ? 0x20 : 0);
        byte[] octets =
                ByteBuffer.allocate(Header.LENGTH + 4 + GARBAGE)
                        .putLong(last.spiI())
                        .putLong(last.spiR())
                        .put((byte) SK)
                        .put((byte) 0x20)
                        .put((byte) exchange.code())
                        .put((byte) flags)
                        .putInt(last.messageId())
                        .putInt(Header.LENGTH + 4 + GARBAGE)
                        .put((byte) 0)
                        .put((byte) 0)
                        .putShort((short) (4 + GARBAGE))
                        .array();
        return after(new Input.Datagram(new Path(node.address(), peerOf(), true), octets));
    }

    private InetSocketAddress peerOf() {
        Datagram last = world.carried().getLast();
        return last.from().equals(node.address()) ? last.to() : last.from();
    }

    private boolean isInitiator(Header last) {
        boolean fromNode = world.carried().getLast().from().equals(node.address());
        return fromNode == last.fromInitiator();
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
            kinds.add(
                    effect instanceof Effect.Emit emit
                            ? emit.event().getClass().getSimpleName()
                            : effect.getClass().getSimpleName());
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
        String next = state();
        told.add("-> " + (next.isEmpty() ? "gone" : next));
        return told.toString();
    }

    private Map<Counter, Long> counts() {
        Map<Counter, Long> counts = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            counts.put(counter, node.count(counter));
        }
        return counts;
    }
}
