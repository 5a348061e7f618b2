package dev.postern.ike.guard;

/// Which of our SPIs are in use, for threads that see datagrams before the endpoint does. The
/// endpoint's thread alone tells what changes.
public interface KnownSpis {
    void add(long spi);

    void remove(long spi);

    /// For any thread: true for every SPI that is in use, and seldom for another.
    boolean mayContain(long spi);
}
