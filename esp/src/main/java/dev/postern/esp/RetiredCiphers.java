package dev.postern.esp;

import dev.postern.crypto.PacketCipher;

import java.util.concurrent.ConcurrentLinkedQueue;

/// Ciphers of removed SAs on their way to be wiped. A cipher is closed only by the packet thread
/// that used it, between two packets: so nobody frees a native context that is in use.
final class RetiredCiphers {
    private final ConcurrentLinkedQueue<PacketCipher> ciphers = new ConcurrentLinkedQueue<>();

    /// The control thread, after the SA has left its table.
    void add(PacketCipher cipher) {
        ciphers.add(cipher);
    }

    /// The packet thread.
    void close() {
        for (PacketCipher cipher = ciphers.poll(); cipher != null; cipher = ciphers.poll()) {
            cipher.close();
        }
    }
}
