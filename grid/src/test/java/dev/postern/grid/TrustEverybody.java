package dev.postern.grid;

import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.X509TrustManager;

/// A client that does not care whom it talks to, and counts whom it was shown.
final class TrustEverybody implements X509TrustManager {
    private final AtomicInteger shown;

    TrustEverybody() {
        this(new AtomicInteger());
    }

    TrustEverybody(AtomicInteger shown) {
        this.shown = shown;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
        shown.incrementAndGet();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
