package dev.postern.gateway.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.eap.TlsEngine;
import dev.postern.gateway.configuration.CertificateSettings;
import dev.postern.gateway.discovery.Reach;
import dev.postern.gateway.eap.ChainJudge;
import dev.postern.gateway.eap.TlsEngines;
import dev.postern.gateway.eap.TlsIdentity;
import dev.postern.ike.CertificatePolicy.Revocation;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;
import dev.postern.pki.TrustAnchors;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// EAP-TLS holds certificates to the same news of revocation as IKE does, at both ends.
class EapTlsRevocationTest {
    private static final RevocationSources NOWHERE = new RevocationSources(List.of(), false, false);
    private static final int MOST_STEPS = 20;

    @TempDir private Path directory = Path.of("");
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<AutoCloseable> open = new ArrayList<>();
    private IssuingAuthority authority;
    private X509Certificate server;
    private X509Certificate client;

    @BeforeEach
    void makeAnAuthority() throws Exception {
        authority = new IssuingAuthority(directory, "authority");
        server = authority.issue("server");
        client = authority.issue("client");
    }

    @AfterEach
    void end() throws Exception {
        timer.shutdownNow();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private TlsIdentity identity(String name, X509Certificate certificate) throws Exception {
        String pem = Files.readString(Path.of(authority.file(name + ".key")));
        byte[] key =
                Base64.getMimeDecoder()
                        .decode(
                                pem.replaceAll("-----[A-Z ]+-----", "")
                                        .getBytes(StandardCharsets.US_ASCII));
        return new TlsIdentity(
                List.of(certificate),
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
                List.of(authority.certificate()),
                List.of("server"));
    }

    private Path list(X509Certificate... revoked) throws Exception {
        return Files.write(
                directory.resolve("list.crl"),
                authority.list(revoked.length, Duration.ofDays(1), revoked));
    }

    private ChainJudge judge(Revocation revocation, List<Path> lists, RevocationSources sources) {
        return judge(authority.certificate(), revocation, lists, sources);
    }

    private ChainJudge judge(
            X509Certificate trusted,
            Revocation revocation,
            List<Path> lists,
            RevocationSources sources) {
        return judge(trusted, revocation, lists, sources, _ -> {});
    }

    /// @param told what the endpoint, which judges resumes, is told
    private ChainJudge judge(
            X509Certificate trusted,
            Revocation revocation,
            List<Path> lists,
            RevocationSources sources,
            Consumer<RevocationEvidence> told) {
        CertificateSettings settings =
                new CertificateSettings(
                        null,
                        new TrustAnchors(List.of(trusted)),
                        List.of(),
                        revocation,
                        lists,
                        RevocationEvidence.NONE,
                        new CertificateSettings.Online(List.of(), sources, false));
        RevocationNews news =
                new RevocationNews(
                        List.of(settings),
                        Clock.systemUTC(),
                        Duration.ofMinutes(2),
                        List.of(Reach.OF_THE_HOST));
        open.add(news);
        news.start(timer, told);
        return news.judge(settings);
    }

    /// What stopped either end; null where both have finished.
    private @Nullable String fault(ChainJudge ofServer, ChainJudge ofClient) throws Exception {
        try (TlsEngine gateway = new TlsEngines(identity("server", server), ofServer).server();
                TlsEngine peer = new TlsEngines(identity("client", client), ofClient).client()) {
            TlsEngine.Progress fromPeer = peer.advance(new byte[0]);
            for (int i = 0; i < MOST_STEPS; i++) {
                TlsEngine.Progress fromGateway = gateway.advance(fromPeer.output());
                if (fromGateway.failure() != null) {
                    return fromGateway.failure();
                }
                if (fromGateway.finished() && fromPeer.finished()) {
                    return null;
                }
                fromPeer = peer.advance(fromGateway.output());
                if (fromPeer.failure() != null) {
                    return fromPeer.failure();
                }
            }
            throw new AssertionError("the handshake does not end");
        }
    }

    @Test
    void whoIsOnNoListIsLetIn() throws Exception {
        ChainJudge strict = judge(Revocation.STRICT, List.of(list()), NOWHERE);
        assertThat(fault(strict, strict)).isNull();
    }

    @Test
    void aClientOnTheListIsRefusedUnlessNobodyLooks() throws Exception {
        List<Path> lists = List.of(list(client));
        for (Revocation each : List.of(Revocation.STRICT, Revocation.RELAXED)) {
            assertThat(fault(judge(each, lists, NOWHERE), ChainJudge.LENIENT))
                    .contains("CN=client")
                    .contains("is revoked");
        }
        assertThat(fault(judge(Revocation.OFF, lists, NOWHERE), ChainJudge.LENIENT)).isNull();
    }

    /// TLS itself does not look at how long an authority is valid.
    @Test
    void anAuthorityThatIsNotValidVouchesForNobodyWhetherListsAreLookedAtOrNot() throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        X509Certificate early =
                authority.renewed(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(9)));
        X509Certificate late =
                authority.renewed(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)));
        for (Revocation each : List.of(Revocation.OFF, Revocation.RELAXED)) {
            assertThat(fault(judge(early, each, List.of(), NOWHERE), ChainJudge.LENIENT))
                    .contains("CN=authority is valid from");
            assertThat(fault(ChainJudge.LENIENT, judge(late, each, List.of(), NOWHERE)))
                    .contains("CN=authority expired at");
        }
    }

    @Test
    void aServerOnTheListIsRefusedByItsClient() throws Exception {
        ChainJudge client = judge(Revocation.RELAXED, List.of(list(server)), NOWHERE);
        assertThat(fault(ChainJudge.LENIENT, client)).contains("CN=server").contains("is revoked");
    }

    @Test
    void whereNothingIsKnownStrictRefusesAndRelaxedDoesNot() throws Exception {
        assertThat(fault(judge(Revocation.STRICT, List.of(), NOWHERE), ChainJudge.LENIENT))
                .contains("nothing current is known");
        assertThat(fault(judge(Revocation.RELAXED, List.of(), NOWHERE), ChainJudge.LENIENT))
                .isNull();
    }

    @Test
    void aResponderOfOcspIsAsked() throws Exception {
        try (OpensslResponder openssl =
                new OpensslResponder(authority, authority.file("ca"), "-ndays", "1")) {
            RevocationSources sources =
                    new RevocationSources(List.of(openssl.address()), false, false);
            ChainJudge strict = judge(Revocation.STRICT, List.of(), sources);
            assertThat(fault(strict, ChainJudge.LENIENT)).isNull();
        }
        authority.revoke(client);
        try (OpensslResponder openssl =
                new OpensslResponder(authority, authority.file("ca"), "-ndays", "1")) {
            RevocationSources sources =
                    new RevocationSources(List.of(openssl.address()), false, false);
            ChainJudge relaxed = judge(Revocation.RELAXED, List.of(), sources);
            assertThat(fault(relaxed, ChainJudge.LENIENT)).contains("is revoked");
        }
    }

    private boolean isNamed(@Nullable RevocationEvidence told) {
        byte[] issuer = client.getIssuerX500Principal().getEncoded();
        return told != null
                && told.names(
                        name -> Arrays.equals(name, issuer), client.getSerialNumber(), List::of);
    }

    /// A session is resumed without its certificates: what was seen of them here counts there.
    @Test
    void whatAResponderHasSaidIsToldToWhoJudgesResumes() throws Exception {
        authority.revoke(client);
        try (OpensslResponder openssl =
                new OpensslResponder(authority, authority.file("ca"), "-ndays", "1")) {
            AtomicReference<RevocationEvidence> told = new AtomicReference<>();
            ChainJudge relaxed =
                    judge(
                            authority.certificate(),
                            Revocation.RELAXED,
                            List.of(),
                            new RevocationSources(List.of(openssl.address()), false, false),
                            told::set);
            assertThat(isNamed(told.get())).isFalse();

            assertThat(fault(relaxed, ChainJudge.LENIENT)).contains("is revoked");

            assertThat(isNamed(told.get())).isTrue();
        }
    }

    /// From then on its lists count for resumes, wherever they come from.
    @Test
    void anAuthorityThatWasMetIsToldToWhoJudgesResumes() throws Exception {
        AtomicReference<RevocationEvidence> told = new AtomicReference<>();
        ChainJudge relaxed =
                judge(authority.certificate(), Revocation.RELAXED, List.of(), NOWHERE, told::set);
        RevocationEvidence fetched =
                new RevocationEvidence(
                        RevocationEvidence.decodeLists(
                                authority.list(1, Duration.ofDays(1), client)),
                        Map.of());
        assertThat(isNamed(fetched)).isFalse();

        assertThat(fault(relaxed, ChainJudge.LENIENT)).isNull();

        RevocationEvidence met = Objects.requireNonNull(told.get());
        assertThat(isNamed(fetched.remembering(met))).isTrue();
    }
}
