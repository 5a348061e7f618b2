package dev.postern.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Octets that are looked for in all that a daemon holds: every reachable object of its process, as
/// the JVM itself writes them down, and its files. Nobody is asked what he knows.
final class HeldOctets {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PART = 1 << 22;
    private static final String DUMP = ".hprof";

    /// Several forms each: one character an octet.
    private final Map<String, Set<String>> forms = new TreeMap<>();

    private static String latin(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private HeldOctets form(String name, String characters) {
        forms.computeIfAbsent(name, _ -> new TreeSet<>()).add(characters);
        return this;
    }

    /// As octets, and as their text.
    HeldOctets text(String name, String text) {
        return form(name, text);
    }

    /// As octets, which a `long` is as well in a dump, and as hexadecimal digits.
    HeldOctets octets(String name, String digits) {
        return form(name, digits).form(name, latin(HexFormat.of().parseHex(digits)));
    }

    /// An IPv6 address, as octets: of four octets, as of an IPv4 address, a heap has some by
    /// chance.
    HeldOctets address(String name, String address) throws IOException {
        return form(name, latin(InetAddress.ofLiteral(address).getAddress()));
    }

    /// The names of what stands in a dump.
    Set<String> inMemory(Path dump) {
        return in(List.of(dump));
    }

    /// Writes down every object that a daemon can reach, keys among them: the caller removes it.
    static Path dump(PosternDaemon daemon, String name) {
        Path dump = daemon.host().lab().file(name + DUMP);
        Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        "-J-Dsun.tools.attach.attachTimeout=" + PATIENCE.toMillis(),
                        Long.toString(daemon.process().pid()),
                        "GC.heap_dump",
                        dump.toString())
                .within(PATIENCE)
                .runSuccessfully();
        return dump;
    }

    /// The files that a host's daemon has written, its log among them, and its configuration.
    static List<Path> files(NetworkNamespace host) {
        Path directory = host.lab().directory();
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes what) {
                            String name = directory.relativize(file).toString();
                            if (name.startsWith(host.host()) && !name.endsWith(DUMP)) {
                                files.add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            // It had a name for a moment only, until it took another one's place.
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /// The names of what stands somewhere in these files.
    Set<String> in(List<Path> files) {
        Set<String> found = new TreeSet<>();
        files.forEach(file -> search(file, found));
        return found;
    }

    private void search(Path file, Set<String> found) {
        int longest =
                forms.values().stream()
                        .flatMap(Set::stream)
                        .mapToInt(String::length)
                        .max()
                        .orElse(0);
        try (InputStream input = Files.newInputStream(file)) {
            String end = "";
            for (byte[] part = input.readNBytes(PART);
                    part.length > 0;
                    part = input.readNBytes(PART)) {
                String text = end + latin(part);
                forms.forEach((name, each) -> {
                    if (each.stream().anyMatch(text::contains)) {
                        found.add(name);
                    }
                });
                end = text.substring(Math.max(0, text.length() - longest));
            }
        } catch (NoSuchFileException e) {
            // Another one has taken its place, which has a name of its own.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
