package dev.postern.gateway.revocation;

import dev.postern.gateway.configuration.CertificateSettings;
import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Profile;
import dev.postern.gateway.discovery.Reach;
import dev.postern.gateway.eap.ChainJudge;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;
import dev.postern.pki.RevocationStatus;
import dev.postern.pki.RevocationUrls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// All news of revocation of a daemon: lists in files, which are watched, lists at addresses, which
/// are fetched ahead, and what is looked up for a peer that waits. A bounded number of peers is
/// looked up for at once; whoever comes beyond that hears that nothing was found.
public final class RevocationNews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationNews.class);
    private static final int MOST_AT_ONCE = 64;
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final RevocationFiles files;
    private final Web web;
    private final ListAddresses addresses;
    private final Responders responders;
    private final Staples staples;
    private final ChainRevocation chains;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);
    private final Semaphore refreshing = new Semaphore(1);
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("revocation-news-", 0).factory());
    private volatile Consumer<RevocationEvidence> listener = _ -> {};

    RevocationNews(
            List<CertificateSettings> settings,
            Clock clock,
            Duration patience,
            List<Reach> reaches) {
        this.web = new Web(patience, reaches, Web.trustingTheUsual());
        this.files = RevocationFiles.of(settings);
        this.addresses =
                new ListAddresses(
                        web,
                        clock,
                        settings.stream()
                                .flatMap(each -> each.online().lists().stream())
                                .collect(Collectors.toUnmodifiableSet()));
        this.responders = new Responders(web, clock);
        this.staples = new Staples(responders, clock, settings);
        this.chains = new ChainRevocation(clock);
    }

    /// For all profiles of a gateway.
    public static RevocationNews of(GatewayConfiguration configuration, Clock clock) {
        List<@Nullable CertificateSettings> settings = new ArrayList<>();
        for (Profile profile : configuration.profiles()) {
            settings.add(profile.certificates());
            settings.add(profile.eap() == null ? null : profile.eap().certificates());
        }
        return of(settings, clock, List.of(Reach.OF_THE_HOST));
    }

    /// For a client.
    ///
    /// @param reaches of the servers that are asked, the first to be tried first
    public static RevocationNews of(
            ClientConfiguration configuration, Clock clock, List<Reach> reaches) {
        List<@Nullable CertificateSettings> settings = new ArrayList<>();
        settings.add(configuration.certificates());
        settings.add(configuration.eap() == null ? null : configuration.eap().certificates());
        return of(settings, clock, reaches);
    }

    /// For the tables of these; the tables' readers have found their files good a moment ago.
    public static RevocationNews of(
            List<@Nullable CertificateSettings> settings, Clock clock, List<Reach> reaches) {
        return new RevocationNews(
                settings.stream().filter(Objects::nonNull).toList(),
                clock,
                Web.USUAL_PATIENCE,
                reaches);
    }

    /// Tells what is known now, and each time that it is more.
    public void start(ScheduledExecutorService timer, Consumer<RevocationEvidence> told) {
        listener = told;
        tell();
        timer.scheduleWithFixedDelay(
                this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        timer.execute(this::look);
    }

    private void look() {
        lookAtFiles();
        if (refreshing.tryAcquire()) {
            try {
                threads.execute(() -> {
                    try {
                        boolean lists = addresses.refresh();
                        if (staples.refresh() || lists) {
                            tell();
                        }
                    } finally {
                        refreshing.release();
                    }
                });
            } catch (RejectedExecutionException closing) {
                refreshing.release();
            }
        }
    }

    private synchronized void lookAtFiles() {
        if (files.look()) {
            tell();
        }
    }

    /// One at a time from the gathering on, so that what is older is never told last.
    private synchronized void tell() {
        RevocationEvidence all = files.evidence().and(addresses.evidence()).and(staples.evidence());
        synchronized (chains) {
            all = chains.know(all);
        }
        listener.accept(all);
    }

    /// What judges the chains of EAP-TLS.
    public ChainJudge judge(CertificateSettings settings) {
        return chain -> {
            ChainRevocation.Verdict verdict = judge(settings, chain, RevocationEvidence.NONE);
            if (!verdict.open().isEmpty()) {
                Ask.LookUpRevocation ask =
                        new Ask.LookUpRevocation(verdict.open(), settings.online().sources());
                verdict = judge(settings, chain, lookUpHere(ask));
            }
            return verdict.fault();
        };
    }

    /// Resumes are to know what was seen here, and the endpoint judges those.
    private ChainRevocation.Verdict judge(
            CertificateSettings settings, List<X509Certificate> chain, RevocationEvidence found) {
        ChainRevocation.Verdict verdict;
        synchronized (chains) {
            verdict = chains.judge(settings, chain, found);
        }
        if (verdict.news()) {
            tell();
        }
        return verdict;
    }

    /// Looks up on the caller's thread; nothing is found where too many do that at once.
    private RevocationEvidence lookUpHere(Ask.LookUpRevocation ask) {
        if (ask.sources().isEmpty() || !room.tryAcquire()) {
            return RevocationEvidence.NONE;
        }
        try {
            return find(ask);
        } finally {
            room.release();
        }
    }

    /// Looks up what an endpoint asks; the answer comes from another thread.
    public void lookUp(Ask.LookUpRevocation ask, Consumer<Answer> answer) {
        if (!room.tryAcquire()) {
            LOG.warn("too many peers wait for news of revocation; one goes without");
            answer.accept(new Answer.RevocationFound(RevocationEvidence.NONE));
            return;
        }
        try {
            threads.execute(() -> {
                RevocationEvidence found = RevocationEvidence.NONE;
                try {
                    found = find(ask);
                } catch (RuntimeException e) {
                    LOG.error("looking up revocation failed; this is a bug in Postern", e);
                } finally {
                    room.release();
                    answer.accept(new Answer.RevocationFound(found));
                }
            });
        } catch (RejectedExecutionException closing) {
            room.release();
            answer.accept(new Answer.RevocationFound(RevocationEvidence.NONE));
        }
    }

    private RevocationEvidence find(Ask.LookUpRevocation ask) {
        RevocationSources sources = ask.sources();
        Map<X509Certificate, byte[]> responses = new HashMap<>();
        List<RevocationStatus.Unknown> open = new ArrayList<>();
        for (RevocationStatus.Unknown each : ask.unknown()) {
            byte[] response = responders.ask(each, respondersFor(each, sources), sources.nonce());
            if (response == null) {
                open.add(each);
            } else {
                responses.put(each.certificate(), response);
            }
        }
        boolean learned = false;
        for (RevocationStatus.Unknown each : open) {
            if (sources.certificates()) {
                for (String address : RevocationUrls.listsOf(each.certificate())) {
                    learned |= addresses.learn(address);
                }
            }
        }
        if (learned) {
            tell();
        }
        return addresses.evidence().and(new RevocationEvidence(List.of(), responses));
    }

    static List<String> respondersFor(
            RevocationStatus.Unknown question, RevocationSources sources) {
        if (!sources.responders().isEmpty()) {
            return sources.responders();
        }
        return sources.certificates()
                ? RevocationUrls.respondersOf(question.certificate())
                : List.of();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        web.close();
    }
}
