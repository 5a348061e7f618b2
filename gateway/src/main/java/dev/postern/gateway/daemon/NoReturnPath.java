package dev.postern.gateway.daemon;

import dev.postern.net.Prefix;

/// Nothing is done: somebody else routes inner addresses here, or nobody behind the gateway needs
/// them.
final class NoReturnPath implements ReturnPath {
    @Override
    public void advertise(Prefix inner) {}

    @Override
    public void withdraw(Prefix inner) {}

    @Override
    public void close() {}
}
