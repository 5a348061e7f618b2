package dev.postern.wire;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A decoded message: well-formed, not yet trusted.
///
/// @param payloads the payloads in clear text, in order, with [Payload.Encrypted] last where there
///   is one
/// @param octets the whole message as it came, from the header's first octet on (without non-ESP
///   marker)
public record Message(Header header, List<Payload> payloads, Octets octets) {
    public Message {
        payloads = List.copyOf(payloads);
    }

    /// The protected part, or null where the message is in clear text.
    public Payload.@Nullable Encrypted encrypted() {
        return payloads.isEmpty() || !(payloads.getLast() instanceof Payload.Encrypted encrypted)
                ? null
                : encrypted;
    }

    /// The fragment of a protected part, or null where the message carries none (RFC 7383).
    public Payload.@Nullable EncryptedFragment fragment() {
        return payloads.isEmpty()
                        || !(payloads.getLast() instanceof Payload.EncryptedFragment fragment)
                ? null
                : fragment;
    }

    /// The first payload of a type, or null.
    public static <P extends Payload> @Nullable P find(List<Payload> payloads, Class<P> type) {
        for (Payload payload : payloads) {
            if (type.isInstance(payload)) {
                return type.cast(payload);
            }
        }
        return null;
    }

    /// The first notification of a type, or null.
    public static Payload.@Nullable Notify findNotify(List<Payload> payloads, NotifyType type) {
        for (Payload payload : payloads) {
            if (payload instanceof Payload.Notify notify && notify.is(type)) {
                return notify;
            }
        }
        return null;
    }

    /// The first notification that reports an error, or null.
    public static Payload.@Nullable Notify findError(List<Payload> payloads) {
        for (Payload payload : payloads) {
            if (payload instanceof Payload.Notify notify && notify.isError()) {
                return notify;
            }
        }
        return null;
    }

    /// Every notification of a type.
    public static List<Payload.Notify> findNotifies(List<Payload> payloads, NotifyType type) {
        List<Payload.Notify> found = new ArrayList<>();
        for (Payload payload : payloads) {
            if (payload instanceof Payload.Notify notify && notify.is(type)) {
                found.add(notify);
            }
        }
        return found;
    }

    /// The type code of an unknown payload with the critical bit set, or null where there is none
    /// (section 2.5).
    public static @Nullable Integer findUnknownCritical(List<Payload> payloads) {
        for (Payload payload : payloads) {
            if (payload instanceof Payload.Unknown unknown && unknown.critical()) {
                return unknown.typeCode();
            }
        }
        return null;
    }
}
