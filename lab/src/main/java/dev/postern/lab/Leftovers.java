package dev.postern.lab;

import java.util.List;

/// Namespaces of labs whose JVM was killed before it could close them. They are known by their name
/// alone, which carries the JVM's process id and start time; nothing else is touched.
public final class Leftovers {
    private Leftovers() {}

    /// The names of namespaces that a dead JVM left behind.
    public static List<String> find() {
        return namespaces().stream()
                .filter(name -> RunId.ofNamespace(name).filter(run -> !run.isAlive()).isPresent())
                .toList();
    }

    /// Ends the processes in them and removes them.
    public static void remove() {
        find().forEach(Leftovers::remove);
    }

    /// Every network namespace of this machine that has a name.
    static List<String> namespaces() {
        return Command.of(Component.IP.require().toString(), "netns", "list")
                .runSuccessfully()
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .toList();
    }

    /// Kills what still runs in the namespace and removes its name. Another JVM may be doing the
    /// same: that the namespace is gone is all that counts.
    static void remove(String name) {
        String ip = Component.IP.require().toString();
        Command.of(ip, "netns", "pids", name)
                .run()
                .output()
                .lines()
                .map(Long::parseLong)
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        Command.Result result = Command.of(ip, "netns", "delete", name).run();
        if (!result.succeeded() && namespaces().contains(name)) {
            throw new LabException(
                    "the network namespace %s could not be removed: %s"
                            .formatted(name, result.complaints().strip()));
        }
    }
}
