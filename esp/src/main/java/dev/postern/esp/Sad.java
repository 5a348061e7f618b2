package dev.postern.esp;

import org.jspecify.annotations.Nullable;

/// The inbound SAs by SPI (RFC 4301 section 4.4.2). The control thread writes, the opener's thread
/// looks up.
final class Sad {
    private final PublishedTable<InboundSa> bySpi = new PublishedTable<>();

    @Nullable InboundSa find(int spi) {
        return bySpi.get(0, Integer.toUnsignedLong(spi));
    }

    void add(InboundSa sa) {
        bySpi.put(0, Integer.toUnsignedLong(sa.spi), sa);
    }

    void remove(InboundSa sa) {
        bySpi.remove(0, Integer.toUnsignedLong(sa.spi));
    }
}
