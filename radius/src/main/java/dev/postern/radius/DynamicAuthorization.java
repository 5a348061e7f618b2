package dev.postern.radius;

import dev.postern.crypto.SecretBytes;
import dev.postern.radius.Authenticators.MessageAuthenticator;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The server of Disconnect- and CoA-Requests (RFC 5176). Without I/O; one thread at a time.
///
/// Only listed peers are heard. A request proves itself by its Request Authenticator and a
/// Message-Authenticator, and shows by Event-Timestamp that it is of now; within that window each
/// one is carried out once: the same request again gets the same answer (section 6.3).
public final class DynamicAuthorization {
    /// Requests that are remembered; more within one window are passed over.
    private static final int REMEMBERED = 4096;

    private static final Set<Integer> ALWAYS_FINE =
            Set.of(
                    Attribute.NAS_IDENTIFIER,
                    Attribute.NAS_IP_ADDRESS,
                    Attribute.NAS_IPV6_ADDRESS,
                    Attribute.EVENT_TIMESTAMP,
                    Attribute.MESSAGE_AUTHENTICATOR,
                    Attribute.PROXY_STATE,
                    Attribute.REPLY_MESSAGE,
                    Attribute.ACCT_TERMINATE_CAUSE);

    /// What a CoA-Request can change.
    private static final Set<Integer> CHANGEABLE =
            Set.of(
                    Attribute.SESSION_TIMEOUT,
                    Attribute.IDLE_TIMEOUT,
                    Attribute.ACCT_INTERIM_INTERVAL,
                    Attribute.FILTER_ID);

    private static final Set<Integer> INTEGERS =
            Set.of(
                    Attribute.SESSION_TIMEOUT,
                    Attribute.IDLE_TIMEOUT,
                    Attribute.ACCT_INTERIM_INTERVAL);

    private final Map<InetAddress, SecretBytes> peers;
    private final Nas nas;
    private final long windowSeconds;
    private final Map<Octets, Remembered> remembered = new LinkedHashMap<>();
    private final Map<Refusal, Long> refusals = new EnumMap<>(Refusal.class);

    private static final class Remembered {
        private final InetSocketAddress from;
        private final int identifier;
        private final long until;
        private byte @Nullable [] answer;

        private Remembered(InetSocketAddress from, int identifier, long until) {
            this.from = from;
            this.identifier = identifier;
            this.until = until;
        }
    }

    /// Why a datagram was passed over; also the name under which it is counted.
    public enum Refusal {
        UNKNOWN_PEER,
        MALFORMED,
        WRONG_CODE,
        WRONG_AUTHENTICATOR,
        NO_MESSAGE_AUTHENTICATOR,
        WRONG_MESSAGE_AUTHENTICATOR,
        /// No Event-Timestamp, or one outside the window (RFC 5176 section 3).
        NOT_OF_NOW,
        /// The request of before, from another port or under another identifier.
        REPLAYED,
        TOO_MANY
    }

    /// What is to be done about a datagram.
    public sealed interface Verdict {
        /// Nothing.
        record Passed(Refusal why) implements Verdict {}

        /// Send this back.
        record Reply(byte[] octets) implements Verdict {}

        /// Carry the request out, then [#answer] it.
        record Order(
                Packet request,
                InetSocketAddress from,
                boolean disconnects,
                SessionMatch match,
                Attributes change)
                implements Verdict {}
    }

    /// What carrying a request out came to; the numbers are those of Error-Cause (RFC 5176 section
    /// 3.5).
    public enum Outcome {
        DONE(0),
        UNSUPPORTED_ATTRIBUTE(401),
        MISSING_ATTRIBUTE(402),
        NAS_IDENTIFICATION_MISMATCH(403),
        INVALID_REQUEST(404),
        UNSUPPORTED_SERVICE(405),
        INVALID_ATTRIBUTE_VALUE(407),
        SESSION_CONTEXT_NOT_FOUND(503),
        RESOURCES_UNAVAILABLE(506);

        private final int cause;

        Outcome(int cause) {
            this.cause = cause;
        }
    }

    /// @param peers who may send requests, by address, with the secret shared with each
    /// @param windowSeconds how far Event-Timestamp may be from our clock, either way
    public DynamicAuthorization(Map<InetAddress, SecretBytes> peers, Nas nas, long windowSeconds) {
        this.peers = Map.copyOf(peers);
        this.nas = nas;
        this.windowSeconds = windowSeconds;
    }

    public long refused(Refusal why) {
        return refusals.getOrDefault(why, 0L);
    }

    public Verdict onDatagram(InetSocketAddress from, byte[] datagram, long nowSeconds) {
        Verdict verdict = judge(from, datagram, nowSeconds);
        if (verdict instanceof Verdict.Passed passed) {
            refusals.merge(passed.why(), 1L, Long::sum);
        }
        return verdict;
    }

    private Verdict judge(InetSocketAddress from, byte[] datagram, long nowSeconds) {
        SecretBytes secret = peers.get(from.getAddress());
        if (secret == null) {
            return new Verdict.Passed(Refusal.UNKNOWN_PEER);
        }
        Packet request;
        try {
            request = Packet.decode(datagram);
        } catch (MalformedException malformed) {
            return new Verdict.Passed(Refusal.MALFORMED);
        }
        boolean disconnects = request.code() == Code.DISCONNECT_REQUEST;
        if (!disconnects && request.code() != Code.COA_REQUEST) {
            return new Verdict.Passed(Refusal.WRONG_CODE);
        }
        if (!Authenticators.provesDigestRequest(datagram, secret)) {
            return new Verdict.Passed(Refusal.WRONG_AUTHENTICATOR);
        }
        MessageAuthenticator code = Authenticators.judgeDigestRequest(datagram, secret);
        if (code != MessageAuthenticator.VALID) {
            return new Verdict.Passed(
                    code == MessageAuthenticator.MISSING
                            ? Refusal.NO_MESSAGE_AUTHENTICATOR
                            : Refusal.WRONG_MESSAGE_AUTHENTICATOR);
        }
        long timestamp = request.attributes().integer(Attribute.EVENT_TIMESTAMP);
        if (timestamp < 0 || Math.abs(timestamp - nowSeconds) > windowSeconds) {
            return new Verdict.Passed(Refusal.NOT_OF_NOW);
        }
        return once(request, from, disconnects, nowSeconds, secret);
    }

    private Verdict once(
            Packet request,
            InetSocketAddress from,
            boolean disconnects,
            long nowSeconds,
            SecretBytes secret) {
        forget(nowSeconds);
        Remembered before = remembered.get(request.authenticator());
        if (before != null) {
            boolean same = before.from.equals(from) && before.identifier == request.identifier();
            return same && before.answer != null
                    ? new Verdict.Reply(before.answer.clone())
                    : new Verdict.Passed(Refusal.REPLAYED);
        }
        if (remembered.size() >= REMEMBERED) {
            return new Verdict.Passed(Refusal.TOO_MANY);
        }
        // What is as old as the window allows may come again until it is too old.
        remembered.put(
                request.authenticator(),
                new Remembered(from, request.identifier(), nowSeconds + 2 * windowSeconds));
        Outcome fault = fault(request, disconnects);
        Verdict.Order order =
                new Verdict.Order(
                        request,
                        from,
                        disconnects,
                        new SessionMatch(request.attributes()),
                        change(request, disconnects));
        return fault == Outcome.DONE ? order : new Verdict.Reply(reply(order, fault, secret));
    }

    private Outcome fault(Packet request, boolean disconnects) {
        Attributes attributes = request.attributes();
        if (!nas.isMeantBy(attributes)) {
            return Outcome.NAS_IDENTIFICATION_MISMATCH;
        }
        // Service-Type "Authorize Only" would have us ask the server again (section 3.1).
        if (attributes.has(Attribute.SERVICE_TYPE)) {
            return Outcome.UNSUPPORTED_SERVICE;
        }
        for (Attribute attribute : attributes.list()) {
            int type = attribute.type();
            boolean fine =
                    ALWAYS_FINE.contains(type)
                            || SessionMatch.IDENTIFYING.contains(type)
                            || (!disconnects && CHANGEABLE.contains(type));
            if (!fine) {
                return Outcome.UNSUPPORTED_ATTRIBUTE;
            }
            if (INTEGERS.contains(type) && attribute.value().length() != 4) {
                return Outcome.INVALID_ATTRIBUTE_VALUE;
            }
        }
        if (new SessionMatch(attributes).isEmpty()) {
            return Outcome.MISSING_ATTRIBUTE;
        }
        boolean changesNothing = !disconnects && change(request, false).list().isEmpty();
        return changesNothing ? Outcome.MISSING_ATTRIBUTE : Outcome.DONE;
    }

    private static Attributes change(Packet request, boolean disconnects) {
        return disconnects
                ? Attributes.NONE
                : new Attributes(
                        request.attributes().list().stream()
                                .filter(each -> CHANGEABLE.contains(each.type()))
                                .toList());
    }

    /// The answer to an order that was carried out, or could not be. The same request again gets it
    /// again.
    public byte[] answer(Verdict.Order order, Outcome outcome) {
        SecretBytes secret = peers.get(order.from().getAddress());
        if (secret == null) {
            throw new IllegalArgumentException("an order of a peer that is not listed");
        }
        return reply(order, outcome, secret);
    }

    private byte[] reply(Verdict.Order order, Outcome outcome, SecretBytes secret) {
        List<Attribute> attributes = new ArrayList<>();
        for (Attribute attribute : order.request().attributes().list()) {
            if (attribute.type() == Attribute.PROXY_STATE) {
                attributes.add(attribute);
            }
        }
        if (outcome != Outcome.DONE) {
            attributes.add(Attribute.integer(Attribute.ERROR_CAUSE, outcome.cause));
        }
        byte[] octets =
                Authenticators.response(
                        code(order.disconnects(), outcome),
                        order.request(),
                        new Attributes(attributes),
                        secret);
        Remembered entry = remembered.get(order.request().authenticator());
        if (entry != null) {
            entry.answer = octets.clone();
        }
        return octets;
    }

    private static Code code(boolean disconnects, Outcome outcome) {
        if (outcome == Outcome.DONE) {
            return disconnects ? Code.DISCONNECT_ACK : Code.COA_ACK;
        }
        return disconnects ? Code.DISCONNECT_NAK : Code.COA_NAK;
    }

    private void forget(long nowSeconds) {
        Iterator<Remembered> oldest = remembered.values().iterator();
        while (oldest.hasNext() && oldest.next().until < nowSeconds) {
            oldest.remove();
        }
    }
}
