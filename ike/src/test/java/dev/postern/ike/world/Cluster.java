package dev.postern.ike.world;

import dev.postern.ike.Input;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.standby.StandbyRecord;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Gateways behind one address, of which one at a time is active.
public final class Cluster {
    private final World world;
    private final Consumer<GatewaySettings> change;
    private final int host;
    private char letter;
    private int epoch;
    private Node active;

    /// @param letter of the first member; the others follow in the alphabet
    /// @param change applied to the settings of each member
    public Cluster(World world, char letter, Consumer<GatewaySettings> change) {
        this.world = world;
        this.letter = letter;
        this.change = change;
        this.host = letter - 'a' + 1;
        this.active = world.add(settings());
    }

    public GatewaySettings settings() {
        GatewaySettings settings = new GatewaySettings(letter);
        settings.host = host;
        settings.standby = StandbyPolicy.DEFAULT.protecting(Set.of(settings.profileName));
        change.accept(settings);
        return settings;
    }

    public Node active() {
        return active;
    }

    public int epoch() {
        return epoch;
    }

    /// The active member dies, and the next one takes over what it has told.
    public Node failOver() {
        active.die();
        return takeOver(active.standby().records());
    }

    /// The active member dies, and the next one begins with nothing under this epoch.
    public Node serveAnew(int under) {
        active.die();
        epoch = under - 1;
        return takeOver(List.of());
    }

    /// The active member dies, and the next one does not know whether somebody else has carried on
    /// with what it has told.
    public Node failOverLate() {
        active.die();
        return takeOver(active.standby().records(), true);
    }

    /// The next member owns the address, and carries on with these records.
    public Node takeOver(List<StandbyRecord> records) {
        return takeOver(records, false);
    }

    private Node takeOver(List<StandbyRecord> records, boolean outdated) {
        letter++;
        epoch++;
        active = world.add(settings());
        active.give(new Input.TakeOver(records, epoch, outdated));
        return active;
    }
}
