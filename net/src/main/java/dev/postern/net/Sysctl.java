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

    /// Forwarding of what comes in on an interface: `net.ipv6.conf.IF.forwarding`. Router
    /// advertisements are then no longer taken on it unless `accept_ra` is 2; and neighbours are
    /// told that this is a router.
    public static boolean setIpv6Forwarding(String device, boolean on) throws IOException {
        return isOn(write(on ? "1" : "0", "ipv6", "conf", device, "forwarding"));
    }

    /// Whether proxy neighbour entries for IPv6 are answered: `net.ipv6.conf.IF.proxy_ndp`.
    public static boolean setProxyNdp(String device, boolean on) throws IOException {
        return isOn(write(on ? "1" : "0", "ipv6", "conf", device, "proxy_ndp"));
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
