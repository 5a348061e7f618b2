package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.daemon.VoucherBook.Pair;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// By whose word a member stands in for a lost one, and what members tell of themselves.
final class VoucherBookTest {
    private final Map<Pair, Octets> tokens = new HashMap<>();

    private Octets sign(String issuer, String successor) {
        Octets token = Octets.of((issuer + ">" + successor).getBytes(StandardCharsets.US_ASCII));
        tokens.put(new Pair(issuer, successor), token);
        return token;
    }

    private List<Octets> chain(String lost, String successor) {
        return VoucherBook.chain(tokens, lost, successor);
    }

    @Test
    void theLostMembersOwnWordIsTheShortestWay() {
        sign("a", "c");
        sign("c", "b");
        Octets direct = sign("a", "b");
        assertThat(chain("a", "b")).containsExactly(direct);
    }

    @Test
    void aMemberThatCameLaterIsNamedByTheOthers() {
        Octets first = sign("a", "b");
        Octets second = sign("b", "c");
        sign("c", "a");
        assertThat(chain("a", "c")).containsExactly(first, second);
    }

    @Test
    void threeVouchersAreTheLongestWay() {
        sign("a", "b");
        sign("b", "c");
        sign("c", "d");
        sign("d", "e");
        assertThat(chain("a", "d")).hasSize(3);
        assertThat(chain("a", "e")).isEmpty();
    }

    @Test
    void whoIsVouchedForByNobodyStandsInForNobody() {
        sign("b", "a");
        assertThat(chain("a", "b")).isEmpty();
    }

    @Test
    void anIntroductionComesBackAsItWasTold() {
        Introduction told =
                new Introduction(
                        Identity.fqdn("gw-a.example"),
                        List.of(new GatewayList.Address(Octets.ofHex("c0000201"), 0)),
                        Octets.ofHex("ab".repeat(32)),
                        Octets.EMPTY);
        byte[] octets = told.encode();
        assertThat(Introduction.decode(octets)).isEqualTo(told);
        for (int length = 0; length < octets.length; length++) {
            // Nothing that is cut short is taken for whole, and nothing throws.
            assertThat(Introduction.decode(Arrays.copyOf(octets, length))).isNotEqualTo(told);
        }
    }
}
