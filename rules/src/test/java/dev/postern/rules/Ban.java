package dev.postern.rules;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the modules of the core must not mention. `wire`, `crypto`, `ticket`, `eap`, `ike`, `esp`,
/// `radius` and `cluster` take time, randomness and I/O as values; only then is a simulated run the
/// truth and a seed enough to repeat it.
///
/// @param what is banned, as a message says it
/// @param reference matches the whole of a banned reference of a [CompiledClass]
record Ban(String what, Pattern reference) {
    static final Set<String> CORE =
            Set.of(
                    "wire", "crypto", "ticket", "pki", "eap", "ike", "esp", "radius", "cluster",
                    "sim");

    static final Set<String> FOREIGN_MEMORY = Set.of("crypto", "esp", "sim", "net", "gateway");

    private static final Ban FOREIGN =
            ban("foreign memory or functions", "java\\.lang\\.foreign\\..*");

    private static final List<Ban> EVERYWHERE =
            List.of(
                    ban(
                            "reflection",
                            "java\\.lang\\.reflect\\..*"
                                    + "|java\\.lang\\.Class\\.(forName|newInstance|get(Declared)?"
                                    + "(Methods?|Fields?|Constructors?))\\(.*"),
                    ban("a thread-local", "java\\.lang\\.(Inheritable)?ThreadLocal\\b.*"));

    private static final List<Ban> IN_THE_CORE =
            List.of(
                    ban(
                            "a clock",
                            "java\\.lang\\.System\\.(currentTimeMillis|nanoTime)\\(.*"
                                    + "|java\\.time\\.(Clock|InstantSource)\\b.*"
                                    + "|java\\.time\\.[\\w.]+\\.now\\(.*"
                                    + "|java\\.util\\.(Date|Calendar|Timer)\\b.*"),
                    ban(
                            "threads or locks",
                            "synchronized"
                                    + "|java\\.lang\\.Thread\\b.*"
                                    + "|java\\.util\\.concurrent\\..*"
                                    + "|[\\w.$]+\\.(notify(All)?\\(\\)V|wait\\(J?I?\\)V)"),
                    ban(
                            "the network",
                            "java\\.net\\.(?!Inet(4|6|Socket)?Address\\b|SocketAddress\\b"
                                + "|UnknownHostException\\b).*"
                                + "|java\\.net\\.Inet\\w*Address\\.(getByName|getAllByName"
                                + "|getHostName|getCanonicalHostName|getLocalHost|isReachable)\\(.*"
                                + "|java\\.net\\.InetSocketAddress\\.<init>\\(Ljava/lang/String;.*"
                                + "|java\\.nio\\.channels\\..*|javax\\.net\\..*"),
                    ban(
                            "files",
                            "java\\.nio\\.file\\..*"
                                    + "|java\\.io\\.(File|RandomAccessFile|Console)\\w*\\b.*"
                                    + "|java\\.lang\\.Class(Loader)?\\.getResource.*"),
                    ban(
                            "randomness of its own",
                            "java\\.security\\.SecureRandom\\b.*"
                                    + "|java\\.util\\.(Random|SplittableRandom)\\b.*"
                                    + "|java\\.util\\.random\\..*"
                                    + "|java\\.lang\\.(Strict)?Math\\.random\\(.*"
                                    + "|java\\.util\\.UUID\\.randomUUID\\(.*"),
                    ban(
                            "the process around it",
                            "java\\.lang\\.System\\.(getProperty|getProperties|getenv|exit|in|out|err)\\b.*"
                                + "|java\\.lang\\.(Runtime|Process|ProcessBuilder|ProcessHandle)\\b.*"
                                + "|java\\.lang\\.(Boolean\\.getBoolean|Integer\\.getInteger"
                                + "|Long\\.getLong)\\(.*"),
                    ban(
                            "a log",
                            "org\\.slf4j\\..*|java\\.util\\.logging\\..*|java\\.lang\\.System\\$Logger\\b.*"
                                + "|[\\w.$]+\\.printStackTrace\\(.*"));

    /// The bans that hold in the module of that name.
    static List<Ban> of(String module) {
        return Stream.of(
                        EVERYWHERE,
                        CORE.contains(module) ? IN_THE_CORE : List.<Ban>of(),
                        FOREIGN_MEMORY.contains(module) ? List.<Ban>of() : List.of(FOREIGN))
                .flatMap(List::stream)
                .toList();
    }

    /// The references of `type` that this ban names.
    List<String> brokenBy(CompiledClass type) {
        return type.references().stream()
                .filter(mentioned -> reference.matcher(mentioned).matches())
                .toList();
    }

    private static Ban ban(String what, String reference) {
        return new Ban(what, Pattern.compile(reference));
    }
}
