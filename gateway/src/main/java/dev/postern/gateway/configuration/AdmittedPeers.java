package dev.postern.gateway.configuration;

import java.util.ArrayList;
import java.util.List;

/// Whom a profile lets in, in words.
///
/// @param text such as `2 peers by pre-shared key and peers by certificate`
/// @param isOne whether it can be one peer only
record AdmittedPeers(String text, boolean isOne) {
    static AdmittedPeers of(Profile profile) {
        List<String> kinds = new ArrayList<>();
        int keys = profile.preSharedKeys().size();
        if (keys > 0) {
            kinds.add(keys + (keys == 1 ? " peer" : " peers") + " by pre-shared key");
        }
        CertificateSettings certificates = profile.certificates();
        if (certificates != null && certificates.trust() != null) {
            kinds.add(
                    (certificates.peers().isEmpty()
                                    ? "peers"
                                    : GatewaySummary.list(certificates.peers()))
                            + " by certificate");
        }
        if (profile.eap() != null) {
            kinds.add(
                    switch (profile.eap().method()) {
                        case EapSettings.Method.MsChapV2 local ->
                                local.users().size()
                                        + (local.users().size() == 1 ? " user" : " users")
                                        + " by EAP-MSCHAPv2";
                        case EapSettings.Method.Tls _ -> "peers by EAP-TLS";
                        case EapSettings.Method.Radius _ -> "whom the RADIUS servers accept";
                    });
        }
        String text = kinds.isEmpty() ? "nobody" : String.join(" and ", kinds);
        return new AdmittedPeers(text, keys == 1 && kinds.size() == 1);
    }
}
