package dev.postern.sim.check;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.KeyLogEntry;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.sim.Checker;
import dev.postern.sim.Datagram;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedGateway;
import dev.postern.sim.World;
import dev.postern.ticket.TgsKey;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// No secret is in a datagram: no pre-shared key, password or private key, no TGS key, no key of an
/// IKE SA or Child SA, SK_d neither, no session's resumption secret. Eight octets in a row give one
/// away.
public final class NoSecretsOnTheWire implements Checker {
    private static final int WINDOW = 8;

    private final Set<Long> secrets = new HashSet<>();

    /// A few bits of each secret, so that most octets need no look into the set.
    private final long[] hints = new long[1024];

    /// The TGS keys of each gateway, as they were when it was last looked at.
    private final Map<Party, List<TgsKey>> ticketKeys = new HashMap<>();

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
            if (handled.party() instanceof SimulatedGateway gateway) {
                learn(gateway);
            }
        } else if (happening instanceof Happening.Sent sent
                && sent.party().role() != Party.Role.ATTACKER) {
            judge(sent.party(), sent.datagram());
        }
    }

    private void learn(SimulatedGateway gateway) {
        List<TgsKey> keys = gateway.ticketKeys();
        if (!keys.equals(ticketKeys.put(gateway, keys))) {
            keys.forEach(key -> learn(key.secret()));
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
            case Effect.KeepRecord(StandbyRecord record) -> {
                // SK_d and the keys that come of it.
                learn(record.session().secret());
                learn(record.ikeKeys());
            }
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
