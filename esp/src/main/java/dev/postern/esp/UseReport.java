package dev.postern.esp;

/// Takes what went through an SA pair so far.
@FunctionalInterface
public interface UseReport {
    /// @param octets of inner packets
    void used(int inboundSpi, long octets, long packets);
}
