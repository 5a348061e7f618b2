package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.voucher.VoucherChain;
import dev.postern.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A seed that is refused at the first octet teaches a fuzzer nothing: these get to the end.
final class SeedsReachTest {
    private static byte[] seed(Class<?> type, String method, String name) throws IOException {
        Path resources = Path.of("src/test/resources");
        return Files.readAllBytes(
                new FuzzTarget(type.getName(), method).inputs(resources).resolve(name));
    }

    @Test
    void fragmentsAreJoined() throws IOException {
        for (String name : new String[] {"in-order", "out-of-order", "forged"}) {
            byte[] program = seed(FragmentsFuzz.class, "fragments", name);
            assertThat(new FragmentsFuzz().run(program)).as(name).isEqualTo(1);
        }
        byte[] halves = seed(FragmentsFuzz.class, "fragments", "cut-anew");
        assertThat(new FragmentsFuzz().run(halves)).isZero();
    }

    @Test
    void aStandbyRecordIsTakenOver() throws IOException, MalformedException {
        byte[] octets = seed(StandbyFuzz.class, "aRecord", "ike-sa");
        long held =
                EndpointNeighbourhood.settled()
                        .takenOver(StandbyFormat.decode(SecretBytes.copyOf(octets)));
        assertThat(held).isEqualTo(1);
    }

    @Test
    void aVoucherIsTrusted() throws IOException, JOSEException {
        byte[] claims = seed(VoucherFuzz.class, "claims", "that-hold");
        assertThat(VoucherFuzz.judgeOwn(claims)).isInstanceOf(VoucherChain.Verdict.Trusted.class);
    }
}
