package dev.postern.gateway.eap;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// The platform's judgement of a chain, and at a client a name that the server's certificate must
/// hold: judged before anything of ours is shown.
final class PeerTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager chains;
    private final List<String> serverNames;

    PeerTrust(X509ExtendedTrustManager chains, List<String> serverNames) {
        this.chains = chains;
        this.serverNames = serverNames;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        chains.checkServerTrusted(chain, type, engine);
        List<String> names = CertificateNames.of(chain[0]);
        for (String name : names) {
            if (serverNames.stream().anyMatch(name::equalsIgnoreCase)) {
                return;
            }
        }
        throw new CertificateException(
                "the EAP server's certificate names "
                        + names
                        + ", wanted is one of "
                        + serverNames);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        chains.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("EAP-TLS runs on engines only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("EAP-TLS runs on engines only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("EAP-TLS runs on engines only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("EAP-TLS runs on engines only");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
