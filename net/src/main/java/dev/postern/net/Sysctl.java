package dev.postern.net;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Kernel settings of this network namespace, below `/proc/sys/net`.
public final class Sysctl {
    private static final Path ROOT = Path.of("/proc/sys/net");

    private Sysctl() {}

    /// Reads a setting.
    ///
    /// @param path its parts below `net`; an interface name with dots stays one part
    public static String read(String... path) throws IOException {
        Path file = file(path);
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw explained("read", file, e);
        }
    }

    /// Writes a setting where it has another value.
    ///
    /// @return the value before, to be put back later
    public static String write(String value, String... path) throws IOException {
        String before = read(path);
        if (!before.equals(value)) {
            Path file = file(path);
            try {
                Files.writeString(file, value);
            } catch (IOException e) {
                throw explained("set to " + value, file, e);
            }
        }
        return before;
    }

    /// Forwarding of what comes in on an interface: `net.ipv4.conf.IF.forwarding`.
    public static boolean setIpv4Forwarding(String device, boolean on) throws IOException {
        return isOn(write(on ? "1" : "0", "ipv4", "conf", device, "forwarding"));
    }

    /// Forwarding of what comes in on an interface. Linux 6.17 and later have
    /// `net.ipv6.conf.IF.force_forwarding` for it; before, only `net.ipv6.conf.all.forwarding`
    /// turns IPv6 forwarding on, which makes every interface of the namespace that of a router: it
    /// takes no router advertisements any more unless its `accept_ra` is 2. So that one is turned
    /// on where it must be and never off.
    ///
    /// @return whether the interface was that of a router before
    public static boolean setIpv6Forwarding(String device, boolean on) throws IOException {
        String value = on ? "1" : "0";
        boolean before = isOn(write(value, "ipv6", "conf", device, "forwarding"));
        if (Files.exists(file("ipv6", "conf", device, "force_forwarding"))) {
            write(value, "ipv6", "conf", device, "force_forwarding");
        } else if (on) {
            write(value, "ipv6", "conf", "all", "forwarding");
        }
        return before;
    }

    /// Whether proxy neighbour entries for IPv6 are answered: `net.ipv6.conf.IF.proxy_ndp`.
    public static boolean setProxyNdp(String device, boolean on) throws IOException {
        return isOn(write(on ? "1" : "0", "ipv6", "conf", device, "proxy_ndp"));
    }

    /// Whether a packet that comes in on an interface is dropped where its sender is reached by
    /// another (RFC 3704): `net.ipv4.conf.IF.rp_filter`, 0 for never, 1 for always (strict), 2
    /// where its sender is reached by none (loose). There is no such setting for IPv6.
    public static String reversePath(String device) throws IOException {
        return read(reversePathOf(device));
    }

    /// @param value as [#reversePath] tells it
    public static void setReversePath(String device, String value) throws IOException {
        write(value, reversePathOf(device));
    }

    /// Whether there is such an interface.
    public static boolean hasReversePath(String device) {
        return Files.exists(file(reversePathOf(device)));
    }

    private static String[] reversePathOf(String device) {
        return new String[] {"ipv4", "conf", device, "rp_filter"};
    }

    /// How long answers for proxied addresses are held back at most, `neigh.IF.proxy_delay` of both
    /// families in hundredths of a second. The kernel's default of 0.8 seconds gives way to the
    /// true owner of an address; a gateway that takes over from another one wants 0.
    public static void setProxyDelay(String device, int hundredths) throws IOException {
        write(Integer.toString(hundredths), "ipv4", "neigh", device, "proxy_delay");
        write(Integer.toString(hundredths), "ipv6", "neigh", device, "proxy_delay");
    }

    private static boolean isOn(String value) {
        return !value.equals("0");
    }

    private static Path file(String... path) {
        Path file = ROOT;
        for (String part : path) {
            if (part.isEmpty() || part.contains("/") || part.equals("..") || part.equals(".")) {
                throw new IllegalArgumentException("\"" + part + "\" is no part of a setting");
            }
            file = file.resolve(part);
        }
        return file;
    }

    private static IOException explained(String verb, Path file, IOException e) {
        String advice =
                switch (e) {
                    case NoSuchFileException _ ->
                            "there is no such setting: is the interface there, and IPv6 enabled?";
                    case AccessDeniedException _ ->
                            "this needs root, or the setting made beforehand by `sysctl`";
                    default ->
                            "in a container or a unit with ProtectKernelTunables make the setting"
                                    + " beforehand by `sysctl`";
                };
        return new IOException("cannot " + verb + ": " + file + ": " + advice, e);
    }
}
