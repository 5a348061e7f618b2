package dev.postern.ike.exchange;

import dev.postern.ike.CertificatePolicy;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.ChainVerdict;
import dev.postern.pki.OcspResponse;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.UnreadableException;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// OCSP responses that the peers bring each other, RFC 4806: who wants them says so by CERTREQ, who
/// has them puts one into CERT for each certificate of its chain.
final class InBandOcsp {
    /// OCSP Content (RFC 4806 section 3).
    static final int OCSP_CONTENT = 14;

    private static final int MOST_RESPONSES = CertificateChain.MOST_CERTIFICATES;

    private InBandOcsp() {}

    /// CERTREQ without the hash of a responder: any that the issuer has appointed will do (section
    /// 3.2).
    static List<Payload> request(CertificatePolicy policy) {
        return policy.peers() == null || policy.revocation() == CertificatePolicy.Revocation.OFF
                ? List.of()
                : List.of(new Payload.CertificateRequest(OCSP_CONTENT, Octets.EMPTY));
    }

    static boolean isAskedFor(List<Payload> payloads) {
        return payloads.stream()
                .anyMatch(each ->
                        each instanceof Payload.CertificateRequest request
                                && request.encoding() == OCSP_CONTENT);
    }

    /// Whether it is asked for in an IKE_SA_INIT response.
    static boolean isAskedFor(byte[] firstResponse) {
        try {
            Message message = MessageCodec.decode(firstResponse);
            return isAskedFor(message.payloads());
        } catch (MalformedException e) {
            return false;
        }
    }

    /// What is at hand about our own chain, as long as it holds.
    static List<Payload> own(Turn turn, CertificateChain chain) {
        Instant now = Instant.ofEpochSecond(turn.now().epochSeconds());
        List<Payload> payloads = new ArrayList<>();
        for (X509Certificate each : chain.certificates()) {
            byte[] response = turn.revocationEvidence().responseAbout(each);
            if (response != null && holds(response, each, now)) {
                payloads.add(new Payload.Certificate(OCSP_CONTENT, Octets.of(response)));
            }
        }
        return payloads;
    }

    private static boolean holds(byte[] response, X509Certificate certificate, Instant now) {
        try {
            OcspResponse.Single single = OcspResponse.decode(response).about(certificate, null);
            return single != null && RevocationEvidence.goodUntil(single).isAfter(now);
        } catch (UnreadableException e) {
            return false;
        }
    }

    /// What the peer brought about a path that is trusted: to be believed as far as its signatures
    /// go, like any response.
    static RevocationEvidence broughtFor(ChainVerdict.Trusted path, List<Payload> payloads) {
        Map<X509Certificate, byte[]> responses = new HashMap<>();
        int looked = 0;
        for (Payload payload : payloads) {
            if (payload instanceof Payload.Certificate certificate
                    && certificate.encoding() == OCSP_CONTENT
                    && looked++ < MOST_RESPONSES) {
                add(certificate.data().array(), path, responses);
            }
        }
        return responses.isEmpty()
                ? RevocationEvidence.NONE
                : new RevocationEvidence(List.of(), responses);
    }

    private static void add(
            byte[] response, ChainVerdict.Trusted path, Map<X509Certificate, byte[]> responses) {
        try {
            OcspResponse decoded = OcspResponse.decode(response);
            for (int i = 0; i < path.path().size(); i++) {
                if (decoded.about(path.path().get(i), path.issuerOf(i)) != null) {
                    responses.putIfAbsent(path.path().get(i), response);
                }
            }
        } catch (UnreadableException e) {
            // As if it had not been sent: nothing is known then.
        }
    }
}
