package dev.postern.ticket;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/// The session of the published vector: EAP, two Child SAs, and a payload of a newer version.
final class PublishedSession {
    private PublishedSession() {}

    static Session get() {
        Session eap = Sessions.eap();
        SessionChildSa further =
                new SessionChildSa(
                        Sessions.ESP,
                        List.of(Sessions.EVERYTHING),
                        List.of(Sessions.INNER_HOST),
                        true,
                        false);
        return new Session(
                eap.kind(),
                digest("session id", 16),
                3,
                2,
                eap.initiator(),
                eap.responder(),
                eap.authenticatedIdentity(),
                eap.ikeProposal(),
                SecretBytes.owning(digest("RS", 48).array()),
                digest("SH", 48),
                List.of(further, Sessions.TUNNEL),
                eap.configuration(),
                eap.authenticationMethod(),
                eap.authenticatedAt(),
                eap.issuedAt(),
                eap.expiresAt(),
                eap.hardDeadline(),
                eap.profile(),
                eap.domain(),
                eap.extensions(),
                eap.peerCertificate(),
                eap.aaaAttributes(),
                List.of(new Payload.Unknown(222, false, Octets.ofAscii("of a newer version"))));
    }

    private static Octets digest(String what, int length) {
        try {
            byte[] octets =
                    MessageDigest.getInstance("SHA-384")
                            .digest(what.getBytes(StandardCharsets.US_ASCII));
            return Octets.of(Arrays.copyOf(octets, length));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
