package dev.postern.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// Compiles a few lines that break a rule, so that each rule is shown to find something.
final class Snippet {
    private Snippet() {}

    static CompiledClass compile(Path scratch, String body) throws IOException {
        Path source = scratch.resolve("Offender.java");
        Files.writeString(source, "package offending;\nclass Offender {\n" + body + "\n}\n");
        JavaCompiler javac = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        int outcome =
                javac.run(
                        null,
                        null,
                        null,
                        List.of("-nowarn", "-encoding", UTF_8.name(), source.toString())
                                .toArray(String[]::new));
        if (outcome != 0) {
            throw new IllegalArgumentException("the snippet does not compile: " + body);
        }
        return CompiledClass.read(scratch.resolve("Offender.class"));
    }
}
