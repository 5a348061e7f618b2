package dev.postern.cli.demo;

import java.io.PrintStream;

/// What the viewer sees: titles, remarks, and a timeline in milliseconds since the kill.
final class Screen {
    private final PrintStream out;
    private final boolean colours;
    private boolean timeline;
    private long origin;

    Screen(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    synchronized void title(String text) {
        out.println();
        out.println(colours ? "\u001b[1m" + text + "\u001b[0m" : text);
        out.flush();
    }

    synchronized void say(String text) {
        out.println("  " + text);
        out.flush();
    }

    synchronized void beginTimeline(long originMillis) {
        timeline = true;
        origin = originMillis;
    }

    synchronized void endTimeline() {
        timeline = false;
    }

    synchronized void mark(long at, String text) {
        out.printf("  %+7d ms  %s%n", at - origin, text);
        out.flush();
    }

    /// Puts a daemon's event on the timeline, where it says something to a viewer.
    synchronized void watch(EventLine event) {
        if (!timeline || event.uptimeMillis() < origin) {
            return;
        }
        String text =
                switch (event.event()) {
                    case "probe-silent" -> "the stream is silent";
                    case "gateway-suspected" ->
                            "client suspects "
                                    + event.text("gateway")
                                    + ": packets go out, none come back; asks whether it lives";
                    case "peer-unresponsive" -> "no answer to four liveness checks: given up";
                    case "switch-started" ->
                            event.text("by").equals("resume")
                                    ? "client -> "
                                            + event.text("to")
                                            + ": IKE_SESSION_RESUME with its ticket"
                                    : "client -> " + event.text("to") + ": IKE_SA_INIT, IKE_AUTH";
                    case "switch-completed" ->
                            green(
                                    event.text("to")
                                            + " has taken over ("
                                            + event.text("by")
                                            + "), inner address "
                                            + event.text("innerAddresses")
                                            + (event.text("addressChanged").equals("true")
                                                    ? ", a new one"
                                                    : ", the same"));
                    case "probe-answered" ->
                            green(
                                    "first echo through the new tunnel; "
                                            + event.text("lost")
                                            + " packets lost");
                    case "retry-scheduled" ->
                            "all gateways failed, next round in " + event.text("inMillis") + " ms";
                    default -> "";
                };
        if (!text.isEmpty()) {
            mark(event.uptimeMillis(), text);
        }
    }

    private String green(String text) {
        return colours ? "\u001b[32m" + text + "\u001b[0m" : text;
    }

    /// The two failovers side by side.
    synchronized void table(Figures resumed, Figures full) {
        title("Summary");
        row("", "1-RTT resume", "full IKEv2 exchange");
        row("kill to suspicion", millis(resumed.suspected()), millis(full.suspected()));
        row("kill to decision", millis(resumed.givenUp()), millis(full.givenUp()));
        row("decision to new tunnel", millis(resumed.exchange()), millis(full.exchange()));
        row("kill to first packet", millis(resumed.answered()), millis(full.answered()));
        row("packets lost (one per 5 ms)", resumed.lost(), full.lost());
        row("IKE messages", resumed.messages(), full.messages());
        row("IKE octets", resumed.octets(), full.octets());
        row("key agreements computed", resumed.keyAgreements(), full.keyAgreements());
        row("inner address kept", yes(resumed.sameAddress()), yes(full.sameAddress()));
        say("");
    }

    private void row(String name, Object left, Object right) {
        out.printf("  %-30s %16s %22s%n", name, left, right);
    }

    private static String millis(long value) {
        return value + " ms";
    }

    private static String yes(boolean claim) {
        return claim ? "yes" : "no";
    }
}
