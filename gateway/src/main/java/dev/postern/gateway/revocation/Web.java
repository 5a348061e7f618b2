package dev.postern.gateway.revocation;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Fetches by HTTP what is small, soon, and from where it was sent to: bounded in octets and in
/// time from the first octet to the last, by no proxy, and redirected within the same scheme only.
final class Web implements AutoCloseable {
    /// How long anything may take while a peer waits.
    static final Duration USUAL_PATIENCE = Duration.ofSeconds(2);

    /// Where nobody does.
    static final Duration LONG = Duration.ofSeconds(30);

    private static final int MOST_REDIRECTS = 3;

    private final Duration patience;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(LONG)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .executor(
                            Executors.newThreadPerTaskExecutor(
                                    Thread.ofVirtual().name("revocation-", 0).factory()))
                    .build();

    Web(Duration patience) {
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    byte[] get(URI address, int longest) throws IOException {
        return get(address, longest, patience);
    }

    byte[] get(URI address, int longest, Duration limit) throws IOException {
        URI at = address;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<byte[]> response =
                    send(HttpRequest.newBuilder(at).GET().build(), longest, limit);
            if (response.statusCode() / 100 != 3) {
                return body(response);
            }
            at = redirection(at, response);
        }
        throw new IOException("more than " + MOST_REDIRECTS + " redirections");
    }

    byte[] post(URI address, String type, byte[] octets, int longest) throws IOException {
        return body(
                send(
                        HttpRequest.newBuilder(address)
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(octets))
                                .build(),
                        longest,
                        patience));
    }

    private static byte[] body(HttpResponse<byte[]> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException("the server answered with status " + response.statusCode());
        }
        return response.body();
    }

    private static URI redirection(URI from, HttpResponse<byte[]> response) throws IOException {
        @Nullable String location = response.headers().firstValue("Location").orElse(null);
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

    private HttpResponse<byte[]> send(HttpRequest request, int longest, Duration limit)
            throws IOException {
        CompletableFuture<HttpResponse<byte[]>> response =
                client.sendAsync(
                        request,
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), longest));
        try {
            return response.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(
                    cause == null || cause.getMessage() == null
                            ? "no connection"
                            : cause.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the daemon is ending", e);
        } finally {
            response.cancel(true);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
