package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;
import dev.postern.gateway.daemon.VoucherBook.Pair;
import dev.postern.ike.HeldVouchers;
import dev.postern.ike.voucher.Voucher;
import dev.postern.voucher.VoucherSigner;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Keeps the members of a loose cluster vouching for each other: each tells who it is, each signs
/// for every other one and renews that when half of its life has passed, and all of it lies with
/// all of them.
///
///     gateway/NODE              who it is                    voucher/ISSUER/SUCCESSOR   a token
///
/// On a thread of its own.
final class VoucherDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VoucherDesk.class);
    private static final String GATEWAY = "gateway/";
    private static final String VOUCHER = "voucher/";
    private static final long INTERVAL_SECONDS = 5;

    /// Clients' clocks may be late by so much.
    private static final long EARLY_SECONDS = 300;

    private final Board board;
    private final String node;
    private final String domain;
    private final Introduction self;
    private final VoucherSigner signer;
    private final long lifetimeSeconds;
    private final Clock clock;
    private final Entropy entropy;
    private final Consumer<HeldVouchers> endpoint;
    private final Map<String, Signed> signed = new HashMap<>();
    private HeldVouchers told = HeldVouchers.NONE;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("vouchers").factory());

    /// Where every member reads what each has written.
    interface Board {
        /// Null where nothing stands.
        byte @Nullable [] get(String name);

        void put(String name, byte[] value);

        void put(String name, byte[] value, long seconds);

        /// Every entry whose name begins so.
        Map<String, byte[]> all(String prefix);

        /// Tells the names of entries as they are written, on any thread.
        void listen(Consumer<String> hears);
    }

    private record Signed(Introduction about, Octets token, long renewAt) {}

    /// @param endpoint learns what we hold, on our thread
    VoucherDesk(
            Board board,
            String node,
            String domain,
            Introduction self,
            VoucherSigner signer,
            Duration lifetime,
            Clock clock,
            Entropy entropy,
            Consumer<HeldVouchers> endpoint) {
        this.board = board;
        this.node = node;
        this.domain = domain;
        this.self = self;
        this.signer = signer;
        this.lifetimeSeconds = lifetime.toSeconds();
        this.clock = clock;
        this.entropy = entropy;
        this.endpoint = endpoint;
    }

    void start() {
        board.listen(name -> {
            if (name.startsWith(GATEWAY)) {
                later();
            }
        });
        thread.scheduleWithFixedDelay(this::tend, 0, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    private void later() {
        try {
            thread.execute(this::tend);
        } catch (RejectedExecutionException ended) {
            LOG.debug("the gateway ends");
        }
    }

    /// One look, as the thread has it from time to time.
    void tend() {
        try {
            introduce();
            vouch();
        } catch (RuntimeException e) {
            // The cluster is changing just now; the next look makes up for it.
            LOG.info("vouchers are looked at again later: {}", e.getMessage());
        }
    }

    private void introduce() {
        byte[] own = self.encode();
        byte[] said = board.get(GATEWAY + node);
        if (said == null || !Octets.of(said).equals(Octets.of(own))) {
            board.put(GATEWAY + node, own);
        }
    }

    private void vouch() {
        long now = clock.instant().getEpochSecond();
        Map<GatewayList.Entry, List<Octets>> tokens = new HashMap<>();
        board.all(GATEWAY)
                .forEach((name, octets) -> {
                    String other = name.substring(GATEWAY.length());
                    Introduction about = other.equals(node) ? null : Introduction.decode(octets);
                    if (about != null) {
                        Octets token = sign(other, about, now);
                        about.gateways().forEach(gateway -> tokens.put(gateway, List.of(token)));
                    }
                });
        HeldVouchers held = new HeldVouchers(tokens, signer.publicKey());
        if (!held.equals(told)) {
            told = held;
            endpoint.accept(held);
        }
    }

    private Octets sign(String other, Introduction about, long now) {
        Signed before = signed.get(other);
        if (before != null && before.about().equals(about) && now < before.renewAt()) {
            return before.token();
        }
        Voucher voucher =
                new Voucher(
                        self.identity(),
                        domain,
                        about.identity(),
                        about.gateways(),
                        about.key(),
                        about.certificate(),
                        now,
                        now - EARLY_SECONDS,
                        now + lifetimeSeconds,
                        Octets.of(entropy.octets(16)).hex());
        Octets token = signer.sign(voucher, entropy);
        board.put(VOUCHER + node + "/" + other, token.array(), lifetimeSeconds);
        signed.put(other, new Signed(about, token, now + lifetimeSeconds / 2));
        LOG.info("vouched for {} for {} s", other, lifetimeSeconds);
        return token;
    }

    /// By which word this gateway stands in for a lost one; empty for none. For any thread, and may
    /// wait for the grid.
    List<Octets> chainFrom(String lost) {
        Map<Pair, Octets> tokens = new HashMap<>();
        board.all(VOUCHER)
                .forEach((name, token) -> {
                    String[] parts = name.substring(VOUCHER.length()).split("/", 2);
                    if (parts.length == 2) {
                        tokens.put(new Pair(parts[0], parts[1]), Octets.of(token));
                    }
                });
        return VoucherBook.chain(tokens, lost, node);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
