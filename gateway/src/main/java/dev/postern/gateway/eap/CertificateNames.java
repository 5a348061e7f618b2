package dev.postern.gateway.eap;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Whom a certificate names: e-mail addresses, DNS names, the common name, the whole subject, in
/// this order.
public final class CertificateNames {
    private static final int EMAIL = 1;
    private static final int DNS = 2;

    private CertificateNames() {}

    public static List<String> of(X509Certificate certificate) {
        List<String> names = new ArrayList<>(alternatives(certificate, EMAIL));
        names.addAll(alternatives(certificate, DNS));
        String subject = certificate.getSubjectX500Principal().getName();
        names.addAll(commonNames(subject));
        if (!subject.isEmpty()) {
            names.add(subject);
        }
        return names.stream().distinct().toList();
    }

    private static List<String> alternatives(X509Certificate certificate, int kind) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> each : all) {
                    if (each.get(0) instanceof Integer type
                            && type == kind
                            && each.get(1) instanceof String name) {
                        names.add(name);
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }

    private static List<String> commonNames(String subject) {
        List<String> names = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(subject).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN") && rdn.getValue() instanceof String name) {
                    names.add(name);
                }
            }
        } catch (InvalidNameException e) {
            return List.of();
        }
        return names;
    }
}
