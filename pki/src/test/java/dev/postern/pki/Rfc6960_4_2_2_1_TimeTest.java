package dev.postern.pki;

import static dev.postern.pki.Fixtures.NOW;
import static dev.postern.pki.Fixtures.chain;
import static dev.postern.pki.Fixtures.trusted;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// How long an OCSP response counts, RFC 6960 section 4.2.2.1: one whose nextUpdate is past is not
/// to be relied on.
class Rfc6960_4_2_2_1_TimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /// What "ca" says of "c07".
    private static byte[] good(Instant thisUpdate, @Nullable Instant nextUpdate) throws Exception {
        return new OcspByHand()
                .good(
                        OcspByHand.id("ca", Fixtures.certificate("c07"), OcspByHand.SHA_1),
                        thisUpdate,
                        nextUpdate)
                .encoded(thisUpdate);
    }

    private static RevocationStatus status(byte[] response, Instant at) throws Exception {
        X509Certificate certificate = Fixtures.certificate("c07");
        return new RevocationEvidence(List.of(), Map.of(certificate, response))
                .statusOf(trusted(Fixtures.anchors().judge(chain("c07"), at)), at);
    }

    @Test
    void aResponseVouchesUntilItsNextUpdateAndNotAMomentLonger() throws Exception {
        Instant next = NOW.plus(Duration.ofHours(1));
        byte[] response = good(NOW, next);

        assertThat(status(response, NOW)).isEqualTo(new RevocationStatus.Good(next));
        assertThat(status(response, next.minus(SECOND))).isEqualTo(new RevocationStatus.Good(next));
        assertThat(status(response, next.plus(SECOND)))
                .isInstanceOf(RevocationStatus.Unknown.class);
    }

    /// Without nextUpdate the responder says that it always has newer news; ours is kept for ten
    /// minutes.
    @Test
    void aResponseWithoutNextUpdateVouchesForTenMinutes() throws Exception {
        Instant end = NOW.plus(Duration.ofMinutes(10));
        byte[] response = good(NOW, null);

        assertThat(status(response, end.minus(SECOND))).isEqualTo(new RevocationStatus.Good(end));
        assertThat(status(response, end.plus(SECOND))).isInstanceOf(RevocationStatus.Unknown.class);
    }
}
