package dev.postern.ike.voucher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.voucher.VoucherChain.Fault;
import dev.postern.ike.voucher.VoucherChain.Verdict;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.NotaryByHand;
import dev.postern.ike.world.World;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// What a client believes of vouchers whose signatures verify (failover profile, "Hot standby").
final class VoucherChainTest {
    private static final long NOON = World.EPOCH + 43_200;

    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');
    private final GatewaySettings c = new GatewaySettings('c');
    private final GatewaySettings d = new GatewaySettings('d');
    private final GatewaySettings e = new GatewaySettings('e');

    private static VoucherAnchor knowing(GatewaySettings gateway) {
        return new VoucherAnchor(
                gateway.identity(), gateway.domain, NotaryByHand.thumbprint(gateway), Octets.EMPTY);
    }

    private static SignedVoucher signed(GatewaySettings signer, Voucher voucher) {
        return new SignedVoucher(NotaryByHand.thumbprint(signer), Octets.EMPTY, voucher);
    }

    private static List<SignedVoucher> chain(GatewaySettings... gateways) {
        List<SignedVoucher> links = new ArrayList<>();
        for (int i = 0; i + 1 < gateways.length; i++) {
            links.add(signed(gateways[i], NotaryByHand.voucher(gateways[i], gateways[i + 1])));
        }
        return links;
    }

    private Verdict judge(GatewaySettings target, List<SignedVoucher> vouchers, long now) {
        return VoucherChain.judge(knowing(a), NotaryByHand.address(target), vouchers, now);
    }

    private void assertRefused(Fault fault, GatewaySettings target, List<SignedVoucher> vouchers) {
        assertThat(judge(target, vouchers, NOON)).isEqualTo(new Verdict.Refused(fault));
    }

    private static Voucher between(long notBefore, long expiresAt, Voucher voucher) {
        return new Voucher(
                voucher.issuer(),
                voucher.domain(),
                voucher.successor(),
                voucher.addresses(),
                voucher.successorKey(),
                voucher.successorCertificate(),
                voucher.issuedAt(),
                notBefore,
                expiresAt,
                voucher.id());
    }

    @Test
    void theWordOfTheGatewayThatTheClientKnowsIsEnough() {
        assertThat(judge(b, chain(a, b), NOON))
                .isEqualTo(new Verdict.Trusted(b.identity(), NotaryByHand.address(b)));
    }

    @Test
    void threeVouchersMayChainByTheKeysThatTheyName() {
        assertThat(judge(d, chain(a, b, c, d), NOON))
                .isEqualTo(new Verdict.Trusted(d.identity(), NotaryByHand.address(d)));
    }

    @Test
    void aChainOfMoreThanThreeIsRefused() {
        assertRefused(Fault.TOO_MANY, e, chain(a, b, c, d, e));
    }

    @Test
    void aChainMayBeginBeforeTheGatewayThatTheClientKnows() {
        assertThat(judge(b, chain(c, a, b), NOON)).isInstanceOf(Verdict.Trusted.class);
    }

    @Test
    void theWordOfAWrongSignerIsRefused() {
        assertRefused(Fault.UNKNOWN_SIGNER, b, List.of(signed(c, NotaryByHand.voucher(a, b))));
    }

    @Test
    void aLinkThatAnotherHasSignedBreaksTheChain() {
        assertRefused(
                Fault.BROKEN_CHAIN,
                c,
                List.of(
                        signed(a, NotaryByHand.voucher(a, b)),
                        signed(e, NotaryByHand.voucher(b, c))));
    }

    @Test
    void aLinkOfAnotherIssuerBreaksTheChain() {
        assertRefused(
                Fault.BROKEN_CHAIN,
                c,
                List.of(
                        signed(a, NotaryByHand.voucher(a, b)),
                        signed(b, NotaryByHand.voucher(d, c))));
    }

    @Test
    void aVoucherInAnotherGatewaysNameIsRefused() {
        assertRefused(Fault.OTHER_ISSUER, b, List.of(signed(a, NotaryByHand.voucher(c, b))));
    }

    @Test
    void aVoucherOfAnotherDomainIsRefused() {
        GatewaySettings stranger = new GatewaySettings('a');
        stranger.domain = "other.example";
        assertRefused(Fault.OTHER_DOMAIN, b, List.of(signed(a, NotaryByHand.voucher(stranger, b))));
    }

    @Test
    void aVoucherIsGoodFromItsNotBeforeUpToItsExpiry() {
        List<SignedVoucher> vouchers =
                List.of(signed(a, between(NOON, NOON + 10, NotaryByHand.voucher(a, b))));
        assertThat(judge(b, vouchers, NOON - 1))
                .isEqualTo(new Verdict.Refused(Fault.NOT_YET_VALID));
        assertThat(judge(b, vouchers, NOON)).isInstanceOf(Verdict.Trusted.class);
        assertThat(judge(b, vouchers, NOON + 9)).isInstanceOf(Verdict.Trusted.class);
        assertThat(judge(b, vouchers, NOON + 10)).isEqualTo(new Verdict.Refused(Fault.EXPIRED));
    }

    @Test
    void anExpiredLinkSpoilsTheChain() {
        List<SignedVoucher> vouchers = new ArrayList<>(chain(a, b, c));
        vouchers.set(0, signed(a, between(0, NOON, NotaryByHand.voucher(a, b))));
        assertRefused(Fault.EXPIRED, c, vouchers);
    }

    @Test
    void aVoucherAboutAnotherGatewayIsRefused() {
        assertRefused(Fault.OTHER_SUCCESSOR, c, chain(a, b));
    }

    @Test
    void anAddressThatTheVoucherDoesNotNameIsRefused() {
        GatewayList.Entry elsewhere = new GatewayList.Address(Octets.ofHex("cb007109"), 0);
        assertThat(VoucherChain.judge(knowing(a), elsewhere, chain(a, b), NOON))
                .isEqualTo(new Verdict.Refused(Fault.OTHER_SUCCESSOR));
    }

    @Test
    void noVoucherIsNoWord() {
        assertRefused(Fault.NONE, b, List.of());
    }

    @Test
    void aClientThatKnowsNoKeyBelievesNobody() {
        VoucherAnchor nothing =
                new VoucherAnchor(a.identity(), a.domain, Octets.EMPTY, Octets.EMPTY);
        SignedVoucher unsigned =
                new SignedVoucher(Octets.EMPTY, Octets.EMPTY, NotaryByHand.voucher(a, b));
        assertThat(nothing.isUsable()).isFalse();
        assertThat(VoucherChain.judge(nothing, NotaryByHand.address(b), List.of(unsigned), NOON))
                .isEqualTo(new Verdict.Refused(Fault.UNKNOWN_SIGNER));
    }

    @Test
    void aCertificateIsKnownByItsDigestWhereverTheSessionIsNow() {
        Octets certificate = NotaryByHand.thumbprint(a);
        VoucherAnchor resumedAtB =
                new VoucherAnchor(b.identity(), b.domain, Octets.EMPTY, certificate);
        Octets ofB = NotaryByHand.thumbprint(b);
        Voucher aForB = NotaryByHand.voucher(a, b);
        Voucher named =
                new Voucher(
                        aForB.issuer(),
                        aForB.domain(),
                        aForB.successor(),
                        aForB.addresses(),
                        Octets.ofHex("01"),
                        ofB,
                        aForB.issuedAt(),
                        aForB.notBefore(),
                        aForB.expiresAt(),
                        aForB.id());
        List<SignedVoucher> chain =
                List.of(
                        new SignedVoucher(Octets.ofHex("02"), certificate, named),
                        new SignedVoucher(Octets.ofHex("03"), ofB, NotaryByHand.voucher(b, c)));
        assertThat(VoucherChain.judge(resumedAtB, NotaryByHand.address(c), chain, NOON))
                .isEqualTo(
                        new Verdict.Trusted(
                                Identity.fqdn("gw-c.example"), NotaryByHand.address(c)));
    }
}
