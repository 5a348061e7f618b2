package dev.postern.net;

/// Where nothing goes that no other route of its table takes: senders are told that there is no
/// way. It needs no interface, so that it outlives every one.
///
/// @param destination the subnet; bits behind the prefix must be zero, as the kernel wants it
public record UnreachableRoute(Prefix destination, int table) {
    /// Of two routes to one subnet the one of the lower metric is taken; that is any other.
    static final int METRIC = Integer.MAX_VALUE;

    /// As `ip route` writes it.
    @Override
    public String toString() {
        return "unreachable " + destination + " metric " + METRIC + " table " + table;
    }
}
