package dev.postern.lab;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// The classes of a gateway, loaded and linked ahead of time for one class path (JEP 514): the
/// hundreds of processes that a lab starts do that no more, which is half of what a start costs. It
/// is made by one gateway that runs for a moment, and kept beside the other results of the build;
/// for classes that stand in directories there is none.
final class AheadOfTimeCache {
    private static final System.Logger LOG = System.getLogger(AheadOfTimeCache.class.getName());
    private static final Path DIRECTORY = Path.of("target");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String GATEWAY =
            """
            identity = "gw.lab"
            secure-domain = "lab"
            member = 1
            tgs-keys = "tgs.keys"
            [listen]
            addresses = ["127.0.0.1"]
            [inside]
            mode = "endpoint"
            endpoint-addresses = ["10.1.0.1"]
            [pool.clients]
            addresses = "10.1.0.0/24"
            [profile.clients]
            pool = "clients"
            local-subnets = ["10.1.0.0/24"]
            [[profile.clients.peer]]
            id = "client.lab"
            psk = "a pre-shared key for nobody at all"
            [cluster]
            name = "lab"
            node = "node.lab"
            certificate = "node.lab.pem"
            private-key = "node.lab.key"
            trust = "ca/ca.pem"
            state = "state"
            [[cluster.member]]
            node = "node.lab"
            address = "127.0.0.1:7800"
            """;

    static final String MAIN = "dev.postern.cli.Postern";
    private static final String FRESH = "fresh.aot";

    /// Its arguments: the name of the cache, the JVM and its options, and the main class.
    private static final String SCRIPT =
            """
            cd "$0"
            cache=$1 java=$2
            shift 2
            "$java" "$@" pki ca --name lab --out ca
            "$java" "$@" pki member --ca ca node.lab
            (umask 077; "$java" "$@" tgs-key >tgs.keys)
            exec "$java" "-XX:AOTCacheOutput=$cache" "$@" gateway --config gateway.toml
            """;

    private static @Nullable List<String> known;

    private AheadOfTimeCache() {}

    /// The options of a JVM that runs Postern: the class path of this one, and the cache.
    ///
    /// @param jvm the JVM and its other options
    static synchronized List<String> classPath(List<String> jvm) {
        List<String> options = known;
        if (options == null) {
            options = find(jvm);
            known = options;
        }
        return options;
    }

    /// A cache is good for a class path that begins with its own, so the directories, which it must
    /// not have, come last.
    private static List<String> find(List<String> jvm) {
        List<Path> jars = new ArrayList<>();
        List<Path> directories = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            (Files.isRegularFile(path) ? jars : directories).add(path);
        }
        List<String> all = words(Stream.concat(jars.stream(), directories.stream()).toList());
        if (jars.stream()
                .noneMatch(jar -> jar.getFileName().toString().startsWith("postern-cli"))) {
            return all;
        }
        try {
            Path cache =
                    DIRECTORY.resolve("postern-" + digest(jvm, jars) + ".aot").toAbsolutePath();
            make(cache, jvm, words(jars));
            return Stream.concat(Stream.of("-XX:AOTCache=" + cache), all.stream()).toList();
        } catch (IOException | LabException e) {
            // It spares time, and nothing else.
            LOG.log(System.Logger.Level.WARNING, "Postern starts without a cache of classes", e);
            return all;
        }
    }

    private static List<String> words(List<Path> path) {
        return List.of(
                "-cp", String.join(File.pathSeparator, path.stream().map(Path::toString).toList()));
    }

    /// Another for each other JVM and each other build.
    private static String digest(List<String> jvm, List<Path> jars) throws IOException {
        StringBuilder text = new StringBuilder().append(jvm).append(Runtime.version());
        for (Path jar : jars) {
            text.append(jar).append(Files.size(jar)).append(Files.getLastModifiedTime(jar));
        }
        return UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8)).toString();
    }

    /// One process makes it, and the others wait.
    private static void make(Path cache, List<String> jvm, List<String> path) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                DIRECTORY.resolve("postern.aot.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock _ = channel.lock();
                Lab lab = Lab.open("Classes")) {
            if (Files.exists(cache)) {
                return;
            }
            lab.write("gateway.toml", GATEWAY);
            List<String> words = new ArrayList<>(List.of("/bin/sh", "-ec", SCRIPT));
            words.addAll(List.of(lab.directory().toString(), FRESH));
            words.addAll(jvm);
            words.addAll(path);
            words.add(MAIN);
            LabProcess gateway = lab.host("host").start("classes", words.toArray(String[]::new));
            gateway.awaitLine("gateway-ready", PATIENCE);
            gateway.signal(LabProcess.Signal.TERM);
            gateway.awaitExit(PATIENCE);
            Files.move(lab.file(FRESH), cache);
        }
    }
}
