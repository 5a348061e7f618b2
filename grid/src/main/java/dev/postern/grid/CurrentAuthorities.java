package dev.postern.grid;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Judges the other end's certificates in TLS as the platform does, under authorities each of which
/// vouches only while its own certificate is valid: the platform does not look at an anchor's times
/// (RFC 5280 section 6.2 leaves them to us). Safe for use from any thread.
public final class CurrentAuthorities extends X509ExtendedTrustManager {
    private static final int SHORTEST_SESSION_SECONDS = 1;

    /// RFC 8446 section 4.6.1: a ticket lives for seven days at most.
    private static final int LONGER_THAN_ANY_TICKET_SECONDS = 8 * 86_400;

    private final List<X509Certificate> authorities;
    private final X509ExtendedTrustManager all;

    /// @throws GeneralSecurityException where the platform cannot judge certificates of these
    /// @throws IllegalArgumentException where there is no authority
    public CurrentAuthorities(Collection<X509Certificate> authorities)
            throws GeneralSecurityException {
        this.authorities = List.copyOf(authorities);
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("nobody to trust");
        }
        this.all = platform(this.authorities);
    }

    /// Has each connection of TLS 1.3 show its certificates: where a session is carried on nobody
    /// is asked (RFC 8446 section 2.2). Who calls forgets its session at once; who is called gives
    /// no ticket to carry one on by, for the platform gives none of a longer life than a ticket may
    /// have.
    public static void judgeEachConnection(SSLContext context) {
        context.getServerSessionContext().setSessionTimeout(LONGER_THAN_ANY_TICKET_SECONDS);
        context.getClientSessionContext().setSessionTimeout(SHORTEST_SESSION_SECONDS);
    }

    private static X509ExtendedTrustManager platform(List<X509Certificate> authorities)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            for (X509Certificate authority : authorities) {
                anchors.setCertificateEntry("authority-" + anchors.size(), authority);
            }
            factory.init(anchors);
        } catch (IOException e) {
            throw new GeneralSecurityException("the platform keeps no certificates", e);
        }
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("the platform judges no certificate paths");
    }

    /// What the platform says under some authorities.
    private interface Judgement {
        void under(X509ExtendedTrustManager authorities) throws CertificateException;
    }

    /// The platform judges under all first: its words are the right ones for whatever else is
    /// wrong.
    private void judge(Judgement judgement) throws CertificateException {
        judgement.under(all);
        Instant now = Instant.now();
        List<X509Certificate> current = which(each -> isCurrent(each, now));
        if (current.size() == authorities.size()) {
            return;
        }
        CertificateException refused = new CertificateException(untimely(now));
        if (current.isEmpty()) {
            throw refused;
        }
        try {
            judgement.under(platform(current));
        } catch (GeneralSecurityException e) {
            refused.addSuppressed(e);
            throw refused;
        }
    }

    private List<X509Certificate> which(Predicate<X509Certificate> wanted) {
        return authorities.stream().filter(wanted).toList();
    }

    private static boolean isCurrent(X509Certificate authority, Instant at) {
        return !at.isBefore(authority.getNotBefore().toInstant())
                && !at.isAfter(authority.getNotAfter().toInstant());
    }

    private String untimely(Instant at) {
        StringBuilder text = new StringBuilder("its authority is not valid now:");
        for (X509Certificate each : which(each -> !isCurrent(each, at))) {
            text.append(' ')
                    .append(each.getSubjectX500Principal())
                    .append(" is valid from ")
                    .append(each.getNotBefore().toInstant())
                    .append(" to ")
                    .append(each.getNotAfter().toInstant())
                    .append(';');
        }
        return text.substring(0, text.length() - 1);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        judge(authority -> authority.checkClientTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        judge(authority -> authority.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        judge(authority -> authority.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        judge(authority -> authority.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        judge(authority -> authority.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        judge(authority -> authority.checkServerTrusted(chain, type, engine));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return all.getAcceptedIssuers();
    }
}
