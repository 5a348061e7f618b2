package dev.postern.sim.check;

import dev.postern.sim.Party;

/// One life of a node, between a start and a crash: handles and SPIs mean something only within it.
record Life(String name, int number) {
    static Life of(Party party) {
        return new Life(party.name(), party.life());
    }

    @Override
    public String toString() {
        return name;
    }
}
