package dev.postern.sim;

import dev.postern.wire.MalformedException;
import dev.postern.wire.MessageCodec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What was sent, as lines like `c1 --> gw-b IKE_AUTH request 0|1`: client to the left, gateway to
/// the right. Of the ESP packets of an SA only the first is written down.
final class Story implements Observer {
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
        String from = DatagramText.party(datagram.from());
        String to = DatagramText.party(datagram.to());
        String parties = from.startsWith("gw") ? to + " <-- " + from : from + " --> " + to;
        return parties + "  " + what(datagram);
    }

    private static String what(Datagram datagram) {
        if (!datagram.isIke()) {
            return "ESP";
        }
        try {
            return DatagramText.message(MessageCodec.decode(datagram.ikeMessage()).header());
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
