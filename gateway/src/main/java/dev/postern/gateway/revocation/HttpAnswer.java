package dev.postern.gateway.revocation;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a server of HTTP/1.1 says to one question on a connection of its own (RFC 9112), bounded.
///
/// @param location where it says that the answer is; null where it does not
/// @param content without its transfer coding
record HttpAnswer(int status, @Nullable String location, byte[] content) {
    /// Octets of the lines before the content.
    private static final int LONGEST_HEAD = 16_384;

    private static final int LONGEST_CHUNK_LINE = 1_024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.([0-9]) ([1-5][0-9]{2})( .*)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,15})[ \t]*(;.*)?");
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /// Reads to the end of the answer and no further.
    ///
    /// @param longest octets of content
    /// @throws IOException with the reason in words where it is none, too long, or not whole
    static HttpAnswer read(InputStream in, int longest) throws IOException {
        Lines lines = new Lines(in, LONGEST_HEAD);
        while (true) {
            Matcher status = STATUS.matcher(lines.next());
            if (!status.matches()) {
                throw new IOException("what it says is no HTTP/1.1");
            }
            Map<String, List<String>> fields = fields(lines);
            int code = Integer.parseInt(status.group(2));
            // RFC 9110 section 15.2: one or more interim answers may come before the final one.
            if (code >= 200) {
                boolean coded = fields.containsKey("transfer-encoding");
                if (coded && status.group(1).equals("0")) {
                    // RFC 9112 section 6.1: "as if the framing is faulty".
                    throw new IOException("a transfer coding in HTTP/1.0");
                }
                byte[] content =
                        code == NO_CONTENT || code == NOT_MODIFIED
                                ? new byte[0]
                                : content(in, fields, longest);
                List<String> location = fields.getOrDefault("location", List.of());
                return new HttpAnswer(
                        code, location.isEmpty() ? null : location.getFirst(), content);
            }
        }
    }

    private static Map<String, List<String>> fields(Lines lines) throws IOException {
        Map<String, List<String>> fields = new HashMap<>();
        for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                throw new IOException("a field of its answer is none");
            }
            fields.computeIfAbsent(
                            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                            _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return fields;
    }

    /// RFC 9112 section 6.3.
    private static byte[] content(InputStream in, Map<String, List<String>> fields, int longest)
            throws IOException {
        List<String> codings = fields.getOrDefault("transfer-encoding", List.of());
        if (!codings.isEmpty()) {
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new IOException("a transfer coding that nobody asked for");
            }
            return chunks(in, longest);
        }
        List<String> lengths =
                fields.getOrDefault("content-length", List.of()).stream().distinct().toList();
        if (lengths.isEmpty()) {
            byte[] all = in.readNBytes(longest + 1);
            require(all.length, longest);
            return all;
        }
        if (lengths.size() > 1 || !LENGTH.matcher(lengths.getFirst()).matches()) {
            throw new IOException("the length of its answer is none");
        }
        return exactly(in, Long.parseLong(lengths.getFirst()), longest);
    }

    /// RFC 9112 section 7.1.
    private static byte[] chunks(InputStream in, int longest) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (true) {
            Matcher size = CHUNK.matcher(new Lines(in, LONGEST_CHUNK_LINE).next());
            if (!size.matches()) {
                throw new IOException("the length of a chunk of its answer is none");
            }
            long octets = Long.parseLong(size.group(1), 16);
            if (octets == 0) {
                // Its trailer says nothing that is wanted.
                return content.toByteArray();
            }
            content.writeBytes(exactly(in, octets, longest - content.size()));
            if (!new Lines(in, 2).next().isEmpty()) {
                throw new IOException("a chunk of its answer is longer than it says");
            }
        }
    }

    private static byte[] exactly(InputStream in, long octets, int longest) throws IOException {
        require(octets, longest);
        byte[] all = in.readNBytes((int) octets);
        if (all.length < octets) {
            throw hungUp();
        }
        return all;
    }

    private static void require(long octets, int longest) throws IOException {
        if (octets > longest) {
            throw new IOException("its answer is longer than it may be");
        }
    }

    private static EOFException hungUp() {
        return new EOFException("it hung up before the end of its answer");
    }

    /// Lines that end in CR LF, or in LF alone (RFC 9112 section 2.2), of so many octets together.
    private static final class Lines {
        private final InputStream in;
        private int left;

        Lines(InputStream in, int most) {
            this.in = in;
            this.left = most;
        }

        String next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (true) {
                int octet = in.read();
                if (octet < 0) {
                    throw hungUp();
                }
                if (left-- == 0) {
                    throw new IOException("a line of its answer is longer than it may be");
                }
                if (octet == '\n') {
                    String text = line.toString(StandardCharsets.ISO_8859_1);
                    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
                }
                line.write(octet);
            }
        }
    }
}
