package dev.postern.host;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Which servers this host asks for names while the tunnel stands. On one thread.
public final class HostResolver {
    private static final Path USUAL_FILE = Path.of("/etc/resolv.conf");

    private final ResolverKind kind;
    private final HostTools tools;
    private final Path file;
    private final String device;
    private final Journal journal;
    private final boolean mounted;
    private Settings current = Settings.NONE;

    /// @param servers none where the host's own stay as they are
    /// @param domains names in them go to the servers and other names do not; empty for all names
    public record Settings(List<InetAddress> servers, List<String> domains) {
        public static final Settings NONE = new Settings(List.of(), List.of());

        public Settings {
            servers = List.copyOf(servers);
            domains = List.copyOf(domains);
        }
    }

    public HostResolver(
            ResolverKind kind, HostTools tools, Path file, String device, Journal journal) {
        this.kind = kind;
        this.tools = tools;
        this.file = file;
        this.device = device;
        this.journal = journal;
        this.mounted = ResolverFiles.isMounted(file);
    }

    /// Of whatever kind this host has.
    public static HostResolver of(String device, Journal journal) {
        HostTools tools = HostTools.OF_THE_SYSTEM;
        return new HostResolver(
                ResolverKind.found(tools, USUAL_FILE), tools, USUAL_FILE, device, journal);
    }

    public ResolverKind kind() {
        return kind;
    }

    /// Asks these servers from now on; with none, whom it asked before.
    ///
    /// @throws IOException with the reason in words; what was in force before still is, or nothing
    public void use(Settings wanted) throws IOException {
        if (wanted.equals(current)) {
            return;
        }
        if (wanted.servers().isEmpty()) {
            restore();
            return;
        }
        if (!wanted.domains().isEmpty() && !kind.splits(tools)) {
            throw new IOException(
                    "names in "
                            + String.join(", ", wanted.domains())
                            + " alone cannot be sent to "
                            + servers(wanted, " ")
                            + " by "
                            + kind.word()
                            + ", so no names are; systemd-resolved and openresolv can, and with"
                            + " resolver.servers and no domains all names would go there");
        }
        switch (kind) {
            case SYSTEMD_RESOLVED -> useResolved(wanted);
            case RESOLVCONF -> useResolvconf(wanted);
            case FILE -> useFile(wanted);
        }
        current = wanted;
    }

    /// Puts back what was in force before.
    public void restore() throws IOException {
        boolean wasUsed = !current.equals(Settings.NONE);
        for (Change change : journal.changes()) {
            if (change instanceof Change.ResolverFile || change instanceof Change.ResolverLink) {
                undo(change, tools);
                journal.remove(change);
            }
        }
        current = Settings.NONE;
        if (wasUsed && kind == ResolverKind.FILE) {
            requireOurFile();
        }
    }

    static void undo(Change change, HostTools tools) throws IOException {
        switch (change) {
            case Change.ResolverFile(Path file, String before, boolean wasMounted) -> {
                // Whoever has written it since knows better, and what is behind a mount is not
                // the file that was changed.
                if ((!wasMounted || ResolverFiles.isMounted(file)) && ResolverFiles.isOurs(file)) {
                    ResolverFiles.replace(file, before);
                }
            }
            case Change.ResolverLink(ResolverKind kind, String device) -> {
                switch (kind) {
                    case SYSTEMD_RESOLVED -> revertResolved(tools, device);
                    case RESOLVCONF -> tools.run("", "resolvconf", List.of("-d", recordOf(device)));
                    case FILE -> {}
                }
            }
            case Change.RulesAdded _,
                    Change.BarrierRaised _,
                    Change.TransportRulesAdded _,
                    Change.ReversePathStrict _ -> {} // What concerns packets is undone elsewhere.
        }
    }

    /// With the device its settings have gone too, which resolvectl calls an error.
    private static void revertResolved(HostTools tools, String device) throws IOException {
        if (Files.exists(Path.of("/sys/class/net", device))) {
            tools.run("", "resolvectl", List.of("revert", device));
        }
    }

    private void useResolved(Settings wanted) throws IOException {
        note(new Change.ResolverLink(kind, device));
        List<String> dns = new ArrayList<>(List.of("dns", device));
        wanted.servers().forEach(server -> dns.add(server.getHostAddress()));
        tools.run("", "resolvectl", dns);
        // "~." routes every name there, "~example" those in it and no others.
        List<String> domain = new ArrayList<>(List.of("domain", device));
        if (wanted.domains().isEmpty()) {
            domain.add("~.");
        }
        wanted.domains().forEach(each -> domain.add("~" + each));
        tools.run("", "resolvectl", domain);
        tools.run(
                "",
                "resolvectl",
                List.of("default-route", device, wanted.domains().isEmpty() ? "yes" : "no"));
    }

    /// Debian's `interface-order` puts tunnels before other links by this name alone.
    private static String recordOf(String device) {
        return "tun." + device;
    }

    private void useResolvconf(Settings wanted) throws IOException {
        note(new Change.ResolverLink(kind, device));
        List<String> add = new ArrayList<>();
        if (ResolverKind.isOpenresolv(tools)) {
            // Exclusive: for all names; private: for those in the record's domains.
            add.add(wanted.domains().isEmpty() ? "-x" : "-p");
        }
        add.addAll(List.of("-a", recordOf(device)));
        String domains =
                wanted.domains().isEmpty()
                        ? ""
                        : "search " + String.join(" ", wanted.domains()) + "\n";
        tools.run(
                "nameserver " + servers(wanted, "\nnameserver ") + "\n" + domains,
                "resolvconf",
                add);
    }

    /// A mount goes without a word when somebody replaces, in another mount namespace, the file
    /// that it is on; what is seen in its place is the whole machine's.
    private void requireOurFile() throws IOException {
        if (mounted && !ResolverFiles.isMounted(file)) {
            throw new IOException(
                    "the file that was mounted on "
                            + file
                            + " for this client has gone, most likely because the file under it"
                            + " was replaced; what is there now is the machine's and is left"
                            + " alone. A mount over the directory would stay");
        }
    }

    private void useFile(Settings wanted) throws IOException {
        requireOurFile();
        boolean noted =
                journal.changes().stream().anyMatch(each -> each instanceof Change.ResolverFile);
        if (!noted) {
            String before = ResolverFiles.read(file);
            if (before.startsWith(ResolverFiles.MARK)) {
                throw new IOException(
                        file
                                + " is what another Postern client has written; end that one, or"
                                + " `postern client restore` where it has died");
            }
            journal.add(new Change.ResolverFile(file, before, mounted));
        }
        String options =
                ResolverFiles.read(file)
                        .lines()
                        .filter(line -> line.startsWith("options") || line.startsWith("search"))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining());
        ResolverFiles.replace(
                file,
                ResolverFiles.MARK
                        + "\nnameserver "
                        + servers(wanted, "\nnameserver ")
                        + "\n"
                        + options);
    }

    private void note(Change change) throws IOException {
        if (!journal.changes().contains(change)) {
            journal.add(change);
        }
    }

    private static String servers(Settings settings, String between) {
        return settings.servers().stream()
                .map(InetAddress::getHostAddress)
                .collect(Collectors.joining(between));
    }
}
