package dev.postern.pki;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// What stands in a responder's answer (RFC 6960 section 4.2.1), read and not judged: who signed it
/// is [RevocationEvidence]'s to find out.
///
/// @param answers for each certificate that it speaks of
/// @param nonce that it repeats; empty for none
public record OcspResponse(List<Single> answers, byte[] nonce) {
    /// The longest answer that is looked at.
    public static final int LONGEST = 1 << 16;

    private static final byte[] BASIC = HexFormat.of().parseHex("2b0601050507300101");
    private static final byte[] NONCE = HexFormat.of().parseHex("2b0601050507300102");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'");
    private static final int MOST_ANSWERS = 64;
    private static final int CONSTRUCTED_0 = 0xa0;
    private static final int CONSTRUCTED_1 = 0xa1;

    /// @param nextUpdate null where the responder always has newer news
    public record Single(CertificateId id, Instant thisUpdate, @Nullable Instant nextUpdate) {}

    public OcspResponse {
        answers = List.copyOf(answers);
    }

    /// Decodes an answer in DER.
    ///
    /// @throws UnreadableException where it is none, or says that there is none
    public static OcspResponse decode(byte[] octets) throws UnreadableException {
        if (octets.length > LONGEST) {
            throw new UnreadableException(
                    "an OCSP response of "
                            + octets.length
                            + " octets; wanted are at most "
                            + LONGEST);
        }
        try {
            Der response = Der.only(octets, Der.SEQUENCE);
            byte[] status = response.content(Der.ENUMERATED);
            if (status.length != 1 || status[0] != 0) {
                throw new UnreadableException(
                        "the OCSP responder gives no answer: " + statusText(status));
            }
            Der bytes = response.enter(CONSTRUCTED_0).enter(Der.SEQUENCE);
            if (!Arrays.equals(bytes.content(Der.OBJECT_IDENTIFIER), BASIC)) {
                throw new UnreadableException("an OCSP response of an unknown type");
            }
            Der basic = Der.only(bytes.content(Der.OCTET_STRING), Der.SEQUENCE);
            return data(basic.enter(Der.SEQUENCE));
        } catch (MalformedDerException | DateTimeException e) {
            throw new UnreadableException("not an OCSP response");
        }
    }

    private static String statusText(byte[] status) {
        return switch (status.length == 1 ? status[0] : -1) {
            case 1 -> "malformed request";
            case 2 -> "internal error";
            case 3 -> "try later";
            case 5 -> "signature required";
            case 6 -> "unauthorized";
            default -> "an unknown status";
        };
    }

    private static OcspResponse data(Der data) throws MalformedDerException {
        if (data.isNext(CONSTRUCTED_0)) {
            data.skip();
        }
        // ResponderID, by name or by key, and producedAt.
        data.skip();
        data.skip();
        Der responses = data.enter(Der.SEQUENCE);
        List<Single> answers = new ArrayList<>();
        while (!responses.isEmpty() && answers.size() < MOST_ANSWERS) {
            answers.add(single(responses.enter(Der.SEQUENCE)));
        }
        byte[] nonce = new byte[0];
        if (data.isNext(CONSTRUCTED_1)) {
            Der extensions = data.enter(CONSTRUCTED_1).enter(Der.SEQUENCE);
            while (!extensions.isEmpty()) {
                Der extension = extensions.enter(Der.SEQUENCE);
                if (Arrays.equals(extension.content(Der.OBJECT_IDENTIFIER), NONCE)) {
                    if (!extension.isNext(Der.OCTET_STRING)) {
                        extension.skip();
                    }
                    nonce = Der.of(extension.content(Der.OCTET_STRING)).content(Der.OCTET_STRING);
                }
            }
        }
        return new OcspResponse(answers, nonce);
    }

    private static Single single(Der single) throws MalformedDerException {
        CertificateId id = CertificateId.decode(single.enter(Der.SEQUENCE));
        // good, revoked or unknown
        single.skip();
        Instant thisUpdate = time(single.content(Der.GENERALIZED_TIME));
        Instant nextUpdate = null;
        if (single.isNext(CONSTRUCTED_0)) {
            nextUpdate = time(single.enter(CONSTRUCTED_0).content(Der.GENERALIZED_TIME));
        }
        return new Single(id, thisUpdate, nextUpdate);
    }

    private static Instant time(byte[] octets) {
        return LocalDateTime.parse(new String(octets, StandardCharsets.US_ASCII), TIME)
                .toInstant(ZoneOffset.UTC);
    }

    /// What it says of one certificate; null for nothing.
    ///
    /// @param issuer null where it is not at hand: one of its name is taken for it then
    public @Nullable Single about(X509Certificate certificate, @Nullable X509Certificate issuer) {
        for (Single each : answers) {
            if (each.id().isOf(certificate, issuer)) {
                return each;
            }
        }
        return null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OcspResponse that
                && answers.equals(that.answers)
                && Arrays.equals(nonce, that.nonce);
    }

    @Override
    public int hashCode() {
        return answers.hashCode();
    }
}
