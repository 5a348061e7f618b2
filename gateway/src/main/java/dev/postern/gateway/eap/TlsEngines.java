package dev.postern.gateway.eap;

import dev.postern.eap.TlsEngine;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Makes engines for EAP-TLS, TLS 1.3 and 1.2. Safe for use from any thread.
public final class TlsEngines {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /// A session is never to be carried on: each conversation shows its certificates.
    private static final int SHORTEST_SESSION_SECONDS = 1;

    private final SSLContext context;
    private final ChainJudge judge;
    private final String[] protocols;

    /// @throws IllegalArgumentException with the reason where certificate and key do not serve
    public TlsEngines(TlsIdentity identity, ChainJudge judge) {
        this(identity, PROTOCOLS, judge);
    }

    /// @param protocols as the platform names them
    TlsEngines(TlsIdentity identity, List<String> protocols, ChainJudge judge) {
        this.judge = judge;
        this.protocols = protocols.toArray(new String[0]);
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(keyStore(identity), new char[0]);
            context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {trust(identity, judge)}, null);
            context.getServerSessionContext().setSessionTimeout(SHORTEST_SESSION_SECONDS);
            context.getClientSessionContext().setSessionTimeout(SHORTEST_SESSION_SECONDS);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "the certificate and its key cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    private static KeyStore keyStore(TlsIdentity identity)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own",
                identity.key(),
                new char[0],
                identity.chain().toArray(new X509Certificate[0]));
        return store;
    }

    private static PeerTrust trust(TlsIdentity identity, ChainJudge judge)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate authority : identity.trusted()) {
            store.setCertificateEntry("ca-" + store.size(), authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager chains) {
                return new PeerTrust(chains, identity.serverNames(), judge);
            }
        }
        throw new GeneralSecurityException("the platform has no X.509 trust manager");
    }

    /// A server's end, which demands a certificate of the peer.
    public TlsEngine server() {
        SSLEngine engine = engine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return new PlatformTlsEngine(engine, judge);
    }

    public TlsEngine client() {
        SSLEngine engine = engine();
        engine.setUseClientMode(true);
        return new PlatformTlsEngine(engine, ChainJudge.LENIENT);
    }

    private SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setEnabledProtocols(protocols);
        return engine;
    }
}
