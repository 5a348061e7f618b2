package dev.postern.grid;

import dev.postern.wire.PrintableText;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Tells an operator whom we did not take for a member, and why. Who is refused comes again many
/// times a second, and is told of once a minute.
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST = 64;
    private static final int LONGEST = 400;

    private final Consumer<String> log;
    private final Map<String, Long> told =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > MOST;
                }
            };

    Refusals() {
        this(LOG::warn);
    }

    /// @param log takes each line
    Refusals(Consumer<String> log) {
        this.log = log;
    }

    /// @param from who showed it
    /// @param reason in words
    void tell(InetAddress from, X509Certificate certificate, String reason) {
        // A stranger wrote some of it.
        String text =
                PrintableText.of(
                        "the certificate of "
                                + certificate.getSubjectX500Principal().getName()
                                + ", issued by "
                                + certificate.getIssuerX500Principal().getName()
                                + ", which "
                                + from.getHostAddress()
                                + " showed as a member of the cluster, is refused: "
                                + reason,
                        LONGEST);
        if (isNews(text)) {
            log.accept(text);
        }
    }

    private synchronized boolean isNews(String text) {
        long now = System.nanoTime();
        Long before = told.get(text);
        if (before != null && now - before < PAUSE_NANOS) {
            return false;
        }
        told.put(text, now);
        return true;
    }
}
