package dev.postern.sim.check;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.KeyLogEntry;
import dev.postern.sim.Checker;
import dev.postern.sim.Datagram;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;

import java.util.HashSet;
import java.util.Set;

/// No secret is in a datagram: no pre-shared key, no key of an IKE SA or Child SA, no session's
/// resumption secret. Eight octets in a row give one away.
public final class NoSecretsOnTheWire implements Checker {
    private static final int WINDOW = 8;

    private final Set<Long> secrets = new HashSet<>();

    /// A few bits of each secret, so that most octets need no look into the set.
    private final long[] hints = new long[1024];

    private boolean started;

    @Override
    public String claim() {
        return "no secret in a datagram";
    }

    @Override
    public void see(Happening happening, World world) {
        if (!started) {
            started = true;
            world.secrets().forEach(this::learn);
        }
        if (happening instanceof Happening.Handled handled
                && handled.party().role() != Party.Role.IMPOSTOR) {
            handled.effects().forEach(this::learn);
        } else if (happening instanceof Happening.Sent sent
                && sent.party().role() != Party.Role.ATTACKER) {
            judge(sent.party(), sent.datagram());
        }
    }

    private void learn(Effect effect) {
        switch (effect) {
            case Effect.LogKeys(KeyLogEntry.IkeKeysEntry keys) -> {
                learn(keys.skEi());
                learn(keys.skEr());
                learn(keys.skAi());
                learn(keys.skAr());
            }
            case Effect.LogKeys(KeyLogEntry.EspKeyEntry key) -> learn(key.key());
            case Effect.InstallChildSa(ChildSaInstallation child) -> {
                learn(child.inboundKey());
                learn(child.outboundKey());
            }
            case Effect.Emit(Event.TicketReceived received) ->
                    learn(received.session().session().secret());
            default -> {}
        }
    }

    private void learn(SecretBytes secret) {
        learn(secret.expose());
    }

    private void learn(byte[] secret) {
        for (int at = 0; at + WINDOW <= secret.length; at += WINDOW) {
            long window = 0;
            for (int i = 0; i < WINDOW; i++) {
                window = window << 8 | (secret[at + i] & 0xff);
            }
            secrets.add(window);
            hints[hint(window) >>> 6] |= 1L << hint(window);
        }
    }

    private static int hint(long window) {
        return (int) (window & 0xffff);
    }

    private void judge(Party sender, Datagram datagram) {
        long window = 0;
        byte[] octets = datagram.octets();
        for (int i = 0; i < octets.length; i++) {
            window = window << 8 | (octets[i] & 0xff);
            int hint = hint(window);
            if (i >= WINDOW - 1 && (hints[hint >>> 6] >>> hint & 1) != 0) {
                require(
                        !secrets.contains(window),
                        sender + " sends a secret at octet " + (i - WINDOW + 1));
            }
        }
    }
}
