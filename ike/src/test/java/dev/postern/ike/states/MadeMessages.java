package dev.postern.ike.states;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.PayloadCipher;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Standing;
import dev.postern.ike.sa.IvSequence;
import dev.postern.ike.sa.KeyLogEntry;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Node;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Messages that the peer itself would not send now: answers in clear that anybody can make, and
/// such as are sealed with the IKE SA's keys where they are not due.
final class MadeMessages {
    private static final IvPrefix IVS = new IvPrefix(77, 0);

    private MadeMessages() {}

    /// In the order of the page. Each gives null in a situation where there is no such input.
    static Map<String, Function<Situation, @Nullable Input>> all() {
        Map<String, Function<Situation, @Nullable Input>> all = new LinkedHashMap<>();
        for (NotifyType said : inClear()) {
            all.put(
                    "an answer in clear, " + said,
                    s -> inClear(s, Payload.Notify.of(said, data(said))));
        }
        for (ExchangeType exchange : ExchangeType.values()) {
            all.put("an authentic " + exchange + " request, empty", s -> request(s, exchange));
        }
        all.put("an authentic answer, empty", s -> answer(s, List.of()));
        for (NotifyType said :
                List.of(
                        NotifyType.NO_PROPOSAL_CHOSEN,
                        NotifyType.AUTHENTICATION_FAILED,
                        NotifyType.TEMPORARY_FAILURE,
                        NotifyType.INVALID_SYNTAX,
                        NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD)) {
            all.put(
                    "an authentic answer, " + said,
                    s -> answer(s, List.of(Payload.Notify.of(said, data(said)))));
        }
        return all;
    }

    private static List<NotifyType> inClear() {
        return List.of(
                NotifyType.COOKIE,
                NotifyType.INVALID_KE_PAYLOAD,
                NotifyType.NO_PROPOSAL_CHOSEN,
                NotifyType.REDIRECT,
                NotifyType.TICKET_NACK,
                NotifyType.AUTHENTICATION_FAILED,
                NotifyType.INVALID_SYNTAX,
                NotifyType.INVALID_MAJOR_VERSION,
                NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD,
                NotifyType.TEMPORARY_FAILURE,
                NotifyType.INVALID_IKE_SPI,
                NotifyType.QUICK_CRASH_DETECTION);
    }

    /// What such a notification carries; a crash detection token is nobody's.
    private static Octets data(NotifyType type) {
        if (type == NotifyType.INVALID_KE_PAYLOAD) {
            return Octets.ofHex("0013");
        }
        if (type == NotifyType.REDIRECT) {
            return Octets.ofHex("0104c0000209");
        }
        if (type == NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD) {
            return Octets.ofHex("31");
        }
        boolean carries = type == NotifyType.COOKIE || type == NotifyType.QUICK_CRASH_DETECTION;
        return carries ? Octets.of(new byte[32]) : Octets.EMPTY;
    }

    /// To the newest request that the IKE SA has sent.
    private static @Nullable Input inClear(Situation situation, Payload.Notify said) {
        Datagram asked = newest(situation, true);
        if (asked == null) {
            return null;
        }
        byte[] octets = MessageCodec.encode(asked.header().toResponse(), List.of(said));
        return situation.arriving(octets);
    }

    private static @Nullable Input answer(Situation situation, List<Payload> inner) {
        Datagram asked = newest(situation, true);
        return asked == null ? null : sealed(situation, asked.header().toResponse(), inner);
    }

    /// With the Message ID that is the peer's turn.
    private static @Nullable Input request(Situation situation, ExchangeType exchange) {
        Standing own = situation.own();
        if (own == null) {
            return null;
        }
        Datagram before = newest(situation, false);
        int id = before == null ? 0 : before.header().messageId() + 1;
        long spiI = own.initiator() ? own.localSpi() : own.peerSpi();
        long spiR = own.initiator() ? own.peerSpi() : own.localSpi();
        Header header = new Header(spiI, spiR, exchange, !own.initiator(), false, id);
        return sealed(situation, header, List.of());
    }

    /// The newest request of this IKE SA's own, or of its peer; null for none.
    private static @Nullable Datagram newest(Situation situation, boolean own) {
        for (Datagram datagram : situation.world().carried().reversed()) {
            Header header = datagram.header();
            boolean isOurs = header.spiI() == situation.spi() || header.spiR() == situation.spi();
            boolean sentByUs = datagram.from().equals(situation.node().address());
            if (isOurs && !header.response() && sentByUs == own) {
                return datagram;
            }
        }
        return null;
    }

    /// Null where there are no keys yet.
    private static @Nullable Input sealed(Situation situation, Header header, List<Payload> inner) {
        KeyLogEntry.IkeKeysEntry keys = keys(situation.world().nodes(), header);
        if (keys == null) {
            return null;
        }
        PayloadCipher cipher =
                header.fromInitiator()
                        ? PayloadCipher.of(
                                keys.encryption(),
                                keys.integrity(),
                                keys.skEi().expose().clone(),
                                keys.skAi().expose().clone())
                        : PayloadCipher.of(
                                keys.encryption(),
                                keys.integrity(),
                                keys.skEr().expose().clone(),
                                keys.skAr().expose().clone());
        byte[] octets =
                SkProtection.seal(
                        header,
                        List.of(),
                        inner,
                        cipher,
                        new IvSequence(IVS),
                        situation.node().entropy());
        return situation.arriving(octets);
    }

    private static KeyLogEntry.@Nullable IkeKeysEntry keys(Collection<Node> nodes, Header header) {
        for (Node node : nodes) {
            for (Effect effect : node.effects().reversed()) {
                if (effect instanceof Effect.LogKeys(KeyLogEntry.IkeKeysEntry keys)
                        && keys.spiI() == header.spiI()
                        && keys.spiR() == header.spiR()
                        && !keys.resumeResponse()) {
                    return keys;
                }
            }
        }
        return null;
    }
}
