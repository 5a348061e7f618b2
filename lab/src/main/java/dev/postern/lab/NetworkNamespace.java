package dev.postern.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A host of the lab: a network namespace with its own interfaces, addresses and routes.
///
/// Made by [Lab#host]. Its name on the machine is unique to this JVM and lab; interface names need
/// not be, since every cable is laid inside the namespaces and never touches the machine's own.
public final class NetworkNamespace implements AutoCloseable {
    private final Lab lab;
    private final String host;
    private final String name;
    private final String ip = Component.IP.require().toString();

    private NetworkNamespace(Lab lab, String host, String name) {
        this.lab = lab;
        this.host = host;
        this.name = name;
    }

    static NetworkNamespace create(Lab lab, String host, String name) {
        NetworkNamespace created = new NetworkNamespace(lab, host, name);
        Command.of(created.ip, "netns", "add", name).runSuccessfully();
        created.ip("link", "set", "lo", "up");
        // A resumed client's packets may take another way back than forth.
        created.sysctl("net/ipv4/conf/all/rp_filter", "0");
        created.sysctl("net/ipv4/conf/default/rp_filter", "0");
        // Duplicate address detection would hold IPv6 addresses back for a second.
        created.sysctl("net/ipv6/conf/all/accept_dad", "0");
        created.sysctl("net/ipv6/conf/default/accept_dad", "0");
        return created;
    }

    /// The short name: `gwA`.
    public String host() {
        return host;
    }

    /// The name under which `ip netns` knows it.
    public String name() {
        return name;
    }

    /// Runs `ip` on this host, for example `ip("route", "add", "default", "via", "10.1.0.1")`.
    ///
    /// @return what it printed
    public String ip(String... arguments) {
        List<String> words = new ArrayList<>(List.of(ip, "-n", name));
        words.addAll(List.of(arguments));
        return Command.of(words).runSuccessfully();
    }

    /// Adds an address to an interface and brings it up: `address("eth0", "192.0.2.1/24")`.
    public NetworkNamespace address(String networkInterface, String addressAndPrefix) {
        ip("address", "add", addressAndPrefix, "dev", networkInterface);
        ip("link", "set", networkInterface, "up");
        return this;
    }

    /// Adds a route: `route("10.77.0.0/24", "10.1.0.1")`.
    public NetworkNamespace route(String destination, String nextHop) {
        ip("route", "add", destination, "via", nextHop);
        return this;
    }

    /// Sets a kernel parameter of this namespace, written as the path below `/proc/sys`.
    public NetworkNamespace sysctl(String path, String value) {
        exec("/bin/sh", "-c", "printf %s '" + value + "' > /proc/sys/" + path);
        return this;
    }

    /// Lets this host forward packets, as a gateway does.
    public NetworkNamespace forwarding() {
        sysctl("net/ipv4/ip_forward", "1");
        sysctl("net/ipv6/conf/all/forwarding", "1");
        return this;
    }

    /// Pulls the plug: the interface is there, but no packet passes.
    public void linkDown(String networkInterface) {
        ip("link", "set", networkInterface, "down");
    }

    /// Puts the plug back. Routes through the interface went with [#linkDown], except its own.
    public void linkUp(String networkInterface) {
        ip("link", "set", networkInterface, "up");
    }

    /// The command line that runs `words` in this namespace. `ip netns exec` replaces itself by the
    /// program, so that the process id is the program's; it also gives it a mount namespace of its
    /// own, whose mounts the machine does not see.
    public List<String> wrap(List<String> words) {
        List<String> wrapped = new ArrayList<>(List.of(ip, "netns", "exec", name));
        wrapped.addAll(words);
        return wrapped;
    }

    /// A command that will run in this namespace.
    public Command command(String... words) {
        return Command.of(wrap(List.of(words)));
    }

    /// Runs a program to its end.
    ///
    /// @return what it printed
    /// @throws LabException when its exit code is not 0
    public String exec(String... words) {
        return command(words).runSuccessfully();
    }

    /// Starts a program that goes on until it is ended, at the latest by the lab's end.
    ///
    /// @param processName names it and its log file
    public LabProcess start(String processName, String... words) {
        return start(processName, List.of(words), Map.of());
    }

    /// As [#start(String, String...)], with variables added to the environment.
    public LabProcess start(
            String processName, List<String> words, Map<String, String> environment) {
        String full = host + "." + processName;
        return lab.closing(
                LabProcess.start(full, wrap(words), environment, lab.file(full + ".log")));
    }

    /// Whether a socket listens on the port, as `ss` would show; waits until it does.
    public void awaitUdpPort(int port, Duration deadline) {
        String hex = ":%04X ".formatted(port);
        Await.until(
                "%s listens on UDP port %d".formatted(host, port),
                deadline,
                () ->
                        exec("/bin/cat", "/proc/net/udp", "/proc/net/udp6")
                                .lines()
                                .anyMatch(line -> line.contains(hex)));
    }

    /// The lab that this host belongs to.
    public Lab lab() {
        return lab;
    }

    /// Ends what runs here and removes the namespace with its interfaces.
    @Override
    public void close() {
        Leftovers.remove(name);
    }

    @Override
    public String toString() {
        return host;
    }
}
