package dev.postern.pki;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Where a certificate says that lists and OCSP responders are: addresses of HTTP only, a few, and
/// to be believed of a certificate that is trusted alone (CVE-2022-40617).
public final class RevocationUrls {
    private static final String DISTRIBUTION_POINTS = "2.5.29.31";
    private static final String AUTHORITY_ACCESS = "1.3.6.1.5.5.7.1.1";
    private static final byte[] OCSP = {0x2b, 6, 1, 5, 5, 7, 0x30, 1};
    private static final int CONSTRUCTED = 0xa0;
    private static final int URI = 0x86;
    private static final int MOST = 4;
    private static final int LONGEST = 1_024;

    private RevocationUrls() {}

    /// Lists that the issuer itself signs and that hold every reason (RFC 5280 section 4.2.1.13).
    public static List<String> listsOf(X509Certificate certificate) {
        return read(
                certificate,
                DISTRIBUTION_POINTS,
                (point, urls) -> {
                    if (point.isNext(CONSTRUCTED)) {
                        Der name = point.enter(CONSTRUCTED);
                        if (point.isEmpty() && name.isNext(CONSTRUCTED)) {
                            Der full = name.enter(CONSTRUCTED);
                            while (!full.isEmpty()) {
                                addUrl(full, urls);
                            }
                        }
                    }
                });
    }

    /// OCSP responders (RFC 5280 section 4.2.2.1).
    public static List<String> respondersOf(X509Certificate certificate) {
        return read(
                certificate,
                AUTHORITY_ACCESS,
                (description, urls) -> {
                    byte[] method = description.content(Der.OBJECT_IDENTIFIER);
                    if (Arrays.equals(method, OCSP)) {
                        addUrl(description, urls);
                    }
                });
    }

    @FunctionalInterface
    private interface Reader {
        void read(Der element, List<String> urls) throws MalformedDerException;
    }

    private static List<String> read(X509Certificate certificate, String identifier, Reader each) {
        byte[] extension = certificate.getExtensionValue(identifier);
        List<String> urls = new ArrayList<>();
        if (extension == null) {
            return urls;
        }
        try {
            Der wrapped = Der.only(extension, Der.OCTET_STRING);
            Der elements = wrapped.enter(Der.SEQUENCE);
            while (!elements.isEmpty() && urls.size() < MOST) {
                each.read(elements.enter(Der.SEQUENCE), urls);
            }
        } catch (MalformedDerException e) {
            // What was read before stands; a certificate that is malformed says nothing more.
        }
        return List.copyOf(urls.subList(0, Math.min(MOST, urls.size())));
    }

    private static void addUrl(Der names, List<String> urls) throws MalformedDerException {
        if (!names.isNext(URI)) {
            names.skip();
            return;
        }
        String url = new String(names.content(URI), StandardCharsets.US_ASCII);
        String lower = url.toLowerCase(Locale.ROOT);
        if (url.length() <= LONGEST
                && (lower.startsWith("http://") || lower.startsWith("https://"))) {
            urls.add(url);
        }
    }
}
