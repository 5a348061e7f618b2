package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.sa.KeyLogEntry;
import dev.postern.sim.Checker;
import dev.postern.sim.Datagram;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.Terms;
import dev.postern.sim.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// No key and nonce seal twice, by anybody, anywhere: not in IKE messages, not in ESP, not in
/// tickets. The same octets again are a retransmission, which only IKE knows. Whatever message or
/// packet is sealed is sealed under a key that its sender has logged, so none escapes this check.
///
/// Of tickets neither key nor nonce is to be seen. But all tickets of a client begin with its
/// identity, so two that were sealed with the same key stream show the same octets.
public final class NonceReuse implements Checker {
    private record IkeKey(Life life, long spiI, long spiR, Use use) {}

    private enum Use {
        INITIATOR,
        RESPONDER,
        RESUME_RESPONSE
    }

    private record EspKey(Life life, int spi) {}

    private record Nonce(Octets key, long iv) {}

    /// The first octets of a ticket that are sealed.
    private record TicketStart(Party client, Octets octets) {
        /// TGS-SPI, version and salt come before them.
        private static final int AT = 25;

        private static final int LENGTH = 16;

        static TicketStart of(Party client, Octets ticket) {
            return new TicketStart(client, ticket.slice(AT, AT + LENGTH));
        }
    }

    private final Map<IkeKey, Octets> ikeKeys = new HashMap<>();

    /// Those under which IKE_INTERMEDIATE goes, which makes the keys of the rest (RFC 9370 section
    /// 2.2.2).
    private final Map<IkeKey, Octets> intermediate = new HashMap<>();

    private final Map<EspKey, Octets> espKeys = new HashMap<>();
    private final Map<Nonce, Octets> sealed = new HashMap<>();
    private final Map<TicketStart, Octets> tickets = new HashMap<>();

    @Override
    public String claim() {
        return "no (key, nonce) seals twice";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.LogKeys(KeyLogEntry entry)) {
                    note(Life.of(handled.party()), entry, world.plan().terms());
                } else if (effect instanceof Effect.Emit(Event.TicketReceived(_, var session))
                        && !session.isReference()) {
                    judge(handled.party(), session.ticket());
                }
            }
        } else if (happening instanceof Happening.Sent sent
                && sent.party().role() != Party.Role.ATTACKER) {
            judge(sent);
        }
    }

    private void note(Life life, KeyLogEntry entry, Terms terms) {
        switch (entry) {
            case KeyLogEntry.IkeKeysEntry keys -> {
                Octets skEi = copy(keys.skEi().expose());
                Octets skEr = copy(keys.skEr().expose());
                if (keys.resumeResponse()) {
                    put(
                            new IkeKey(life, keys.spiI(), keys.spiR(), Use.RESUME_RESPONSE),
                            skEr,
                            false);
                } else {
                    boolean hybrid = terms.isHybrid();
                    put(new IkeKey(life, keys.spiI(), keys.spiR(), Use.INITIATOR), skEi, hybrid);
                    put(new IkeKey(life, keys.spiI(), keys.spiR(), Use.RESPONDER), skEr, hybrid);
                }
            }
            case KeyLogEntry.EspKeyEntry key ->
                    espKeys.put(new EspKey(life, key.spi()), copy(key.key().expose()));
        }
    }

    /// @param hybrid whether a first key may give way to another, once
    private void put(IkeKey name, Octets key, boolean hybrid) {
        Octets known = ikeKeys.put(name, key);
        require(
                known == null
                        || known.equals(key)
                        || (hybrid && intermediate.put(name, known) == null),
                "one pair of SPIs has two keys: " + name);
    }

    private @Nullable Octets keyOf(Protected message, IkeKey name) {
        Octets first = intermediate.get(name);
        return first != null && message.isOf(ExchangeType.IKE_INTERMEDIATE)
                ? first
                : ikeKeys.get(name);
    }

    private static Octets copy(byte[] key) {
        return Octets.of(key.clone());
    }

    private void judge(Party client, Octets ticket) {
        Octets before = tickets.put(TicketStart.of(client, ticket), ticket);
        require(
                before == null || before.equals(ticket),
                "two tickets of " + client + " are sealed under one key and nonce");
    }

    private void judge(Happening.Sent sent) {
        Datagram datagram = sent.datagram();
        if (datagram.isEsp()) {
            EspKey name = new EspKey(Life.of(sent.party()), datagram.word(0));
            Octets key = espKeys.get(name);
            require(key != null, sent.party() + " seals ESP under a key that it has not logged");
            if (key != null) {
                Octets before = sealed.put(new Nonce(key, datagram.doubleWord(8)), Octets.EMPTY);
                require(before == null, sent.party() + " seals two ESP packets under one nonce");
            }
            return;
        }
        Protected message = Protected.read(datagram);
        if (message != null) {
            judge(sent, message);
        }
    }

    private void judge(Happening.Sent sent, Protected message) {
        // Peers whose IKE_SA_INIT was tampered with have different keys under the same SPIs.
        Life life = Life.of(sent.party());
        IkeKey name =
                !message.isOneRoundTripResume()
                        ? new IkeKey(
                                life,
                                message.spiI(),
                                message.datagram().spiR(),
                                message.datagram().isFromInitiator()
                                        ? Use.INITIATOR
                                        : Use.RESPONDER)
                        : message.isResponse()
                                ? new IkeKey(
                                        life,
                                        message.spiI(),
                                        message.datagram().spiR(),
                                        Use.RESUME_RESPONSE)
                                : new IkeKey(life, message.spiI(), 0, Use.INITIATOR);
        Octets key = keyOf(message, name);
        require(key != null, sent.party() + " seals a message under a key that it has not logged");
        if (key != null) {
            Octets octets = Octets.of(sent.datagram().ikeMessage());
            Octets before = sealed.put(new Nonce(key, message.iv()), octets);
            require(
                    before == null || before.equals(octets),
                    sent.party() + " seals two IKE messages under one nonce");
        }
    }
}
