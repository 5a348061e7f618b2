package dev.postern.gateway.tickets;

import dev.postern.gateway.eap.TlsIdentity;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/// TLS as somebody speaks it who follows no rules: shows what it likes, and writes what it likes.
final class TlsByHand {
    private TlsByHand() {}

    /// A gateway that the service admits, and that then does what the test wants.
    static SSLSocket admitted(ServiceOnLoopback service) throws Exception {
        return connect(
                service, TicketCertificates.identity("gw-a"), "TLSv1.3", TicketFrame.PROTOCOL);
    }

    /// @param identity null for no certificate
    static SSLSocket connect(
            ServiceOnLoopback service,
            @Nullable TlsIdentity identity,
            String version,
            String protocol)
            throws GeneralSecurityException, IOException {
        SSLSocket socket =
                (SSLSocket)
                        context(identity)
                                .getSocketFactory()
                                .createSocket(
                                        service.address().getAddress(),
                                        service.address().getPort());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext context(@Nullable TlsIdentity identity)
            throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", TicketCertificates.identity("gw-a").trusted().getFirst());
        TrustManagerFactory others = TrustManagerFactory.getInstance("PKIX");
        others.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                identity == null ? null : new KeyManager[] {new Shown(identity)},
                others.getTrustManagers(),
                null);
        return context;
    }

    /// Shows its certificate to everybody, whatever authorities were asked for.
    private static final class Shown extends X509ExtendedKeyManager {
        private final TlsIdentity identity;

        Shown(TlsIdentity identity) {
            this.identity = identity;
        }

        @Override
        public String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return "own";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identity.chain().toArray(new X509Certificate[0]);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity.key();
        }

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
