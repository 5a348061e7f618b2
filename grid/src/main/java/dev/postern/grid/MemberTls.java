package dev.postern.grid;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Admits members by certificate: one that an authority of ours vouches for, and that names a node
/// of the configuration. Both ends of each connection are asked, so that neither side of the
/// cluster's traffic is ever a stranger (draft-dondeti-ipsec-failover-sol-00 section 6.1).
public final class MemberTls {
    static final String PROTOCOL = "TLSv1.3";
    private static final int DNS_NAME = 2;

    private MemberTls() {}

    /// @param chain our certificate, then those between it and an authority
    /// @param trust the authorities
    /// @param nodes names of which a peer's certificate must bear one, as a DNS name
    /// @throws IOException in words, where key and certificates do not go together
    public static SSLContext context(
            List<X509Certificate> chain,
            PrivateKey key,
            Collection<X509Certificate> trust,
            Set<String> nodes)
            throws IOException {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("member", key, new char[0], chain.toArray(new X509Certificate[0]));
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(
                    keys.getKeyManagers(),
                    new TrustManager[] {new Admission(new CurrentAuthorities(trust), nodes)},
                    null);
            CurrentAuthorities.judgeEachConnection(context);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException(
                    "the member's certificate and key cannot be used: " + e.getMessage(), e);
        }
    }

    /// Why a member with this certificate would be refused, or null. To be asked with our own
    /// before the others are.
    ///
    /// @param nodes one of which it must bear
    public static @Nullable String refusal(
            List<X509Certificate> chain,
            PrivateKey key,
            Collection<X509Certificate> trust,
            Set<String> nodes) {
        if (!Proof.isOf(key, chain.getFirst())) {
            return "the private key is not that of the certificate";
        }
        try {
            X509Certificate[] path = chain.toArray(new X509Certificate[0]);
            Admission admission = new Admission(new CurrentAuthorities(trust), nodes);
            // A member calls and is called.
            admission.checkClientTrusted(path, "UNKNOWN");
            admission.checkServerTrusted(path, "UNKNOWN");
            return null;
        } catch (GeneralSecurityException e) {
            return reason(e);
        }
    }

    /// In words; the platform wraps what it has found out.
    private static String reason(Exception why) {
        Throwable cause = why;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case CertPathBuilderException _ -> "no authority of cluster.trust vouches for it";
            case CertificateExpiredException e -> "it has expired (" + e.getMessage() + ")";
            case CertificateNotYetValidException e -> "it is not good yet (" + e.getMessage() + ")";
            default -> String.valueOf(cause.getMessage());
        };
    }

    /// The names that a certificate bears, in lower case.
    static Set<String> names(X509Certificate certificate) throws CertificateParsingException {
        Set<String> names = new TreeSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> each : alternatives) {
                if (each.get(0) instanceof Integer type
                        && type == DNS_NAME
                        && each.get(1) instanceof String name) {
                    names.add(name.toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    private static final class Admission extends X509ExtendedTrustManager {
        private final CurrentAuthorities paths;
        private final Set<String> nodes;
        private final Refusals refusals = new Refusals();

        Admission(CurrentAuthorities paths, Set<String> nodes) {
            this.paths = paths;
            this.nodes =
                    nodes.stream()
                            .map(node -> node.toLowerCase(Locale.ROOT))
                            .collect(Collectors.toUnmodifiableSet());
        }

        private void admit(X509Certificate[] chain) throws CertificateException {
            Set<String> names = names(chain[0]);
            if (names.stream().noneMatch(nodes::contains)) {
                throw new CertificateException(
                        "a certificate of "
                                + chain[0].getSubjectX500Principal()
                                + " names "
                                + (names.isEmpty() ? "no node" : String.join(", ", names))
                                + "; members are "
                                + String.join(", ", new TreeSet<>(nodes)));
            }
        }

        private void tell(@Nullable InetAddress from, X509Certificate[] chain, Exception why) {
            if (from != null) {
                refusals.tell(from, chain[0], reason(why));
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            try {
                paths.checkClientTrusted(chain, type);
                admit(chain);
            } catch (CertificateException e) {
                tell(socket.getInetAddress(), chain, e);
                throw e;
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            try {
                paths.checkServerTrusted(chain, type);
                admit(chain);
            } catch (CertificateException e) {
                tell(socket.getInetAddress(), chain, e);
                throw e;
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            paths.checkClientTrusted(chain, type);
            admit(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            paths.checkServerTrusted(chain, type);
            admit(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return paths.getAcceptedIssuers();
        }
    }
}
