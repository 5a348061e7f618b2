package dev.postern.sim.check;

import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.World;

/// At one gateway no inner address belongs to two clients. One that sets its session up anew takes
/// its address over from its earlier one.
public final class AddressesUnique implements Checker {
    private final InnerAddresses assigned = new InnerAddresses();

    @Override
    public String claim() {
        return "no inner address at two clients";
    }

    @Override
    public void see(Happening happening, World world) {
        assigned.see(happening, this::judge);
    }

    private void judge(InnerAddresses.Held now) {
        for (InnerAddresses.Held other : assigned.held()) {
            require(
                    !other.gateway().equals(now.gateway())
                            || other.peer().equals(now.peer())
                            || other.addresses().stream().noneMatch(now.addresses()::contains),
                    now.gateway() + " gives " + now.addresses() + " to two clients");
        }
    }
}
