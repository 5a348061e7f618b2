package dev.postern.gateway.tickets;

import dev.postern.gateway.eap.CertificateNames;
import dev.postern.gateway.eap.TlsIdentity;
import dev.postern.grid.CurrentAuthorities;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// TLS 1.3 in which both ends show a certificate of an authority that the other trusts, and one of
/// the names that the other expects. Safe for use from any thread.
final class MutualTls {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private final SSLContext context;

    /// @throws IllegalArgumentException with the reason where certificate and key do not serve
    MutualTls(TlsIdentity identity) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own(identity), new char[0]);
            context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    keys.getKeyManagers(),
                    new TrustManager[] {new CurrentAuthorities(identity.trusted())},
                    null);
            CurrentAuthorities.judgeEachConnection(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "the certificate and its key cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    private static KeyStore own(TlsIdentity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own",
                identity.key(),
                new char[0],
                identity.chain().toArray(new X509Certificate[0]));
        return store;
    }

    /// The gateway's end over a connected socket, after the handshake.
    SSLSocket client(Socket raw) throws IOException {
        return handshake(raw, true);
    }

    /// The service's end.
    SSLSocket server(Socket raw) throws IOException {
        return handshake(raw, false);
    }

    private SSLSocket handshake(Socket raw, boolean client) throws IOException {
        SSLSocket tls =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(raw, raw.getInetAddress().getHostAddress(), 0, true);
        tls.setUseClientMode(client);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setApplicationProtocols(new String[] {TicketFrame.PROTOCOL});
        if (!client) {
            parameters.setNeedClientAuth(true);
        }
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        if (!TicketFrame.PROTOCOL.equals(tls.getApplicationProtocol())) {
            throw new SSLHandshakeException("the other end does not speak " + TicketFrame.PROTOCOL);
        }
        return tls;
    }

    /// The first name of the other end's certificate that is expected; null where none is.
    static @Nullable String admitted(SSLSocket tls, List<String> expected) throws IOException {
        for (String name : names(tls)) {
            if (expected.stream().anyMatch(name::equalsIgnoreCase)) {
                return name;
            }
        }
        return null;
    }

    /// Whom the other end's certificate names.
    static List<String> names(SSLSocket tls) throws IOException {
        return tls.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                ? CertificateNames.of(certificate)
                : List.of();
    }
}
