package dev.postern.sim;

import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.sa.KeyLogEntry.IkeKeysEntry;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadType;

import java.util.ArrayList;
import java.util.List;

/// The keys that the endpoints of a story write down, as for a protocol analyser, and what they
/// show under SK.
final class KeyRing implements Observer {
    private final List<IkeKeysEntry> entries = new ArrayList<>();

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.LogKeys(IkeKeysEntry entry)) {
                    entries.add(entry);
                }
            }
        }
    }

    /// The payloads under SK in their order, as `SA NONCE TSI TSR` or `N(TEMPORARY_FAILURE)`; empty
    /// where there are none.
    String inside(Datagram datagram) {
        try {
            Message message = MessageCodec.decode(datagram.ikeMessage());
            Payload.Encrypted sk = message.encrypted();
            if (sk == null) {
                throw new AssertionError("nothing of it is under SK: " + message.header());
            }
            for (IkeKeysEntry entry : entries.reversed()) {
                if (isOf(entry, message.header())
                        && open(message, sk, entry) instanceof Opened.Authentic authentic) {
                    return String.join(
                            " ", authentic.payloads().stream().map(KeyRing::name).toList());
                }
            }
            throw new AssertionError("nobody has keys for " + message.header());
        } catch (MalformedException e) {
            throw new AssertionError("not a message: " + e.malformation(), e);
        }
    }

    private static boolean isOf(IkeKeysEntry entry, Header header) {
        return entry.spiI() == header.spiI()
                && (entry.spiR() == header.spiR() || entry.spiR() == 0);
    }

    private static Opened open(Message message, Payload.Encrypted sk, IkeKeysEntry entry) {
        boolean fromInitiator = message.header().fromInitiator();
        SecretBytes encryption = fromInitiator ? entry.skEi() : entry.skEr();
        SecretBytes integrity = fromInitiator ? entry.skAi() : entry.skAr();
        try (PayloadCipher cipher =
                PayloadCipher.of(
                        entry.encryption(),
                        entry.integrity(),
                        encryption.expose().clone(),
                        integrity.expose().clone())) {
            return SkProtection.open(message, sk, cipher);
        }
    }

    private static String name(Payload payload) {
        if (payload instanceof Payload.Notify notify) {
            return "N(" + NotifyType.name(notify.type()) + ")";
        }
        PayloadType type = PayloadType.of(payload.typeCode());
        return type == null ? "payload " + payload.typeCode() : type.name();
    }
}
