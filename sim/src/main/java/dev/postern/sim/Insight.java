package dev.postern.sim;

import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.sa.KeyLogEntry.IkeKeysEntry;
import dev.postern.ike.sa.SkProtection;
import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What the messages of a run say inside, for stories: it has all keys of all IKE SAs.
final class Insight implements Observer {
    private record Spis(long spiI, long spiR) {}

    private final Map<Spis, IkeKeysEntry> keys = new HashMap<>();

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.LogKeys(IkeKeysEntry entry)
                        && !entry.resumeResponse()) {
                    keys.put(new Spis(entry.spiI(), entry.spiR()), entry);
                }
            }
        }
    }

    /// The protected payloads of a message in order, notifications with their names: `SA Nonce
    /// N(REKEY_SA)`; empty for a message without any.
    ///
    /// @throws AssertionError where it is not protected under keys that were ever made
    String of(Datagram datagram) {
        try {
            Message message = MessageCodec.decode(datagram.ikeMessage());
            Payload.Encrypted sk = Message.find(message.payloads(), Payload.Encrypted.class);
            IkeKeysEntry entry =
                    keys.get(new Spis(message.header().spiI(), message.header().spiR()));
            if (sk != null && entry != null) {
                try (PayloadCipher cipher = cipher(entry, message.header())) {
                    if (SkProtection.open(message, sk, cipher)
                            instanceof SkProtection.Opened.Authentic authentic) {
                        return describe(authentic.payloads());
                    }
                }
            }
        } catch (MalformedException e) {
            throw new AssertionError("an endpoint has sent what is malformed", e);
        }
        throw new AssertionError("nobody has the keys of what was sent");
    }

    private static PayloadCipher cipher(IkeKeysEntry entry, Header header) {
        boolean own = header.fromInitiator();
        SecretBytes encryption = own ? entry.skEi() : entry.skEr();
        SecretBytes integrity = own ? entry.skAi() : entry.skAr();
        return PayloadCipher.of(
                entry.encryption(),
                entry.integrity(),
                encryption.expose().clone(),
                integrity.expose().clone());
    }

    private static String describe(List<Payload> payloads) {
        return payloads.stream()
                .map(payload ->
                        payload instanceof Payload.Notify notify
                                ? "N(" + NotifyType.name(notify.type()) + ")"
                                : payload.getClass().getSimpleName())
                .collect(Collectors.joining(" "));
    }
}
