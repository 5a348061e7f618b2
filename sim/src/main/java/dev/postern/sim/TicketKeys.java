package dev.postern.sim;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.Session;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TicketSealer;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The TGS keys that one gateway holds at the moment, behind the sealer that its endpoint was
/// given.
final class TicketKeys implements TicketSealer {
    private List<TgsKey> keys;
    private TicketSealer sealer;

    TicketKeys(TgsKey first) {
        keys = List.of(first);
        sealer = new SealedTickets(TgsKeyRing.of(keys));
    }

    /// The key number `number` of a run; every gateway that is handed it holds the same.
    static TgsKey key(long seed, String owner, int number) {
        Dice dice = Dice.of(seed, "TGS key of " + owner + " " + number);
        return new TgsKey(
                dice.word(),
                SecretBytes.owning(dice.octets(TgsKey.SECRET_LENGTH)),
                number,
                TgsKey.UNLIMITED);
    }

    /// A key joins; the one with the highest `issueFrom` seals.
    void join(TgsKey key) {
        if (keys.stream().noneMatch(known -> known.spi() == key.spi())) {
            List<TgsKey> more = new ArrayList<>(keys);
            more.add(key);
            use(more);
        }
    }

    /// A key is dropped, unless it is the only one.
    void drop(TgsKey key) {
        List<TgsKey> fewer = keys.stream().filter(known -> known.spi() != key.spi()).toList();
        if (!fewer.isEmpty()) {
            use(fewer);
        }
    }

    void replaceAll(List<TgsKey> others) {
        use(others);
    }

    List<TgsKey> keys() {
        return keys;
    }

    private void use(List<TgsKey> others) {
        keys = List.copyOf(others);
        sealer = new SealedTickets(TgsKeyRing.of(keys));
    }

    @Override
    public SealResult seal(Session session, Entropy entropy) {
        return sealer.seal(session, entropy);
    }

    @Override
    public @Nullable Octets sealReference(SessionReference reference, long nowSeconds) {
        return sealer.sealReference(reference, nowSeconds);
    }

    @Override
    public @Nullable SessionReference openReference(Octets presented) {
        return sealer.openReference(presented);
    }

    @Override
    public OpenResult open(Octets ticket, Session.Kind kind) {
        return sealer.open(ticket, kind);
    }
}
