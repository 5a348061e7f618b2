package dev.postern.net;

import java.io.IOException;

/// A system call was refused. The message says what was tried, why the kernel refused and, where it
/// is known, what to do about it.
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    SystemCallException(String attempt, int errno) {
        this(attempt, errno, "");
    }

    /// A refusal and the way out of it.
    ///
    /// @param attempt what could not be done, to which object: `cannot bind UDP 192.0.2.1:500`
    /// @param advice what to do about it, or empty
    SystemCallException(String attempt, int errno, String advice) {
        super(attempt + ": " + Errno.describe(errno) + (advice.isEmpty() ? "" : "; " + advice));
        this.errno = errno;
    }

    /// The positive error number, one of the constants in [Errno] or another one.
    public int errno() {
        return errno;
    }
}
