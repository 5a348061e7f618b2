package dev.postern.cli.pki;

import dev.postern.gateway.configuration.Durations;
import dev.postern.gateway.configuration.IdentityText;
import dev.postern.pki.issue.NameSubtree;
import dev.postern.wire.Identity;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/// Options' words, as configuration files write them.
final class Words {
    private Words() {}

    /// How long certificates and lists are good.
    static final class ValidityConverter implements ITypeConverter<Duration> {
        private static final Duration SHORTEST = Duration.ofMinutes(1);
        private static final Duration LONGEST = Duration.ofDays(36_500);

        @Override
        public Duration convert(String value) {
            try {
                Duration duration = Durations.parse(value);
                if (duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0) {
                    return duration;
                }
            } catch (IllegalArgumentException e) {
                // told below, with what is legal
            }
            throw illegal(value, Durations.FORM + ", from 1m to 36500d");
        }
    }

    /// Whom a certificate names.
    static final class IdentityConverter implements ITypeConverter<Identity> {
        private static final String LEGAL = "a host name, an e-mail address or an IP address";

        @Override
        public Identity convert(String value) {
            try {
                Identity identity = IdentityText.parse(value);
                return switch (identity.type()) {
                    case Identity.FQDN,
                            Identity.RFC822_ADDR,
                            Identity.IPV4_ADDR,
                            Identity.IPV6_ADDR ->
                            identity;
                    default -> throw illegal(value, LEGAL + "; no certificate names others");
                };
            } catch (IllegalArgumentException e) {
                throw illegal(value, LEGAL);
            }
        }
    }

    /// Where lists and responders are.
    static final class UrlConverter implements ITypeConverter<String> {
        private static final int LONGEST = 1_024;

        @Override
        public String convert(String value) {
            try {
                URI uri = new URI(value);
                boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (web && uri.getHost() != null && value.length() <= LONGEST) {
                    return uri.toASCIIString();
                }
            } catch (URISyntaxException e) {
                // told below, with what is legal
            }
            throw illegal(value, "an address such as http://pki.example.net/ca.crl");
        }
    }

    /// Names of a name constraint.
    static final class SubtreeConverter implements ITypeConverter<NameSubtree> {
        @Override
        public NameSubtree convert(String value) {
            try {
                return NameSubtree.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("\"" + value + "\" " + e.getMessage());
            }
        }
    }

    private static TypeConversionException illegal(String value, String legal) {
        return new TypeConversionException("\"" + value + "\" cannot be used; legal is " + legal);
    }
}
