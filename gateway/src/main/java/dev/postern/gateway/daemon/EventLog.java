package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.Log;
import dev.postern.ike.Event;
import dev.postern.ike.Path;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/// What happened, one line each on standard output: as text for people, or as JSON objects for
/// programs. Times are UTC with milliseconds; `uptimeMillis` in JSON is monotonic and comparable
/// between processes of one machine.
public final class EventLog {
    private final PrintStream out;
    private final Log.Format format;
    private final Clock clock;
    private final boolean writesEvents;
    private final AtomicBoolean withheldTold = new AtomicBoolean();

    /// Tells those who look on what is not written.
    private final EventLog quiet;

    private volatile @Nullable EventRing ring;

    EventLog(PrintStream out, Log.Format format, Clock clock, boolean writesEvents) {
        this.out = out;
        this.format = format;
        this.clock = clock;
        this.writesEvents = writesEvents;
        this.quiet =
                writesEvents
                        ? this
                        : new EventLog(
                                new PrintStream(OutputStream.nullOutputStream()),
                                format,
                                clock,
                                true);
    }

    /// A log that writes to this process's standard output. Events of single sessions are
    /// information: with level `warn` or `error` only the daemon's own beginning and end are
    /// written.
    public static EventLog toStandardOutput(Log log) {
        boolean writesEvents =
                switch (log.level()) {
                    case ERROR, WARN -> false;
                    case INFO, DEBUG, TRACE -> true;
                };
        return new EventLog(System.out, log.format(), Clock.systemUTC(), writesEvents);
    }

    /// For a daemon whose events its application takes.
    public static EventLog toNowhere() {
        return new EventLog(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                Log.Format.TEXT,
                Clock.systemUTC(),
                false);
    }

    void write(Event event) {
        if (writesEvents) {
            tell(event);
        } else if (ring != null) {
            quiet.tell(event);
        }
    }

    /// Everything that is told from now on can be looked up here too, whatever the level.
    synchronized EventRing keepLatest() {
        EventRing kept = ring == null ? new EventRing() : ring;
        ring = kept;
        quiet.ring = kept;
        return kept;
    }

    private void tell(Event event) {
        switch (event) {
            case Event.IkeSaEstablished e ->
                    line(
                            "ike-sa-established",
                            "peer",
                            e.peer(),
                            "by",
                            e.origin().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                            "provisional",
                            e.provisional(),
                            "remote",
                            address(e.path()),
                            "spiI",
                            spi(e.spiI()),
                            "spiR",
                            spi(e.spiR()),
                            "session",
                            session(e, e.sessionId()),
                            "gatewaySwitchCount",
                            e.gatewaySwitchCount(),
                            "innerAddresses",
                            addresses(e.innerAddresses()),
                            "profile",
                            e.profile());
            case Event.NetworkAssigned e ->
                    line(
                            "network-assigned",
                            "dns",
                            addresses(e.network().dnsServers()),
                            "domains",
                            String.join(" ", e.network().domains()),
                            "subnets",
                            e.network().subnets().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(" ")));
            case Event.SessionConfirmed e ->
                    line("session-confirmed", "session", e.sessionId().hex());
            case Event.ResumeAuthenticated e ->
                    line(
                            "rfc5723-auth",
                            "ikeSa",
                            e.handle(),
                            "peer",
                            e.peer(),
                            "form",
                            e.form().name().toLowerCase(java.util.Locale.ROOT));
            case Event.TicketReceived e ->
                    line(
                            "ticket-received",
                            "octets",
                            e.session().ticket().length(),
                            "kind",
                            e.session().session().kind());
            case Event.TicketIssued e ->
                    line("ticket-issued", "peer", e.peer(), "octets", e.octets());
            case Event.GatewaysAnnounced e ->
                    line("gateways-announced", "ikeSa", e.handle(), "order", e.gateways());
            case Event.TicketWithheld e -> {
                // Said once; how often it happens is a counter.
                if (withheldTold.compareAndSet(false, true)) {
                    line("ticket-withheld", "peer", e.peer(), "because", e.reason());
                }
            }
            case Event.PeerUnresponsive e -> line("peer-unresponsive", "ikeSa", e.handle());
            case Event.GatewaySuspected e ->
                    line("gateway-suspected", "gateway", e.gateway(), "because", e.suspicion());
            case Event.Redirected e ->
                    line(
                            "redirected",
                            "ikeSa",
                            e.handle(),
                            "in",
                            e.stage(),
                            "to",
                            GatewayList.text(e.gateway()));
            case Event.RedirectRefused e ->
                    line(
                            "redirect-refused",
                            "to",
                            GatewayList.text(e.gateway()),
                            "because",
                            e.reason());
            case Event.SwitchOrdered e ->
                    line(
                            "switch-ordered",
                            "to",
                            GatewayList.text(e.gateway()),
                            "identity",
                            e.successor(),
                            "because",
                            e.reason());
            case Event.SwitchRefused e ->
                    line("switch-refused", "to", e.gateway(), "because", e.reason());
            case Event.AuxiliaryStands e ->
                    line(
                            "auxiliary-stands",
                            "at",
                            e.gateway(),
                            "innerAddresses",
                            addresses(e.innerAddresses()));
            case Event.AuxiliaryEnded e ->
                    line("auxiliary-ended", "at", e.gateway(), "because", e.reason());
            case Event.SwitchStarted e ->
                    line(
                            "switch-started",
                            "from",
                            e.from(),
                            "to",
                            e.to(),
                            "by",
                            e.resume() ? "resume" : "full-exchange");
            case Event.SwitchCompleted e ->
                    line(
                            "switch-completed",
                            "from",
                            e.from(),
                            "to",
                            e.to(),
                            "by",
                            e.origin().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                            "innerAddresses",
                            addresses(e.innerAddresses()),
                            "addressChanged",
                            e.addressChanged());
            case Event.GatewayAnswered e ->
                    line("gateway-answered", "ikeSa", e.handle(), "at", address(e.path()));
            case Event.IkeSaRekeyed e ->
                    line(
                            "ike-sa-rekeyed",
                            "ikeSa",
                            e.handle(),
                            "generation",
                            e.generation(),
                            "spiI",
                            spi(e.spiI()),
                            "spiR",
                            spi(e.spiR()),
                            "session",
                            session(e, e.sessionId()));
            case Event.ChildSaEstablished e ->
                    line(
                            e.replaces() == 0 ? "child-sa-established" : "child-sa-rekeyed",
                            "ikeSa",
                            e.handle(),
                            "spi",
                            spi(e.inboundSpi()),
                            "replaces",
                            spi(e.replaces()));
            case Event.ChildSaRefused e ->
                    line(
                            "child-sa-refused",
                            "ikeSa",
                            e.handle(),
                            "replaces",
                            spi(e.replaces()),
                            "detail",
                            e.detail());
            case Event.ChildSaClosed e ->
                    line(
                            "child-sa-closed",
                            "ikeSa",
                            e.handle(),
                            "spi",
                            spi(e.inboundSpi()),
                            "rekeyed",
                            e.rekeyed());
            case Event.SessionContinued e ->
                    line(
                            "session-continued",
                            "session",
                            HexFormat.of().formatHex(e.sessionId().array()),
                            "from",
                            e.from());
            case Event.GatewaysLookedUp e ->
                    line(
                            "gateways-looked-up",
                            "name",
                            e.name(),
                            "found",
                            String.join(" ", e.found()),
                            "passedOver",
                            String.join("; ", e.passedOver()),
                            "trouble",
                            e.trouble(),
                            "againInSeconds",
                            e.againNanos() / 1_000_000_000L);
            case Event.RetryScheduled e ->
                    line("retry-scheduled", "inMillis", e.waitNanos() / 1_000_000);
            case Event.ReauthenticationDue e -> line("reauthentication-due", "ikeSa", e.handle());
            case Event.PeerAlive e -> line("peer-alive", "ikeSa", e.handle());
            case Event.IkeSaClosed e ->
                    line("ike-sa-closed", "reason", e.reason(), "detail", e.detail());
        }
    }

    /// Writes one line; `namesAndValues` alternate.
    void line(String name, Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        String text = format == Log.Format.TEXT ? text(name, fields) : json(name, fields);
        EventRing kept = ring;
        if (kept != null) {
            kept.add(
                    format == Log.Format.TEXT ? text : text(name, fields),
                    format == Log.Format.JSON ? text : json(name, fields));
        }
        synchronized (out) {
            out.println(text);
            out.flush();
        }
    }

    private String text(String name, Map<String, Object> fields) {
        return clock.instant()
                + " "
                + name
                + fields.entrySet().stream()
                        .filter(field -> !String.valueOf(field.getValue()).isEmpty())
                        .map(field -> " " + field.getKey() + "=" + field.getValue())
                        .collect(Collectors.joining());
    }

    private String json(String name, Map<String, Object> fields) {
        StringBuilder json =
                new StringBuilder("{\"event\":")
                        .append(quote(name))
                        .append(",\"at\":")
                        .append(quote(clock.instant().toString()))
                        .append(",\"uptimeMillis\":")
                        .append(System.nanoTime() / 1_000_000);
        fields.forEach((key, value) ->
                json.append(',')
                        .append(quote(key))
                        .append(':')
                        .append(
                                value instanceof Number || value instanceof Boolean
                                        ? value
                                        : quote(String.valueOf(value))));
        return json.append('}').toString();
    }

    /// RFC 8259 section 7.
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20) {
                quoted.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /// Empty for none.
    private static String spi(int spi) {
        return spi == 0 ? "" : String.format(java.util.Locale.ROOT, "0x%08x", spi);
    }

    /// Of an IKE SA, as `postern park` takes it.
    private static String spi(long spi) {
        return HexFormat.of().toHexDigits(spi);
    }

    /// What the gateways of the domain call a session, as `postern revoke` takes it; empty at a
    /// client, whose name for it nobody else knows. Handles of responders are negative.
    private static String session(Event event, Octets id) {
        return event.handle() < 0 ? id.hex() : "";
    }

    private static String address(Path path) {
        return path.remote().getAddress().getHostAddress() + ":" + path.remote().getPort();
    }

    static String addresses(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "));
    }
}
