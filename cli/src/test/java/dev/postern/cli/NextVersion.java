package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// A Postern to come: it reads records of sessions as this one writes them, and writes them in a
/// form of its own, which this one cannot read.
final class NextVersion {
    private static final Path SOURCE =
            Path.of("../ticket/src/main/java/dev/postern/ticket/store/StoredSession.java");

    private NextVersion() {}

    /// Compiles what is different in it.
    ///
    /// @param directory for sources and classes
    /// @return the classes, which go before those of this version
    static Path compile(Path directory) throws IOException {
        String source = Files.readString(SOURCE);
        source = replaced(source, "VERSION = 1;", "VERSION = 2;");
        source =
                replaced(
                        source,
                        "reader.u8(\"version\") != VERSION",
                        "reader.u8(\"version\") > VERSION");
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Path file = Files.writeString(directory.resolve("StoredSession.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int exit =
                compiler.run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        file.toString());
        assertThat(exit).as("it compiles").isZero();
        return classes;
    }

    private static String replaced(String source, String ours, String next) {
        assertThat(source.split(Pattern.quote(ours), -1)).as(ours).hasSize(2);
        return source.replace(ours, next);
    }
}
