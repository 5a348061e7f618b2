package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Shares.Keep;
import dev.postern.cluster.Shares.Range;
import dev.postern.cluster.Shares.Share;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.List;

class SharesTest {
    private static final Share OURS = share("gw-a", "east", "10.9.0.1", "10.9.0.99");
    private static final Share NEXT = share("gw-b", "east", "10.9.0.100", "10.9.0.199");
    private static final Share FAR = share("gw-c", "west", "10.9.0.200", "10.9.0.250");

    private final Shares shares = new Shares("gw-a", "east");

    private static Share share(String node, String site, String first, String last) {
        return new Share(node, site, List.of(new Range(address(first), address(last))));
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private Keep judge(String address) {
        return shares.judge(address(address));
    }

    @Test
    void whatIsOursIsOursAndWhatIsANeighboursHasToBeOwnedFirst() {
        List.of(OURS, NEXT, FAR).forEach(shares::learn);
        assertThat(judge("10.9.0.1")).isEqualTo(Keep.OURS);
        assertThat(judge("10.9.0.99")).isEqualTo(Keep.OURS);
        assertThat(judge("10.9.0.100")).isEqualTo(Keep.ONCE_OWNED);
    }

    @Test
    void whatIsOfAnotherSiteOrOfNobodyIsNotKept() {
        List.of(OURS, NEXT, FAR).forEach(shares::learn);
        assertThat(judge("10.9.0.200")).isEqualTo(Keep.NO);
        assertThat(judge("10.9.0.251")).isEqualTo(Keep.NO);
        assertThat(judge("2001:db8::1")).isEqualTo(Keep.NO);
    }

    @Test
    void aShareTravelsAsARecord() {
        Fields record = Fields.decode(Shares.encode(FAR).encode());
        assertThat(record).isNotNull();
        assertThat(Shares.decode(record)).isEqualTo(FAR);
    }
}
