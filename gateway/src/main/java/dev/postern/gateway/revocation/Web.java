package dev.postern.gateway.revocation;

import dev.postern.gateway.discovery.Reach;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocketFactory;

/// Fetches by HTTP what is small, soon, and from where it was sent to: bounded in octets and in
/// time from the first octet to the last, by no proxy, and redirected within the same scheme only.
/// Of several ways to a server the first has a head start of half a second, and the first answer
/// counts. Any thread may call.
final class Web implements AutoCloseable {
    /// How long anything may take while a peer waits.
    static final Duration USUAL_PATIENCE = Duration.ofSeconds(2);

    /// Where nobody does.
    static final Duration LONG = Duration.ofSeconds(30);

    private static final int MOST_REDIRECTS = 3;
    private static final long HEAD_START_NANOS = 500_000_000;
    private static final int OK = 200;

    private final Duration patience;
    private final List<Reach> reaches;
    private final SSLSocketFactory tls;

    /// Looking a name up as the host's programs do cannot be ended early, and would keep one of the
    /// few threads that carry virtual ones.
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("revocation-", 0).factory());

    /// @param reaches of all servers, the first to be tried first
    Web(Duration patience, List<Reach> reaches, SSLSocketFactory tls) {
        this.patience = patience;
        this.reaches = List.copyOf(reaches);
        this.tls = tls;
    }

    /// TLS whose authorities are those of the JDK.
    static SSLSocketFactory trustingTheUsual() {
        return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }

    Duration patience() {
        return patience;
    }

    byte[] get(URI address, int longest) throws IOException {
        return get(address, longest, patience);
    }

    byte[] get(URI address, int longest, Duration limit) throws IOException {
        return bySomeWay(
                limit,
                reach -> {
                    URI at = address;
                    for (int i = 0; i <= MOST_REDIRECTS; i++) {
                        HttpAnswer answer =
                                ask(reach, at, head("GET", at, ""), new byte[0], longest, limit);
                        if (answer.status() / 100 != 3) {
                            return content(answer);
                        }
                        at = redirection(at, answer);
                    }
                    throw new IOException("more than " + MOST_REDIRECTS + " redirections");
                });
    }

    byte[] post(URI address, String type, byte[] octets, int longest) throws IOException {
        String fields = "Content-Type: " + type + "\r\nContent-Length: " + octets.length + "\r\n";
        return bySomeWay(
                patience,
                reach ->
                        content(
                                ask(
                                        reach,
                                        address,
                                        head("POST", address, fields),
                                        octets,
                                        longest,
                                        patience)));
    }

    /// What is asked by one way.
    @FunctionalInterface
    private interface Question {
        byte[] ask(Reach reach) throws IOException, InterruptedException;
    }

    /// What has come of a question by one way.
    ///
    /// @param trouble why there is no content; null where there is
    private record Outcome(int way, byte[] content, @Nullable String trouble) {}

    private byte[] bySomeWay(Duration limit, Question question) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        CompletionService<Outcome> outcomes = new ExecutorCompletionService<>(threads);
        List<Future<Outcome>> asked = new ArrayList<>();
        SortedMap<Integer, String> troubles = new TreeMap<>();
        try {
            while (troubles.size() < reaches.size()) {
                if (asked.size() < reaches.size()) {
                    int way = asked.size();
                    asked.add(outcomes.submit(() -> outcome(way, question)));
                }
                boolean last = asked.size() == reaches.size();
                long left = deadline - System.nanoTime();
                Future<Outcome> next =
                        outcomes.poll(
                                last ? left : Math.min(left, HEAD_START_NANOS),
                                TimeUnit.NANOSECONDS);
                if (next != null) {
                    Outcome outcome = next.get();
                    if (outcome.trouble() == null) {
                        return outcome.content();
                    }
                    troubles.put(outcome.way(), outcome.trouble());
                } else if (last) {
                    troubles.put(
                            reaches.size(), "no whole answer within " + limit.toSeconds() + " s");
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the daemon is ending", e);
        } catch (ExecutionException e) {
            throw new IOException("the question has failed: " + e.getCause(), e);
        } catch (RejectedExecutionException e) {
            throw new IOException("the daemon is ending", e);
        } finally {
            asked.forEach(each -> each.cancel(true));
        }
        throw new IOException(String.join("; ", troubles.values()));
    }

    private Outcome outcome(int way, Question question) throws InterruptedException {
        Reach reach = reaches.get(way);
        try {
            return new Outcome(way, question.ask(reach), null);
        } catch (IOException e) {
            String words = e.getMessage() == null ? "no connection" : e.getMessage();
            return new Outcome(
                    way, new byte[0], reaches.size() == 1 ? words : reach.name() + ": " + words);
        }
    }

    private HttpAnswer ask(
            Reach reach, URI address, byte[] head, byte[] octets, int longest, Duration limit)
            throws IOException, InterruptedException {
        try (Connection connection = Connection.open(address, reach, tls, limit)) {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(head);
            request.writeBytes(octets);
            OutputStream out = connection.out();
            request.writeTo(out);
            out.flush();
            return HttpAnswer.read(connection.in(), longest);
        }
    }

    /// RFC 9112 section 3. A URL has neither blanks nor ends of lines.
    private static byte[] head(String method, URI address, String fields) {
        URI ascii = URI.create(address.toASCIIString());
        String path =
                ascii.getRawPath() == null || ascii.getRawPath().isEmpty()
                        ? "/"
                        : ascii.getRawPath();
        String target = ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
        String host = ascii.getHost() + (ascii.getPort() < 0 ? "" : ":" + ascii.getPort());
        return (method
                        + " "
                        + target
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\nUser-Agent: Postern\r\nAccept: */*\r\nConnection: close\r\n"
                        + fields
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] content(HttpAnswer answer) throws IOException {
        if (answer.status() != OK) {
            throw new IOException("the server answered with status " + answer.status());
        }
        return answer.content();
    }

    private static URI redirection(URI from, HttpAnswer answer) throws IOException {
        @Nullable String location = answer.location();
        try {
            URI to = location == null ? null : from.resolve(location);
            if (to != null && from.getScheme().equalsIgnoreCase(to.getScheme())) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IOException("a redirection that leaves " + from.getScheme());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
