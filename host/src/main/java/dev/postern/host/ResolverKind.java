package dev.postern.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Who keeps this host's resolver settings.
public enum ResolverKind {
    /// `resolvectl` of systemd-resolved: servers by link, and domains that only they are asked for.
    SYSTEMD_RESOLVED,
    /// `resolvconf`: Debian's, which knows servers for all names only, or openresolv's.
    RESOLVCONF,
    /// Nobody: the file that the C library reads is replaced.
    FILE;

    /// Whether this process is in the network of the whole host, whose resolver settings they are.
    /// A network namespace of its own shares them and must not change them.
    public static boolean isOfThisNetwork() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/net"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/1/ns/net")));
        } catch (IOException | UnsupportedOperationException hidden) {
            return true;
        }
    }

    /// What this host has: the service that its resolver file says is in charge, else a program
    /// that would overwrite the file, else the file itself.
    public static ResolverKind found(HostTools tools, Path file) {
        if (tools.has("resolvectl") && isResolved(file)) {
            return SYSTEMD_RESOLVED;
        }
        return tools.has("resolvconf") ? RESOLVCONF : FILE;
    }

    /// Whether names outside some domains can stay with the servers of before.
    boolean splits(HostTools tools) {
        return switch (this) {
            case SYSTEMD_RESOLVED -> true;
            case RESOLVCONF -> isOpenresolv(tools);
            case FILE -> false;
        };
    }

    /// Debian's program knows no such word and ends with an error.
    static boolean isOpenresolv(HostTools tools) {
        try {
            return tools.run("", "resolvconf", List.of("--version")).contains("openresolv");
        } catch (IOException debians) {
            return false;
        }
    }

    /// Its file is a link into its own directory, or names its stub.
    private static boolean isResolved(Path file) {
        try {
            return file.toRealPath().toString().contains("/systemd/resolve/")
                    || Files.readString(file)
                            .lines()
                            .anyMatch(line -> line.strip().startsWith("nameserver 127.0.0.53"));
        } catch (IOException none) {
            return false;
        }
    }

    @Override
    public String toString() {
        return name();
    }

    /// As people write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
