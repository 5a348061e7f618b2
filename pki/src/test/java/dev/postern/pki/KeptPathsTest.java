package dev.postern.pki;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// T-CERT-4: what is remembered of certificates is bounded, by number and by time.
class KeptPathsTest {
    private final KeptPaths paths = new KeptPaths();

    private static ChainVerdict.Trusted trusted() throws UnreadableException {
        return Fixtures.trusted(Fixtures.anchors().judge(Fixtures.chain("c07"), Fixtures.NOW));
    }

    /// The digits of a number choose among the certificates: as many chains as numbers.
    private static CertificateChain chain(int number) throws UnreadableException {
        List<X509Certificate> all =
                List.of(
                        Fixtures.certificate("c07"),
                        Fixtures.certificate("gw-a"),
                        Fixtures.certificate("ca"));
        List<X509Certificate> chain = new ArrayList<>(List.of(all.getFirst()));
        for (int rest = number; rest > 0; rest /= 3) {
            chain.add(all.get(rest % 3));
        }
        return new CertificateChain(chain);
    }

    @Test
    void theLeastUsedGiveWay() throws UnreadableException {
        ChainVerdict.Trusted verdict = trusted();
        int most = KeptPaths.MOST;
        for (int i = 0; i < most; i++) {
            paths.keep(chain(i), verdict);
        }
        assertThat(paths.find(chain(0), Fixtures.NOW)).isNotNull();
        for (int i = most; i < most + 10; i++) {
            paths.keep(chain(i), verdict);
        }
        assertThat(paths.find(chain(0), Fixtures.NOW)).as("was used just now").isNotNull();
        for (int i = 1; i <= 10; i++) {
            assertThat(paths.find(chain(i), Fixtures.NOW)).as("chain %d", i).isNull();
        }
        assertThat(paths.find(chain(most + 9), Fixtures.NOW)).isNotNull();
    }

    @Test
    void nothingIsRememberedBeyondItsValidity() throws UnreadableException {
        ChainVerdict.Trusted verdict = trusted();
        paths.keep(chain(0), verdict);
        Instant over = verdict.notAfter().plusSeconds(1);
        assertThat(paths.find(chain(0), over)).isNull();
        assertThat(paths.find(chain(0), Fixtures.NOW)).as("is forgotten").isNull();

        paths.keep(chain(0), verdict);
        Instant early = verdict.leaf().getNotBefore().toInstant().minus(Duration.ofSeconds(1));
        assertThat(paths.find(chain(0), early)).isNull();
    }
}
