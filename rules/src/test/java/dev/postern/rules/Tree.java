package dev.postern.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The source tree with what Maven has built in it.
record Tree(Path root) {
    /// The tree this test runs in: Surefire starts it in the directory of its module.
    static Tree here() {
        return new Tree(Path.of("..").toAbsolutePath().normalize());
    }

    /// The modules, by the directories that hold a `pom.xml`.
    List<String> modules() throws IOException {
        try (Stream<Path> directories = Files.list(root)) {
            return directories
                    .filter(directory -> Files.exists(directory.resolve("pom.xml")))
                    .map(directory -> directory.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /// What the module ships; never empty, since each module has a `package-info` at least.
    List<CompiledClass> classes(String module) throws IOException {
        return classesIn(root.resolve(module).resolve("target/classes"));
    }

    static List<CompiledClass> classesIn(Path directory) throws IOException {
        List<CompiledClass> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                classes.add(CompiledClass.read(file));
            }
        }
        return classes;
    }

    /// Every text file outside build output and Git's own directory, by its path in the tree.
    Map<Path, String> texts() throws IOException {
        Map<Path, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> isSource(root.relativize(file)))
                    .forEach(file -> readText(file, texts));
        }
        return texts;
    }

    private void readText(Path file, Map<Path, String> texts) {
        try {
            texts.put(root.relativize(file), Files.readString(file));
        } catch (MalformedInputException _) {
            // Not a text: a binary test vector.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSource(Path relative) {
        for (Path part : relative) {
            String name = part.toString();
            if (name.equals("target") || name.equals(".git") || name.equals(".idea")) {
                return false;
            }
        }
        return true;
    }
}
