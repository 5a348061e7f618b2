package dev.postern.gateway.configuration;

import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Names that the name servers behind the gateway answer, and they alone (RFC 8598).
///
/// @param domains empty where clients ask those servers everything
public record SplitDns(List<String> domains, List<TrustAnchor> trustAnchors) {
    public static final SplitDns NONE = new SplitDns(List.of(), List.of());

    public SplitDns {
        domains = List.copyOf(domains);
        trustAnchors = List.copyOf(trustAnchors);
    }

    /// What a client that asks is told: each domain, and its trust anchors right behind it.
    public List<ConfigurationAttribute> attributes() {
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        for (String domain : domains) {
            attributes.add(
                    new ConfigurationAttribute(
                            ConfigurationAttribute.INTERNAL_DNS_DOMAIN,
                            Octets.of(domain.getBytes(StandardCharsets.US_ASCII))));
            for (TrustAnchor anchor : trustAnchors) {
                if (anchor.domain().equals(domain)) {
                    attributes.add(
                            new ConfigurationAttribute(
                                    ConfigurationAttribute.INTERNAL_DNSSEC_TA, anchor.data()));
                }
            }
        }
        return attributes;
    }
}
