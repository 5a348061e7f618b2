package dev.postern.sim;

import dev.postern.cluster.SiteConduct;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// One process's copy of what the members of its site say to each other, and of what the sites do:
/// of each name the last word.
final class SeatWords implements SiteConduct.Words {
    /// @param value null where it was taken back
    private record Said(byte @Nullable [] value, long stamp) {}

    private final GridModel grid;
    private final GridSeat seat;
    private final Map<String, Said> said = new TreeMap<>();

    SeatWords(GridModel grid, GridSeat seat) {
        this.grid = grid;
        this.seat = seat;
    }

    /// Whether it is news.
    boolean hear(String name, byte @Nullable [] value, long stamp) {
        Said known = said.get(name);
        boolean isNews = known == null || known.stamp() < stamp;
        if (isNews) {
            said.put(name, new Said(value, stamp));
        }
        return isNews;
    }

    /// Everything that another one has heard, where it is newer.
    void learnAll(SeatWords other) {
        other.said.forEach((name, one) -> hear(name, one.value(), one.stamp()));
    }

    @Override
    public byte @Nullable [] get(String name) {
        Said found = said.get(name);
        return found == null ? null : found.value();
    }

    @Override
    public Map<String, byte[]> all(String prefix) {
        Map<String, byte[]> found = new TreeMap<>();
        said.forEach((name, one) -> {
            byte[] value = one.value();
            if (name.startsWith(prefix) && value != null) {
                found.put(name, value);
            }
        });
        return found;
    }

    @Override
    public void put(String name, byte[] value) {
        grid.say(seat, name, value);
    }

    @Override
    public void put(String name, byte[] value, long seconds) {
        grid.sayFor(seat, name, value, seconds);
    }

    /// What was said once is forgotten; what was said again since, in the same octets, is not.
    @SuppressWarnings("ReferenceEquality")
    void expire(String name, byte[] value) {
        said.computeIfPresent(
                name, (_, known) -> known.value() == value ? new Said(null, known.stamp()) : known);
    }

    /// Takes back what was said, where nobody has said otherwise since.
    void takeBack(String name, byte[] value) {
        if (Arrays.equals(value, get(name))) {
            grid.say(seat, name, null);
        }
    }
}
