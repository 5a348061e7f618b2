package dev.postern.sim;

import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.MessageId;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What was sent, as lines like `c1 --> gw-b IKE_AUTH request 0|1`: client to the left, gateway to
/// the right. Of the ESP packets of an SA only the first is written down.
final class Arrows implements Observer {
    private static final int GATEWAYS = 192;

    private final List<String> lines = new ArrayList<>();
    private final Set<Integer> espSeen = new HashSet<>();

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Sent sent
                && (sent.datagram().isIke() || espSeen.add(sent.datagram().word(0)))) {
            lines.add(of(sent.datagram()));
        }
    }

    void note(String what) {
        lines.add("# " + what);
    }

    int size() {
        return lines.size();
    }

    String of(Datagram datagram) {
        boolean fromGateway = (datagram.from().getAddress().getAddress()[0] & 0xff) == GATEWAYS;
        String from = name(datagram.from().getAddress().getAddress());
        String to = name(datagram.to().getAddress().getAddress());
        String parties = fromGateway ? to + " <-- " + from : from + " --> " + to;
        return parties + "  " + what(datagram);
    }

    private static String name(byte[] address) {
        return switch (address[0] & 0xff) {
            case GATEWAYS -> Domain.gatewayName(address[3] - 1);
            case 198 -> Domain.clientName(address[3] - 1);
            default -> "attacker";
        };
    }

    private static String what(Datagram datagram) {
        if (!datagram.isIke()) {
            return "ESP";
        }
        try {
            Header header = MessageCodec.decode(datagram.ikeMessage()).header();
            return header.exchange()
                    + (header.response() ? " response " : " request ")
                    + MessageId.gatewaySwitchCount(header.messageId())
                    + "|"
                    + MessageId.sequence(header.messageId());
        } catch (MalformedException _) {
            return "garbage";
        }
    }

    /// Whether these lines occur in this order from line number `first` on.
    boolean contain(int first, List<String> wanted) {
        int found = 0;
        for (int i = first; i < lines.size() && found < wanted.size(); i++) {
            found += lines.get(i).equals(wanted.get(found)) ? 1 : 0;
        }
        return found == wanted.size();
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
