package dev.postern.cli;

import dev.postern.gateway.configuration.Log;

import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Where log lines go: standard error, one line each, beside the event lines on standard output.
final class Logging {
    /// The engine of the cluster says at `info` what only its makers want to read.
    private static final List<Logger> ENGINE =
            List.of(Logger.getLogger("org.infinispan"), Logger.getLogger("org.jgroups"));

    /// They tell of every try to reach a site that is out of sight, with a stack trace; that it is
    /// out of sight is an event.
    private static final List<Logger> LINKS =
            List.of(
                    Logger.getLogger("org.infinispan.xsite"),
                    Logger.getLogger("org.infinispan.XSITE"),
                    Logger.getLogger("org.jgroups.protocols.relay"));

    private Logging() {}

    static void set(Log.Level level) {
        Level wanted =
                switch (level) {
                    case ERROR -> Level.SEVERE;
                    case WARN -> Level.WARNING;
                    case INFO -> Level.INFO;
                    case DEBUG -> Level.FINE;
                    case TRACE -> Level.FINEST;
                };
        LogManager.getLogManager().reset();
        ConsoleHandler handler = new ConsoleHandler();
        handler.setLevel(wanted);
        Logger root = Logger.getLogger("");
        root.setLevel(wanted);
        root.addHandler(handler);
        boolean brief = level != Log.Level.DEBUG && level != Log.Level.TRACE;
        handler.setFormatter(new OneLine(brief));
        if (brief) {
            handler.setFilter(new EngineNotes());
            LINKS.forEach(logger -> logger.setLevel(Level.OFF));
        }
        if (level == Log.Level.INFO) {
            ENGINE.forEach(logger -> logger.setLevel(Level.WARNING));
        }
    }

    static final class OneLine extends Formatter {
        private final boolean brief;

        /// @param brief without the stack traces of the cluster's engine
        OneLine(boolean brief) {
            this.brief = brief;
        }

        @Override
        public String format(LogRecord record) {
            String thrown = "";
            if (record.getThrown() != null
                    && brief
                    && EngineNotes.isOfEngine(record.getLoggerName())) {
                thrown = ": " + record.getThrown();
            } else if (record.getThrown() != null) {
                java.io.StringWriter trace = new java.io.StringWriter();
                record.getThrown().printStackTrace(new java.io.PrintWriter(trace));
                thrown = System.lineSeparator() + trace;
            }
            return record.getInstant()
                    + " "
                    + record.getLevel()
                    + " "
                    + formatMessage(record)
                    + thrown
                    + System.lineSeparator();
        }
    }
}
