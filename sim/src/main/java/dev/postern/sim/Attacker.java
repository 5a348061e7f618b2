package dev.postern.sim;

import dev.postern.ike.IkeEndpoint;
import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// Somebody on the path who reads everything, keeps what looks useful, and sends what he likes from
/// any address. He has no keys.
final class Attacker implements Party {
    private static final int KEPT = 48;

    private final Dice dice;
    private final int gateways;
    private final Addresses addresses;
    private final List<Datagram> first = new ArrayList<>();
    private final List<Datagram> ike = new ArrayList<>();
    private final List<Datagram> esp = new ArrayList<>();
    private int heard;

    Attacker(Plan plan) {
        this.dice = Dice.of(plan.seed(), "attacker");
        this.gateways = plan.gateways();
        this.addresses = plan.terms().addresses();
    }

    @Override
    public String name() {
        return "attacker";
    }

    @Override
    public Role role() {
        return Role.ATTACKER;
    }

    @Override
    public int life() {
        return 1;
    }

    @Override
    public @Nullable IkeEndpoint endpoint() {
        return null;
    }

    /// Keeps first messages of exchanges longest: they are worth the most.
    void overhear(Datagram datagram) {
        if (!datagram.isIke()) {
            keep(esp, datagram);
        } else if (datagram.isFirstOfExchange()) {
            keep(first, datagram);
        } else {
            keep(ike, datagram);
        }
    }

    private void keep(List<Datagram> kept, Datagram datagram) {
        heard++;
        if (kept.size() < KEPT) {
            kept.add(datagram);
        } else {
            kept.set(heard % KEPT, datagram);
        }
    }

    private @Nullable Datagram recorded() {
        List<Datagram> pile = dice.permille(500) ? first : dice.flip() ? ike : esp;
        return pile.isEmpty() ? null : dice.pick(pile);
    }

    /// A recorded datagram, as it was or with other addresses.
    @Nullable Datagram replayed() {
        Datagram recorded = recorded();
        if (recorded == null) {
            return null;
        }
        InetSocketAddress from = dice.permille(600) ? recorded.from() : addresses.attacker();
        InetSocketAddress to =
                dice.permille(700) ? recorded.to() : addresses.gateway(dice.below(gateways));
        return recorded.with(from, to);
    }

    /// A datagram of his own making.
    @Nullable Datagram forged() {
        return switch (dice.below(7)) {
            case 0 -> garbage();
            case 1, 2 -> changed();
            case 3 -> answer(NotifyType.TICKET_NACK, Octets.EMPTY);
            case 4 -> answer(NotifyType.COOKIE, Octets.of(dice.octets(17)));
            case 5 -> answer(NotifyType.AUTHENTICATION_FAILED, Octets.EMPTY);
            default -> packet();
        };
    }

    private Datagram garbage() {
        byte[] octets = dice.octets(dice.between(1, 400));
        if (dice.flip() && octets.length > 4) {
            octets[0] = octets[1] = octets[2] = octets[3] = 0;
        }
        return new Datagram(addresses.attacker(), addresses.gateway(dice.below(gateways)), octets);
    }

    private @Nullable Datagram changed() {
        Datagram recorded = recorded();
        if (recorded == null) {
            return null;
        }
        Datagram copy = recorded.with(recorded.from(), recorded.to());
        int changes = dice.between(1, 8);
        for (int i = 0; i < changes; i++) {
            copy.octets()[dice.below(copy.octets().length)] = (byte) dice.below(256);
        }
        return copy;
    }

    /// An unprotected answer to a request that was overheard.
    private @Nullable Datagram answer(NotifyType type, Octets data) {
        if (first.isEmpty()) {
            return null;
        }
        Datagram recorded = dice.pick(first);
        try {
            Message message = MessageCodec.decode(recorded.ikeMessage());
            Header header = message.header();
            if (header.response()) {
                return null;
            }
            byte[] forged =
                    MessageCodec.encode(
                            header.toResponse(), List.of(Payload.Notify.of(type, data)));
            return Datagram.ike(recorded.to(), recorded.from(), forged);
        } catch (MalformedException _) {
            return null;
        }
    }

    /// An ESP packet under an SPI that was overheard, with a sequence number that is still to come.
    private @Nullable Datagram packet() {
        if (esp.isEmpty()) {
            return null;
        }
        Datagram recorded = dice.pick(esp);
        Datagram copy = recorded.with(recorded.from(), recorded.to());
        byte[] octets = copy.octets();
        octets[6] = (byte) dice.below(3);
        octets[7] = (byte) dice.below(256);
        if (dice.flip()) {
            byte[] text = dice.octets(octets.length - 8);
            System.arraycopy(text, 0, octets, 8, text.length);
        }
        return copy;
    }

    /// A recorded first message under another SPIi from another address: an exchange that nobody
    /// will ever finish.
    @Nullable Datagram begun() {
        for (int tried = 0; tried < 4 && !first.isEmpty(); tried++) {
            Datagram recorded = dice.pick(first);
            if (!recorded.isResponse()) {
                Datagram begun = recorded.begunUnder(dice.octets(8));
                InetSocketAddress from =
                        dice.permille(800) ? addresses.stranger(dice.below(5000)) : recorded.from();
                return begun.with(from, addresses.gateway(dice.below(gateways)));
            }
        }
        return null;
    }

    /// When he acts within `forMillis`.
    long instantWithin(int forMillis) {
        return dice.below(1 + forMillis * 1_000_000L);
    }
}
