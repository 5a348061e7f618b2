package dev.postern.gateway.revocation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `openssl ocsp` on a port that was free a moment ago: with port 0 it takes another one after each
/// request.
final class OpensslResponder implements AutoCloseable {
    private static final Pattern WAITING = Pattern.compile("ocsp: waiting for .*");

    private final Process process;
    private final String address;

    /// @param signer whose certificate and key sign, as files without their endings
    OpensslResponder(IssuingAuthority authority, String signer, String... more) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "ocsp",
                                "-port",
                                String.valueOf(port),
                                "-index",
                                authority.file("index.txt"),
                                "-CA",
                                authority.file("ca.pem"),
                                "-rsigner",
                                signer + ".pem",
                                "-rkey",
                                signer + ".key"));
        words.addAll(List.of(more));
        process = new ProcessBuilder(words).redirectErrorStream(true).start();
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder seen = new StringBuilder();
        Matcher matcher = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.append(line).append('\n');
            matcher = WAITING.matcher(line);
            if (matcher.matches()) {
                break;
            }
        }
        if (matcher == null || !matcher.matches()) {
            process.destroyForcibly();
            throw new IOException("openssl ocsp did not begin: " + seen);
        }
        address = "http://127.0.0.1:" + port + "/";
        Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
    }

    String address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
