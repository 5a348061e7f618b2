package dev.postern.sim.check;

import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.sim.Checker;
import dev.postern.sim.Datagram;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;
import dev.postern.wire.ExchangeType;

import java.util.HashSet;
import java.util.Set;

/// AAA hears of no client that resumes: a gateway begins a conversation with it only for an IKE SA
/// that a client has begun by IKE_SA_INIT, and one for each at most.
public final class AaaRests implements Checker {
    /// SPIi of the full exchanges that clients have begun.
    private final Set<Long> begunInFull = new HashSet<>();

    private final Set<Asked> asked = new HashSet<>();

    /// A gateway and the IKE SA that it asks for.
    private record Asked(Life gateway, long spiI) {}

    @Override
    public String claim() {
        return "a resume asks nothing of AAA";
    }

    @Override
    public void see(Happening happening, World world) {
        switch (happening) {
            case Happening.Sent(Party party, Datagram datagram, _)
                    when party.role() == Party.Role.CLIENT
                            && datagram.hasHeader()
                            && datagram.exchange() == ExchangeType.IKE_SA_INIT ->
                    begunInFull.add(datagram.spiI());
            case Happening.Handled handled when handled.party().role() == Party.Role.GATEWAY -> {
                for (Effect effect : handled.effects()) {
                    if (effect instanceof Effect.Raise(_, Ask.EapToServer ask)
                            && ask.packet().isEmpty()) {
                        judge(handled.party(), handled.input());
                    }
                }
            }
            default -> {}
        }
    }

    private void judge(Party gateway, Input input) {
        if (!(input instanceof Input.Datagram datagram)) {
            require(false, gateway + " asks AAA where nobody has asked it");
            return;
        }
        long spiI = Datagram.of(datagram.path(), datagram.octets()).spiI();
        require(begunInFull.contains(spiI), gateway + " asks AAA about a client that resumes");
        require(
                asked.add(new Asked(Life.of(gateway), spiI)),
                gateway + " asks AAA twice about one IKE SA");
    }
}
