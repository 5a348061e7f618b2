package dev.postern.esp;

/// What [EspOpener#reportWayward] tells.
@FunctionalInterface
public interface WaywardReport {
    /// A packet with an SPI that no SA has came from here. Nothing about it is authentic.
    void came(int spi, UdpEndpoint source);
}
