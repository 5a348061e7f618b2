package dev.postern.net;

/// Error numbers of Linux system calls, equal on x86_64 and aarch64, with their names and words.
///
/// Calls in this package answer as the kernel does: a result of zero or more, or the negative error
/// number. The constants here are positive.
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int ENFILE = 23;
    public static final int ENOTTY = 25;
    public static final int ENOSPC = 28;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENOSYS = 38;
    public static final int EPROTO = 71;
    public static final int EBADFD = 77;
    public static final int EDESTADDRREQ = 89;
    public static final int EMSGSIZE = 90;
    public static final int EPROTOTYPE = 91;
    public static final int ENOPROTOOPT = 92;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;

    private Errno() {}

    /// The name that manual pages use, for example `EACCES`; `errno 200` for a number not known.
    public static String name(int errno) {
        return described(errno).name;
    }

    /// Words and name together, as messages to people carry them: `permission denied (EACCES)`.
    public static String describe(int errno) {
        Described described = described(errno);
        return described.words.isEmpty()
                ? described.name
                : described.words + " (" + described.name + ")";
    }

    /// Whether a socket reports with this number what an ICMP message said about an earlier
    /// datagram, or that there is no way to a peer just now.
    static boolean isAboutThePath(int errno) {
        return switch (errno) {
            case ECONNREFUSED,
                    EHOSTUNREACH,
                    ENETUNREACH,
                    EHOSTDOWN,
                    ENETDOWN,
                    ECONNRESET,
                    ENOPROTOOPT,
                    EPROTO,
                    EOPNOTSUPP,
                    EACCES,
                    EMSGSIZE ->
                    true;
            default -> false;
        };
    }

    private record Described(String name, String words) {}

    private static Described described(int errno) {
        return switch (errno) {
            case EPERM -> new Described("EPERM", "operation not permitted");
            case ENOENT -> new Described("ENOENT", "no such file or directory");
            case ESRCH -> new Described("ESRCH", "no such entry");
            case EINTR -> new Described("EINTR", "interrupted");
            case EIO -> new Described("EIO", "input/output error");
            case ENXIO -> new Described("ENXIO", "no such device or address");
            case EBADF -> new Described("EBADF", "bad file descriptor");
            case EAGAIN -> new Described("EAGAIN", "try again");
            case ENOMEM -> new Described("ENOMEM", "out of memory");
            case EACCES -> new Described("EACCES", "permission denied");
            case EFAULT -> new Described("EFAULT", "bad address");
            case EBUSY -> new Described("EBUSY", "device or resource busy");
            case EEXIST -> new Described("EEXIST", "exists already");
            case ENODEV -> new Described("ENODEV", "no such device");
            case EINVAL -> new Described("EINVAL", "invalid argument");
            case ENFILE -> new Described("ENFILE", "too many open files in the system");
            case EMFILE -> new Described("EMFILE", "too many open files in this process");
            case ENOTTY -> new Described("ENOTTY", "request not known to this device");
            case ENOSPC -> new Described("ENOSPC", "no space left");
            case EPIPE -> new Described("EPIPE", "broken pipe");
            case ERANGE -> new Described("ERANGE", "result out of range");
            case ENOSYS -> new Described("ENOSYS", "not implemented by this kernel");
            case EPROTO -> new Described("EPROTO", "protocol error");
            case EBADFD -> new Described("EBADFD", "file descriptor in a bad state");
            case EDESTADDRREQ -> new Described("EDESTADDRREQ", "destination address required");
            case EMSGSIZE -> new Described("EMSGSIZE", "message too long");
            case EPROTOTYPE -> new Described("EPROTOTYPE", "wrong protocol for this socket");
            case ENOPROTOOPT -> new Described("ENOPROTOOPT", "option not known to this kernel");
            case EPROTONOSUPPORT -> new Described("EPROTONOSUPPORT", "protocol not supported");
            case EOPNOTSUPP -> new Described("EOPNOTSUPP", "operation not supported");
            case EAFNOSUPPORT -> new Described("EAFNOSUPPORT", "address family not supported");
            case EADDRINUSE -> new Described("EADDRINUSE", "address already in use");
            case EADDRNOTAVAIL -> new Described("EADDRNOTAVAIL", "address not available");
            case ENETDOWN -> new Described("ENETDOWN", "network is down");
            case ENETUNREACH -> new Described("ENETUNREACH", "network is unreachable");
            case ECONNRESET -> new Described("ECONNRESET", "connection reset");
            case ENOBUFS -> new Described("ENOBUFS", "no buffer space");
            case ENOTCONN -> new Described("ENOTCONN", "not connected");
            case ETIMEDOUT -> new Described("ETIMEDOUT", "timed out");
            case ECONNREFUSED -> new Described("ECONNREFUSED", "connection refused");
            case EHOSTDOWN -> new Described("EHOSTDOWN", "host is down");
            case EHOSTUNREACH -> new Described("EHOSTUNREACH", "host is unreachable");
            default -> new Described("errno " + errno, "");
        };
    }
}
