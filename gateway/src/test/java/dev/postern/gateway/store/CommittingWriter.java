package dev.postern.gateway.store;

import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import java.io.IOException;
import java.nio.file.Path;

/// Writes batch after batch and prints the number of each when it is committed, until it is killed.
final class CommittingWriter {
    static final int BATCH = 8;

    private CommittingWriter() {}

    public static void main(String[] arguments) throws IOException {
        try (DurableSessionStore store =
                DurableSessionStore.open(Path.of(arguments[0]), 1_000_000, false)) {
            for (long batch = 0; batch < 100_000; batch++) {
                for (int i = 0; i < BATCH; i++) {
                    long number = batch * BATCH + i;
                    boolean written =
                            store.put(
                                    SessionReference.ofSpis(number, ~number),
                                    new StoredSession(
                                            Octets.of(new byte[350]),
                                            0,
                                            Octets.EMPTY,
                                            Long.MAX_VALUE),
                                    0);
                    if (!written) {
                        throw new IOException("the store is full");
                    }
                }
                store.commit();
                System.out.println(batch);
            }
        }
    }
}
