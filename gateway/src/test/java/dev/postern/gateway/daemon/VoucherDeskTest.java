package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SigningKey;
import dev.postern.ike.Answer;
import dev.postern.ike.HeldVouchers;
import dev.postern.ike.voucher.Voucher;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.issue.Authority;
import dev.postern.pki.issue.Draft;
import dev.postern.voucher.VoucherReader;
import dev.postern.voucher.VoucherSigner;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Members of a loose cluster that keep vouching for each other (failover profile, "Hot standby").
final class VoucherDeskTest {
    private static final Duration LIFETIME = Duration.ofHours(24);
    private static final GatewayList.Entry A = address("c0000201");
    private static final GatewayList.Entry B = address("c0000202");
    private static final Entropy ENTROPY = new Random(7)::nextBytes;

    private final Moving clock = new Moving();
    private final Shared board = new Shared();
    private HeldVouchers heldByA = HeldVouchers.NONE;
    private final VoucherDesk a = desk("gw-a", A, held -> heldByA = held);
    private final VoucherDesk b = desk("gw-b", B, _ -> {});

    private static final class Moving extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /// What all members read; what was good for a while is gone after it.
    private final class Shared implements VoucherDesk.Board {
        private record Entry(byte[] value, Instant until) {}

        private final Map<String, Entry> entries = new TreeMap<>();

        @Override
        public byte @Nullable [] get(String name) {
            return all(name).get(name);
        }

        @Override
        public void put(String name, byte[] value) {
            entries.put(name, new Entry(value, Instant.MAX));
        }

        @Override
        public void put(String name, byte[] value, long seconds) {
            entries.put(name, new Entry(value, clock.instant().plusSeconds(seconds)));
        }

        @Override
        public Map<String, byte[]> all(String prefix) {
            Map<String, byte[]> found = new TreeMap<>();
            entries.forEach((name, entry) -> {
                if (name.startsWith(prefix) && clock.instant().isBefore(entry.until())) {
                    found.put(name, entry.value());
                }
            });
            return found;
        }

        @Override
        public void listen(Consumer<String> hears) {}
    }

    private static GatewayList.Entry address(String hexadecimal) {
        return new GatewayList.Address(Octets.ofHex(hexadecimal), 0);
    }

    private VoucherDesk desk(String node, GatewayList.Entry at, Consumer<HeldVouchers> endpoint) {
        VoucherSigner signer = VoucherSigner.of(credentials(node), false);
        return new VoucherDesk(
                board,
                node,
                "vpn.example",
                new Introduction(
                        Identity.fqdn(node + ".example"),
                        List.of(at),
                        signer.thumbprint(),
                        signer.fingerprint()),
                signer,
                LIFETIME,
                clock,
                ENTROPY,
                endpoint);
    }

    private Credentials credentials(String node) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair pair = generator.generateKeyPair();
            SigningKey key = SigningKey.of(SecretBytes.owning(pair.getPrivate().getEncoded()));
            Draft draft =
                    new Draft(
                            Draft.commonName(node),
                            pair.getPublic().getEncoded(),
                            clock.instant(),
                            clock.instant().plus(Duration.ofDays(30)),
                            List.of());
            return new Credentials(
                    new CertificateChain(List.of(Authority.selfSigned(draft, key, ENTROPY))), key);
        } catch (GeneralSecurityException | InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    private void bothLook() {
        a.tend();
        b.tend();
        a.tend();
    }

    /// What gw-b can show of gw-a's word.
    private Voucher word() {
        List<Octets> chain = b.chainFrom("gw-a");
        assertThat(chain).hasSize(1);
        Answer read = VoucherReader.read(chain, clock.instant().getEpochSecond());
        assertThat(read).isInstanceOf(Answer.VouchersRead.class);
        return ((Answer.VouchersRead) read).vouchers().getFirst().voucher();
    }

    @Test
    void eachVouchesForTheOtherAndBothHoldItsWord() {
        bothLook();
        Voucher word = word();
        assertThat(word.issuer()).isEqualTo(Identity.fqdn("gw-a.example"));
        assertThat(word.successor()).isEqualTo(Identity.fqdn("gw-b.example"));
        assertThat(word.domain()).isEqualTo("vpn.example");
        assertThat(word.addresses()).containsExactly(B);
        assertThat(word.expiresAt()).isEqualTo(clock.instant().plus(LIFETIME).getEpochSecond());
        assertThat(a.chainFrom("gw-b")).hasSize(1);
        assertThat(heldByA.about(B)).isEqualTo(b.chainFrom("gw-a"));
    }

    @Test
    void aVoucherIsRenewedWhenHalfOfItsLifeHasPassed() {
        bothLook();
        Voucher first = word();
        clock.pass(LIFETIME.dividedBy(2).minusSeconds(1));
        bothLook();
        assertThat(word()).isEqualTo(first);
        clock.pass(Duration.ofSeconds(1));
        bothLook();
        assertThat(word().expiresAt()).isEqualTo(clock.instant().plus(LIFETIME).getEpochSecond());
        assertThat(heldByA.about(B)).as("who calls by it").isEqualTo(b.chainFrom("gw-a"));
    }

    @Test
    void aLostGatewaysWordOutlivesItByHalfALifeAtLeastAndEndsThen() {
        bothLook();
        clock.pass(LIFETIME.dividedBy(2).minusSeconds(1));
        a.tend();
        Duration half = LIFETIME.dividedBy(2);
        clock.pass(half);
        b.tend();
        assertThat(word().expiresAt()).isGreaterThan(clock.instant().getEpochSecond());
        clock.pass(Duration.ofSeconds(1));
        assertThat(b.chainFrom("gw-a")).isEmpty();
    }

    @Test
    void whoComesBackAtAnotherAddressIsVouchedForAnew() {
        bothLook();
        GatewayList.Entry moved = address("c0000203");
        VoucherDesk again = desk("gw-b", moved, _ -> {});
        again.tend();
        a.tend();
        assertThat(word().addresses()).containsExactly(moved);
        assertThat(heldByA.about(B)).isEmpty();
    }
}
