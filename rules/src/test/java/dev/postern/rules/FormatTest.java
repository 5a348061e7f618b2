package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.FormatterException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Every Java file is laid out by the formatter.
class FormatTest {
    @Test
    void everyJavaFileIsFormatted() throws IOException {
        assertThat(SourceFormat.unformatted(Tree.here().root()))
                .as("files that the formatter would change; repair: %s", SourceFormat.REPAIR)
                .isEmpty();
    }

    @Test
    void aCrookedFileIsFoundOutsideBuildOutput(@TempDir Path scratch) throws IOException {
        Files.createDirectories(scratch.resolve("target"));
        Files.writeString(scratch.resolve("Crooked.java"), "class   Crooked {}\n");
        Files.writeString(scratch.resolve("Straight.java"), "class Straight {}\n");
        Files.writeString(scratch.resolve("target/Generated.java"), "class   Generated {}\n");

        assertThat(SourceFormat.unformatted(scratch)).containsExactly(Path.of("Crooked.java"));
    }

    @Test
    void whatTheFormatterMadeIsNotChangedAgain() throws FormatterException {
        String once =
                SourceFormat.format(
                        "class A { String[] a = {\"%s\", \"b\"}; }".formatted("word ".repeat(40)));
        assertThat(SourceFormat.format(once)).isEqualTo(once);
    }

    @Test
    void theSyntaxOfJava25AndMarkdownCommentsSurvive() throws FormatterException {
        String source =
                """
                package a;

                /// The exchange:
                ///
                /// ```
                /// HDR(SPIi, 0)   -->
                ///                <--  HDR(SPIi, SPIr)
                /// ```
                class A {
                    record P(int a, Object b) {}

                    A() {
                        int y = 3;
                        super();
                    }

                    int f(Object o) {
                        return switch (o) {
                            case P(int a, P(_, _)) when a > 3 -> a;
                            case Integer _, String _ -> 1;
                            default -> 0;
                        };
                    }
                }
                """;
        assertThat(SourceFormat.format(source)).isEqualTo(source);
    }
}
