package dev.postern.gateway.eap;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// The platform's judgement of a chain, and at a client a name that the server's certificate must
/// hold and whether it is revoked: judged before anything of ours is shown. A server waits with the
/// latter until its client has proven to hold the key.
final class PeerTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager chains;
    private final List<String> serverNames;
    private final ChainJudge judge;

    PeerTrust(X509ExtendedTrustManager chains, List<String> serverNames, ChainJudge judge) {
        this.chains = chains;
        this.serverNames = serverNames;
        this.judge = judge;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        chains.checkServerTrusted(chain, type, engine);
        List<String> names = CertificateNames.of(chain[0]);
        for (String name : names) {
            if (serverNames.stream().anyMatch(name::equalsIgnoreCase)) {
                judge(chain);
                return;
            }
        }
        throw new CertificateException(
                "the EAP server's certificate names "
                        + names
                        + ", wanted is one of "
                        + serverNames);
    }

    private void judge(X509Certificate[] chain) throws CertificateException {
        String fault = judge.faultOf(List.of(chain));
        if (fault != null) {
            throw new CertificateException(fault);
        }
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
