package dev.postern.grid;

import dev.postern.wire.PrintableText;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Tells an operator whom we did not take for a member, and why. Who is refused comes again many
/// times a second, and is told of once a minute.
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int MOST = 64;
    private static final int LONGEST = 400;

    private final Consumer<String> log;
    private final News news = new News(MOST);

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
        if (news.isNew(text, TimeUnit.NANOSECONDS.toMillis(System.nanoTime()))) {
            log.accept(text);
        }
    }
}
