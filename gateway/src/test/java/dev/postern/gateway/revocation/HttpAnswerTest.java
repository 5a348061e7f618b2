package dev.postern.gateway.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// RFC 9112: where an answer ends, whatever a server makes of it. In these texts `|` is CR LF.
class HttpAnswerTest {
    private static final int LONGEST = 10;

    private static HttpAnswer read(String text) throws IOException {
        return HttpAnswer.read(new ByteArrayInputStream(octets(text)), LONGEST);
    }

    private static byte[] octets(String text) {
        return text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String content(String text) throws IOException {
        return new String(read(text).content(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "HTTP/1.1 200 OK|Content-Length: 5||helloAndMore,hello",
                "HTTP/1.1 200|content-length:5||hello,hello",
                "HTTP/1.0 200 OK||hello,hello",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|he|3;x=y|llo|0||,hello",
                "HTTP/1.1 200 OK|Transfer-Encoding: Chunked|Content-Length: 2||5|hello|0||,hello",
                "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 5||hello,hello",
                "HTTP/1.1 103 Early Hints|Link: x||HTTP/1.1 200 OK|Content-Length: 5||hello,hello",
                "HTTP/1.1 204 No Content|Content-Length: 5||hello,\"\"",
            })
    void anAnswerEndsWhereItSays(String text, String content) throws IOException {
        assertThat(content(text)).isEqualTo(content);
        assertThat(content(text.replace("|", "\n"))).as("ends of lines are LF").isEqualTo(content);
    }

    @ParameterizedTest
    @CsvSource({
        "'',hung up",
        "HTTP/1.1 200 OK|Content-Length: 5||hell,hung up",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|he|,hung up",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hel,hung up",
        "HTTP/1.1 200 OK|Content-Length: 5,hung up",
        "HTTP/1.1 200 OK|Content-Length: 11||hello,longer than it may be",
        "HTTP/1.1 200 OK|Content-Length: 999999999999999999||x,longer than it may be",
        "HTTP/1.1 200 OK||hello to you,longer than it may be",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||6|hello |6|to you|0||,longer than it may be",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||fffffffffffffff|x,longer than it may be",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||-1|x,the length of a chunk",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|hello|0||,longer than it",
        "HTTP/1.1 200 OK|Transfer-Encoding: gzip||x,transfer coding",
        "HTTP/1.0 200 OK|Transfer-Encoding: chunked||0||,transfer coding in HTTP/1.0",
        "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 6||hello,the length of its answer",
        "HTTP/1.1 200 OK|Content-Length: -5||hello,the length of its answer",
        "HTTP/1.1 200 OK|no field||,a field of its answer",
        "HTTP/1.1 200 OK|A: b| folded||,a field of its answer",
        "SSH-2.0-OpenSSH|,no HTTP/1.1",
        "HTTP/2 200|,no HTTP/1.1",
        "HTTP/1.1 2000 OK|,no HTTP/1.1",
    })
    void whatIsNoWholeAnswerIsRefusedInWords(String text, String reason) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aHeadThatGoesOnIsLeft() {
        String line = "HTTP/1.1 200 OK|X: " + "x".repeat(20_000);
        assertThatThrownBy(() -> read(line)).hasMessageContaining("longer than it may be");
        String hints = "HTTP/1.1 100 Continue||".repeat(2_000);
        assertThatThrownBy(() -> read(hints)).hasMessageContaining("longer than it may be");
    }

    @Test
    void whereTheAnswerIsStandsInItsLocation() throws IOException {
        assertThat(read("HTTP/1.1 302 Found|Location: /ca.crl|Content-Length: 0||").location())
                .isEqualTo("/ca.crl");
        assertThat(read("HTTP/1.1 404 Not Found|Content-Length: 0||"))
                .satisfies(answer -> {
                    assertThat(answer.status()).isEqualTo(404);
                    assertThat(answer.location()).isNull();
                });
    }

    /// Every part of an answer whose end is told is none.
    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK|Content-Length: 5||hello",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|he|3|llo|0|",
    })
    void everyPrefixOfAnAnswerIsRefused(String text) throws IOException {
        assertThat(content(text)).isEqualTo("hello");
        byte[] whole = octets(text);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> HttpAnswer.read(new ByteArrayInputStream(part), LONGEST))
                    .as("%s octets", length)
                    .isInstanceOf(IOException.class);
        }
    }
}
