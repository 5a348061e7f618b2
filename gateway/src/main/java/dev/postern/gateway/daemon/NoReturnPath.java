package dev.postern.gateway.daemon;

import java.net.InetAddress;

/// Nothing is done: somebody else routes inner addresses here, or nobody behind the gateway needs
/// them.
final class NoReturnPath implements ReturnPath {
    @Override
    public void advertise(InetAddress inner) {}

    @Override
    public void withdraw(InetAddress inner) {}

    @Override
    public void close() {}
}
