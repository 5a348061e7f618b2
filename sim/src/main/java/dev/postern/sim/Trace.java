package dev.postern.sim;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A run as text: a column for each party, an arrow for each IKE message, and what the parties say of
/// it on the right. An arrow that ends in `x` was lost, one that ends in `>>` arrives twice. Of the
/// ESP packets of an SA only the first is drawn. What the end of the run does to the parties is not
/// drawn: their keys are wiped then, and nobody has crashed.
///
///         12.043       |         *---------|-------->|     IKE_SESSION_RESUME_1RTT request 1|0  412 octets
public final class Trace implements Observer {
    private static final int WIDTH = 10;

    private final List<String> lines = new ArrayList<>();
    private final List<String> columns = new ArrayList<>();
    private final Map<Integer, String> espSeen = new HashMap<>();
    private boolean over;

    public Trace(Plan plan) {
        for (int i = 0; i < plan.clients(); i++) {
            columns.add(Domain.clientName(i));
        }
        for (int i = 0; i < plan.gateways(); i++) {
            columns.add(Domain.gatewayName(i));
        }
        columns.add("attacker");
        lines.add(heading());
    }

    /// A run and its drawing.
    public record Drawn(Outcome outcome, String text) {}

    /// Runs a plan and draws it, with the violation last where there is one.
    public static Drawn draw(Plan plan) {
        Trace trace = new Trace(plan);
        Outcome outcome = new Simulation(plan, Checkers.all(), List.of(trace)).run();
        Violation violation = outcome.violation();
        trace.add(
                outcome.simulatedNanos(),
                "",
                violation == null ? "every claim held" : "VIOLATION " + violation.describe());
        return new Drawn(outcome, trace.text());
    }

    public String text() {
        return String.join("\n", lines) + "\n";
    }

    private String heading() {
        StringBuilder text = new StringBuilder(" ".repeat(WIDTH));
        for (String column : columns) {
            text.append(String.format(Locale.ROOT, "%-" + WIDTH + "s", column));
        }
        return text.toString().stripTrailing();
    }

    @Override
    public void see(Happening happening, World world) {
        if (!over) {
            draw(happening, world.now());
        }
    }

    private void draw(Happening happening, long now) {
        switch (happening) {
            case Happening.Started started -> add(now, at(started.party(), 'o'), "starts");
            case Happening.Stopped stopped -> add(now, at(stopped.party(), 'X'), "stops");
            case Happening.Sent sent -> sent(now, sent);
            case Happening.Handled handled -> handled(now, handled);
            case Happening.Seated seated ->
                    add(
                            now,
                            at(seated.party(), 'o'),
                            EventText.of(seated.view(), seated.primary()));
            case Happening.Owned owned ->
                    add(
                            now,
                            at(owned.party(), 'o'),
                            "owns " + owned.thing() + " under epoch " + owned.epoch());
            case Happening.SiteFenced told ->
                    add(
                            now,
                            at(told.party(), 'o'),
                            told.site() + (told.fenced() ? " counts as lost" : " is back"));
            case Happening.AddressTaken taken ->
                    add(
                            now,
                            at(taken.party(), 'o'),
                            taken.address().getHostAddress() + " is with another site");
            case Happening.StoodIn in ->
                    add(
                            now,
                            at(in.party(), 'o'),
                            "stands in for " + in.node() + " under epoch " + in.epoch());
            case Happening.Served served ->
                    add(
                            now,
                            at(served.party(), 'o'),
                            served.epoch() == 0
                                    ? "stands by: " + served.why()
                                    : "serves under epoch " + served.epoch() + " " + served.why());
            case Happening.Faulted faulted -> add(now, rails(-1, '|'), "FAULT " + faulted.what());
            case Happening.StoreForgot _ -> add(now, rails(-1, '|'), "the session store forgets");
            case Happening.Healed _ -> add(now, rails(-1, '|'), "HEALED");
            case Happening.Ended _ -> {
                add(now, rails(-1, '|'), "all are connected");
                over = true;
            }
            case Happening.Violated _ -> over = true;
            case Happening.SwitchCountRaised _,
                    Happening.SessionSealed _,
                    Happening.SessionOpened _,
                    Happening.InnerSent _,
                    Happening.Admitted _,
                    Happening.InnerDelivered _ -> {}
        }
    }

    private void handled(long now, Happening.Handled handled) {
        if (handled.input() instanceof Input.Answered) {
            add(now, at(handled.party(), 'o'), "its question is answered");
        }
        for (Effect effect : handled.effects()) {
            if (effect instanceof Effect.Emit(Event event)) {
                add(now, at(handled.party(), 'o'), EventText.of(event));
            } else if (effect instanceof Effect.ActivateChildSa activate) {
                add(
                        now,
                        at(handled.party(), 'o'),
                        "seals under SPI " + DatagramText.spi(activate.inboundSpi()));
            }
        }
    }

    private void sent(long now, Happening.Sent sent) {
        Datagram datagram = sent.datagram();
        String what = datagram.isIke() ? ike(datagram) : esp(datagram);
        if (what != null) {
            int from = column(sent.party());
            int to = columnOf(datagram.to());
            add(now, arrow(from, to, sent.copies()), what);
        }
    }

    /// Null for all but the first packet of an SA.
    private @Nullable String esp(Datagram datagram) {
        if (!datagram.isEsp() || espSeen.put(datagram.word(0), "") != null) {
            return null;
        }
        return "ESP under SPI " + DatagramText.spi(datagram.word(0)) + ", the first of many";
    }

    private static String ike(Datagram datagram) {
        try {
            Message message = MessageCodec.decode(datagram.ikeMessage());
            Header header = message.header();
            StringBuilder text = new StringBuilder();
            text.append(DatagramText.message(header))
                    .append("  SPIi ")
                    .append(DatagramText.spi((int) (header.spiI() >>> 32)));
            for (Payload payload : message.payloads()) {
                if (payload instanceof Payload.Notify notify) {
                    text.append(" N(").append(NotifyType.name(notify.type())).append(')');
                }
            }
            return text.append("  ").append(datagram.octets().length).append(" octets").toString();
        } catch (MalformedException e) {
            return "not an IKE message: " + e.malformation();
        }
    }

    private int column(Party party) {
        return party.role() == Party.Role.IMPOSTOR
                ? columns.size() - 1
                : Math.max(0, columns.indexOf(party.name()));
    }

    private int columnOf(InetSocketAddress address) {
        int found = columns.indexOf(DatagramText.party(address));
        return found < 0 ? columns.size() - 1 : found;
    }

    private String at(Party party, char mark) {
        return rails(column(party), mark);
    }

    private String rails(int marked, char mark) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            text.append(i == marked ? mark : '|').append(" ".repeat(WIDTH - 1));
        }
        return text.toString();
    }

    private String arrow(int from, int to, int copies) {
        if (from == to) {
            // To an address that is drawn in the sender's own column, such as one of nobody's.
            return rails(from, '*');
        }
        char[] text = rails(from, '*').toCharArray();
        int step = to > from ? 1 : -1;
        for (int at = from * WIDTH + step; at != to * WIDTH; at += step) {
            if (text[at] == ' ') {
                text[at] = '-';
            }
        }
        int head = to * WIDTH - step;
        text[head] = copies == 0 ? 'x' : step > 0 ? '>' : '<';
        if (copies > 1) {
            text[head - step] = text[head];
        }
        return new String(text);
    }

    private void add(long now, String drawing, String text) {
        String time = String.format(Locale.ROOT, "%8.3f  ", now / 1e9);
        lines.add((time + drawing + "  " + text).stripTrailing());
    }
}
